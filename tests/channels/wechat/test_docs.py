"""docs/channels/wechat.md: every setting, command, metric, reason and code is as the code has it."""

import re

import click
import pytest

from bot.cli import main
from channels.wechat.errors import TABLE
from core import metrics
from core.settings import ROOT, Settings
from core.wechat_settings import AccountSettings

TEXT = (ROOT / "docs" / "channels" / "wechat.md").read_text()
SOURCES = [p.read_text() for p in (ROOT / "channels" / "wechat").glob("*.py")]


def section(title):
    found = re.search(rf"^##+ {title}\n(.*?)(?=^##+ |\Z)", TEXT, re.M | re.S)
    assert found, title
    return found[1]


def rows(title):
    """The cells of a section's tables, without their heads."""
    tables = re.findall(r"(?:^ *\|.*\n?)+", section(title), re.M)
    lines = [line for table in tables for line in table.strip().splitlines()[2:]]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("name", [n for n in Settings.__fields__ if n.startswith("wechat_")])
def test_every_setting_stands_in_the_table(name):
    settings = [
        one for row in rows("From an empty account to a working one") for one in named(row[0])
    ]
    assert f"ONESTOP_{name.upper()}" in settings


def test_every_setting_that_is_named_is_one():
    names = set(re.findall(r"ONESTOP_([A-Z_]+)", TEXT))
    assert {name.lower().removesuffix("_file") for name in names} <= set(Settings.__fields__)


def test_the_fields_of_a_list_of_accounts_are_named():
    listed = re.search(
        r"JSON list of objects with the same fields in small letters \((.*?)\)", TEXT
    )
    assert {*named(listed[1]), "name"} == set(AccountSettings.__fields__)


def test_every_command_is_one():
    found = re.findall(r"onestop ([a-z]+(?: (?:list|retry|drop|wechat))?)", TEXT)
    assert {"simulate wechat", "outbox list", "outbox retry", "outbox drop", "serve"} <= set(found)
    for words in found:
        command = main
        for word in words.split():
            command = command.get_command(click.Context(command), word)
            assert command, words


def test_every_option_is_one():
    known = {option for one in main.commands["simulate"].commands["wechat"].params
             for option in one.opts}  # fmt: skip
    assert set(re.findall(r"(?<!-)--[a-z][a-z-]+", TEXT)) <= known


def test_every_metric_is_one():
    shown = metrics.exposition().decode()
    for name in set(re.findall(r"onestop_channel_\w+", TEXT)):
        assert f"# TYPE {name} counter" in shown or f"# TYPE {name[:-6]} counter" in shown
        assert name.endswith("_total")


def test_the_reasons_are_those_of_the_code():
    reasons = {reason for text in SOURCES for reason in re.findall(r'Refused\("(\w+)"\)', text)}
    assert len(reasons) > 10
    told = [reason for row in rows("Why a push was refused") for reason in named(row[0])]
    assert sorted(told) == sorted(reasons)


def test_the_words_and_codes_are_those_of_the_code():
    of_words = {}
    for code, meant in TABLE.items():
        if meant.verdict.reason:
            of_words.setdefault(meant.verdict.reason, []).append(code)
    told = {}
    for row in rows("What the platform refuses"):
        words, codes = named(row[0]), [int(code) for code in row[1].split(", ")]
        told.update(
            {words[0]: codes} if len(words) == 1 else {w: [c] for w, c in zip(words, codes)}
        )
    assert told == of_words


def test_how_long_an_account_rests_is_as_the_code_has_it():
    said = {60: "rests a minute", 600: "rests 10 minutes", 3600: "rests an hour"}
    does = {word: row[2] for row in rows("What the platform refuses") for word in named(row[0])}
    for meant in TABLE.values():
        if meant.rest_s:
            assert said[meant.rest_s] in does[meant.verdict.reason]
        if meant.verdict.fate == "dead" and not meant.verdict.reason.startswith("typing"):
            expected = "remembers" if meant.verdict.reason == "opted_out" else "dead letter"
            assert expected in does[meant.verdict.reason]

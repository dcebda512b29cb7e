"""docs/identity.md: every threat has something that stops it, and a test that exists."""

import re
from typing import get_args

import pytest

from actions.identity.audit import Event
from core.settings import ROOT

TEXT = (ROOT / "docs" / "identity.md").read_text()


def threats():
    table = TEXT.partition("## Threats")[2].partition("## For operators")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def test_the_table_has_no_empty_cell():
    rows = threats()
    assert len(rows) > 20
    assert all(len(row) == 3 for row in rows)
    assert all(re.search(r"[A-Za-z]{3}", cell) for row in rows for cell in row)


@pytest.mark.parametrize("row", threats(), ids=lambda row: row[0][:40])
def test_the_tests_of_a_threat_exist(row):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[2])
    assert named
    for path, name in named:
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text(), re.M), name


def test_every_attack_on_the_whole_stands_in_the_table():
    path = "tests/browser/test_sign_in_attacks.py"
    played = set(re.findall(r"^def (test_\w+)\(", (ROOT / path).read_text(), re.M))
    named = {name for row in threats() for name in re.findall(rf"`{path}::(\w+)`", row[2])}
    assert played == named and len(played) > 10


def test_the_events_are_those_of_the_code():
    assert " ".join(get_args(Event)) in TEXT

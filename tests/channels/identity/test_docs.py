"""docs/identity.md: every threat has something that stops it, and a test that exists."""

import re

import pytest

from core.settings import ROOT

TEXT = (ROOT / "docs" / "identity.md").read_text()


def threats():
    table = TEXT.partition("## Threats")[2].partition("## For operators")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def test_the_table_has_no_empty_cell():
    rows = threats()
    assert len(rows) > 20
    assert all(len(row) == 3 and all(row) for row in rows)


@pytest.mark.parametrize("row", threats(), ids=lambda row: row[0][:40])
def test_the_tests_of_a_threat_exist(row):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[2])
    assert named
    for path, name in named:
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text(), re.M), name


def test_the_events_and_settings_are_those_of_the_code():
    from typing import get_args

    from actions.identity.audit import Event

    assert " ".join(get_args(Event)) in TEXT

"""Every setting stands in a table of the README or of the docs, and every name there is a setting."""

import re

import pytest

from core.settings import PREFIX, ROOT, Settings

PAGES = {path.relative_to(ROOT): path.read_text() for path in
         [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]}  # fmt: skip


def names_in(text):
    """The settings that a text names, in the small letters of their fields."""
    return {name.lower() for name in re.findall(rf"`{PREFIX}([A-Z_]*[A-Z])\b", text)}


def in_tables():
    """The settings that stand in the first cell of some row."""
    rows = [line for text in PAGES.values() for line in text.splitlines()]
    return {name for row in rows if row.lstrip().startswith("|")
            for name in names_in(row.split("|")[1])}  # fmt: skip


@pytest.mark.parametrize("name", Settings.__fields__)
def test_a_setting_is_explained(name):
    assert name in in_tables()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_what_a_page_names_is_a_setting(page):
    named = {name.removesuffix("_file") for name in names_in(PAGES[page])}
    assert named <= set(Settings.__fields__)

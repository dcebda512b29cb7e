"""Bare numbers: the day of a month where a day is asked, an hour where a time is."""

from datetime import date

import pytest

from actions.appointments.bare import bare_number

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text, day",
    [("30", "2026-11-30"), ("23", "2026-12-23"), (" ３１ ", "2026-12-31"), ("1", "2026-12-01")],
)
def test_a_day_is_the_next_of_that_number(text, day):
    assert bare_number("date", text, TODAY) == {"entity": "date", "value": day}


@pytest.mark.parametrize(
    "text, hour, other",
    [
        ("9", "09:00", ["21:00"]),
        ("10", "10:00", ["22:00"]),
        ("12", "12:00", []),
        ("15", "15:00", []),
    ],
)
def test_an_hour_up_to_twelve_may_be_of_either_half(text, hour, other):
    found = bare_number("time", text, TODAY)
    assert (found["value"], found["alternatives"]) == (hour, other)


@pytest.mark.parametrize(
    "asked, text",
    [("date", "0"), ("date", "32"), ("date", "123"), ("date", "30號"), ("time", "24"),
     ("name", "10"), (None, "10"), ("time", "")],
)  # fmt: skip
def test_anything_else_is_none(asked, text):
    assert bare_number(asked, text, TODAY) is None

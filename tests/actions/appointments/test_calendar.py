from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.appointments.calendar import SlotKey, pattern_capacity, slot_key, slot_named
from core.clock import LOCAL
from tests.actions.appointments.conftest import pattern

IDS = st.from_regex("[a-z0-9_]{1,64}", fullmatch=True)
MINUTES = st.datetimes(datetime(2020, 1, 1), datetime(2999, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=LOCAL)
)


def test_a_name_says_which_slot():
    key = SlotKey("sheung_wan", "hkid", datetime(2026, 11, 30, 9, 0, tzinfo=LOCAL))
    assert key.name == "sheung_wan/hkid/20261130T0100Z"


@given(IDS, IDS, MINUTES)
def test_a_slot_is_found_by_its_name(centre, permit, starts_at):
    key = SlotKey(centre, permit, starts_at)
    assert slot_key(key.name) == key


@given(st.text() | st.from_regex(r"[a-z]+/[a-z]+/\d{8}T\d{4}Z"))
def test_other_names_are_none(text):
    key = slot_key(text)
    assert key is None or key.name == text


@pytest.mark.parametrize(
    "starts_at, capacity",
    [
        (datetime(2026, 5, 5, 9, 0, tzinfo=LOCAL), 2),
        (datetime(2026, 5, 5, 1, 0, tzinfo=timezone.utc), 2),  # the same moment
        (datetime(2026, 5, 5, 9, 1, tzinfo=LOCAL), 0),
        (datetime(2026, 5, 9, 9, 0, tzinfo=LOCAL), 0),  # Saturday
    ],
)
def test_the_pattern_is_asked_for_the_day_of_hong_kong(starts_at, capacity):
    assert pattern_capacity(pattern, SlotKey("sheung_wan", "hkid", starts_at)) == capacity


def test_the_day_is_that_of_hong_kong_also_before_eight():
    early = datetime(2026, 5, 4, 17, 30, tzinfo=timezone.utc)  # half past one, the next morning
    asked = []
    pattern_capacity(lambda *which: asked.append(which) or [], SlotKey("a", "b", early))
    assert [str(day) for _, _, day in asked] == ["2026-05-05"]


def test_a_name_that_was_not_given_here_is_a_defect():
    name = "sheung_wan/hkid/20261130T0100Z"
    assert slot_named(name) == slot_key(name)
    with pytest.raises(ValueError, match="not the name of a slot"):
        slot_named(f"{name}/")

"""Hours, slots and bookable days: ordinary days, Lunar New Year, adjusted Saturdays and Sundays."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.appointments.opening import (
    Closed,
    Open,
    bookable_days,
    bookable_range,
    opening_day,
    slots_of,
)
from actions.appointments.public_holidays import is_work_day
from core.clock import LOCAL
from tests.actions.appointments.made import centre, opening, rules

MORNING, AFTERNOON = opening("09:00", "10:00"), opening("14:00", "15:00", capacity=2)
SUNDAY = opening("10:00", "11:00", days=frozenset([6]))
SIDES = st.sampled_from(["hong_kong", "macao", "mainland"])
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def test_the_hours_of_a_day_come_earliest_first():
    one = centre(openings=(AFTERNOON, MORNING))
    assert opening_day(one, date(2026, 11, 23)) == Open((MORNING, AFTERNOON))


def test_a_weekday_on_which_the_centre_is_always_closed():
    assert opening_day(centre(), date(2026, 11, 22)) == Closed()


@pytest.mark.parametrize("day", [17, 18, 19])
def test_lunar_new_year_in_hong_kong(day):
    closed = opening_day(centre(), date(2026, 2, day))
    assert isinstance(closed, Closed)
    assert closed.holiday.zh_hant.startswith("農曆年初")


def test_the_day_after_the_holidays_of_one_side_is_a_holiday_of_the_other():
    assert isinstance(opening_day(centre(), date(2026, 2, 20)), Open)
    closed = opening_day(centre(side="mainland"), date(2026, 2, 20))
    assert closed.holiday.zh_hans == "春节"


def test_a_centre_that_is_open_on_holidays():
    one = centre(open_on_holidays=True)
    assert opening_day(one, date(2026, 2, 17)) == Open(one.openings)


def test_a_sunday_on_which_a_centre_is_open_and_one_that_is_a_holiday():
    one = centre(openings=(SUNDAY,))
    assert opening_day(one, date(2026, 11, 22)) == Open((SUNDAY,))
    assert opening_day(one, date(2026, 10, 18)).holiday.en == "Chung Yeung Festival"


def test_a_holiday_on_a_day_that_is_closed_anyway_is_not_the_reason():
    assert opening_day(centre(), date(2026, 4, 4)) == Closed()


@pytest.mark.parametrize("day", [date(2026, 9, 20), date(2026, 10, 10)])  # a Sunday, a Saturday
def test_an_adjusted_work_day_has_the_hours_of_a_monday(day):
    one = centre(side="mainland", openings=(MORNING, SUNDAY))
    assert opening_day(one, day) == Open((MORNING,), adjusted=True)
    assert opening_day(centre(), day) == Closed()


def test_slots_begin_in_local_time_and_have_the_seats_of_their_hours():
    one = centre(openings=(MORNING, AFTERNOON))
    day = date(2026, 11, 23)
    assert slots_of(one, "card", day) == tuple(
        (datetime.combine(day, time.fromisoformat(at), LOCAL), seats)
        for at, seats in [("09:00", 4), ("09:30", 4), ("14:00", 2), ("14:30", 2)]
    )
    assert slots_of(one, "card", day)[0][0].utcoffset() == timedelta(hours=8)


def test_there_are_no_slots_for_another_permit_or_on_a_closed_day():
    assert slots_of(centre(), "visa", date(2026, 11, 23)) == ()
    assert slots_of(centre(), "card", date(2026, 11, 22)) == ()


@pytest.mark.parametrize(
    "side, today, first, last",
    [
        # Sunday: the first working day is Monday, the fifth Friday
        ("hong_kong", date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 27)),
        ("hong_kong", date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 4)),
        # before Lunar New Year: 17 to 19 February are holidays, the weekend follows on the 20th
        ("hong_kong", date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 26)),
        # the Mainland rests from the 15th to the 23rd and works on Saturday the 14th and the 28th
        ("mainland", date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 27)),
        ("mainland", date(2026, 2, 14), date(2026, 2, 24), date(2026, 2, 28)),
    ],
)
def test_lead_time_and_window_count_working_days(side, today, first, last):
    assert bookable_range(rules(), centre(side=side), today) == (first, last)


def test_bookable_days_are_the_open_ones():
    one = centre(openings=(opening(days=frozenset([4, 5])),))  # Fridays and Saturdays
    found = bookable_days(rules(lead_days=1, window_days=10), one, date(2026, 11, 22))
    assert found == (date(2026, 11, 27), date(2026, 11, 28), date(2026, 12, 4))


def test_with_no_lead_time_today_can_be_booked():
    found = bookable_days(rules(lead_days=0, window_days=1), centre(), date(2026, 11, 23))
    assert found == (date(2026, 11, 23), date(2026, 11, 24))


@given(SIDES, DAYS, st.integers(0, 10), st.integers(1, 100))
@settings(max_examples=100, deadline=None)
def test_whatever_the_day_and_the_rules(side, today, lead, window):
    one, given_rules = centre(side=side), rules(lead_days=lead, window_days=window)
    first, last = bookable_range(given_rules, one, today)
    between = [today + timedelta(days=i) for i in range(1, (max(first, last) - today).days + 1)]
    assert sum(is_work_day(side, day) for day in between if day <= first) == lead
    assert sum(is_work_day(side, day) for day in between if day <= last) == window
    for day in bookable_days(given_rules, one, today):
        assert first <= day <= last
        assert slots_of(one, "card", day)


@given(SIDES, DAYS)
@settings(max_examples=200, deadline=None)
def test_a_day_is_open_or_says_why_not(side, day):
    found = opening_day(centre(side=side), day)
    if isinstance(found, Open):
        assert is_work_day(side, day)
        assert found.adjusted == (day.weekday() >= 5)
    else:
        assert not is_work_day(side, day)
        assert (found.holiday is None) == (day.weekday() >= 5)

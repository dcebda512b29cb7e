"""Days and hours that people wish for, from the entities of their messages."""

from datetime import date, datetime, time

import pytest

from actions.appointments import wish
from actions.appointments.wish import UnreadableDay, Wish

D30, D4 = date(2026, 11, 30), date(2026, 12, 4)


def entity(name, value, **more):
    return {"entity": name, "value": value, **more}


def test_nothing_is_wished_for():
    assert wish.heard([]) is None
    assert wish.heard([entity("permit", "permit:hkid")]) is None
    assert wish.heard([entity("date", "2026-11-30", rejected=True)]) is None


def test_one_day_and_hour():
    found = wish.heard([entity("date", "2026-11-30"), entity("time", "15:00")])
    assert (found.one_day, found.start, found.exact) == (D30, time(15), True)
    assert found.fits(datetime(2026, 11, 30, 15))
    assert not found.fits(datetime(2026, 11, 30, 15, 30))


@pytest.mark.parametrize(
    "entities",
    [[entity("date", "2026-11-30..2026-12-04")],
     [entity("date", "2026-11-30"), entity("date", "2026-12-04", link="to")]],
)  # fmt: skip
def test_ranges_of_days(entities):
    found = wish.heard(entities)
    assert (found.first, found.last, found.one_day) == (D30, D4, None)


def test_bounds():
    after = wish.heard([entity("date", "2026-11-30", bound="after")])
    before = wish.heard([entity("date", "2026-11-30", bound="before")])
    assert (after.first, after.last) == (D30, date.max)
    assert (before.first, before.last) == (date.min, D30)
    late = wish.heard([entity("time", "15:00", bound="after")])
    early = wish.heard([entity("time", "10:00", bound="before")])
    assert [late.fits(datetime(2026, 1, 1, hour)) for hour in (14, 15, 17)] == [False, True, True]
    assert [early.fits(datetime(2026, 1, 1, hour)) for hour in (9, 10)] == [True, False]


def test_between_two_hours():
    found = wish.heard([entity("time", "10:00"), entity("time", "12:00", link="to")])
    fitting = [hour for hour in range(9, 14) if found.fits(datetime(2026, 1, 1, hour))]
    assert fitting == [10, 11]


@pytest.mark.parametrize("part, hours", [("morning", [9, 11]), ("afternoon", [14, 17])])
def test_parts_of_the_day(part, hours):
    found = wish.heard([entity("time", part)])
    assert [hour for hour in (9, 11, 14, 17) if found.fits(datetime(2026, 1, 1, hour))] == hours


def test_what_is_ambiguous_is_handed_back():
    day = entity("date", "2026-11-25", doubts=["week"], alternatives=["2026-12-02 15:00"])
    hour = entity("time", "03:00", doubts=["meridiem"], alternatives=["15:00"])
    found = wish.heard([day, hour])
    assert found.days_meant == (date(2026, 11, 25), date(2026, 12, 2))
    assert found.times_meant == (time(3), time(15))


def test_after_three_is_in_the_afternoon():
    hour = entity("time", "03:00", doubts=["meridiem"], alternatives=["15:00"], bound="after")
    found = wish.heard([hour])
    assert (found.start, found.exact, found.times_meant) == (time(15), False, ())


@pytest.mark.parametrize("kind, invalid", [("invalid", True), ("unknown", False)])
def test_a_day_that_is_none(kind, invalid):
    with pytest.raises(UnreadableDay) as raised:
        wish.heard([entity("date", None, kind=kind)])
    assert raised.value.invalid is invalid


def test_the_earliest():
    found = wish.heard([entity("date", None, kind="earliest")])
    assert found.earliest
    assert found.has_day


def test_a_wish_comes_back_as_it_was_kept():
    for made in (
        Wish(),
        Wish(first=D30, last=D4, start=time(9), end=time(12), earliest=True),
        Wish(start=time(15), exact=True, days_meant=(D30, D4), times_meant=(time(3), time(15))),
    ):
        assert Wish.of(made.as_dict()) == made


def test_a_wish_may_keep_the_time_of_another():
    assert wish.on(D30).with_time_of(wish.at("09:30")) == Wish(
        first=D30, last=D30, start=time(9, 30), exact=True
    )

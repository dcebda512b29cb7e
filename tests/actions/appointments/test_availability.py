"""What is offered: the pattern of this moment, less what is taken, and what staff have opened."""

import gc
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event

from actions.appointments.book import SeatTaken
from actions.appointments.calendar import SlotKey
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Query
from actions.appointments.staff import open_slots
from actions.appointments.tables import SLOTS
from core.clock import LOCAL
from core.database import transaction
from core.errors import OneStopError
from tests.actions.appointments.conftest import pattern

BOTH = ("sheung_wan", "mong_kok")
MONDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 8)


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), LOCAL)


def query(centres=BOTH, first=MONDAY, last=FRIDAY, limit=64):
    return Query("hkid", centres, first, last, limit)


async def fill(book, clock, slot, seats=2):
    for n in range(seats):
        await book.hold(slot.id, f"{slot.id} {n}", clock.later(minutes=10))


async def test_an_untouched_calendar_is_that_of_the_pattern(book):
    found = await book.free(query())
    assert len(found) == 2 * 2 * 4  # Monday has begun
    assert [(slot.starts_at, slot.centre, slot.free) for slot in found[:3]] == [
        (at(date(2026, 5, 5), 9), "sheung_wan", 2),
        (at(date(2026, 5, 5), 9), "mong_kok", 2),
        (at(date(2026, 5, 5), 9, 30), "sheung_wan", 2),
    ]
    assert [slot.starts_at for slot in found] == sorted(slot.starts_at for slot in found)
    assert all(slot.id == SlotKey(slot.centre, slot.permit, slot.starts_at).name for slot in found)


async def test_the_query_bounds_what_is_found(book):
    assert await book.free(query(centres=())) == []
    assert await book.free(query(first=FRIDAY, last=MONDAY)) == []
    assert await book.free(query(last=date(2026, 5, 3))) == []
    friday = await book.free(query(first=FRIDAY))
    assert {slot.starts_at.date() for slot in friday} == {FRIDAY}
    assert len(await book.free(query(limit=3))) == 3
    weeks = await book.free(query(last=date(2026, 6, 5), limit=1000))
    assert len(weeks) == 4 * 24
    assert len({slot.id for slot in weeks}) == len(weeks)


async def test_full_days_are_passed_over(book, clock):
    for slot in await book.free(query(last=date(2026, 5, 7))):
        await fill(book, clock, slot)
    found = await book.free(query(limit=2))
    assert [slot.starts_at for slot in found] == [at(FRIDAY, 9)] * 2


async def test_an_hour_that_has_come_is_not_offered(book, clock):
    clock.now = at(FRIDAY, 9)
    assert [slot.starts_at for slot in await book.free(query(BOTH[:1]))] == [at(FRIDAY, 9, 30)]


async def test_staff_open_slots_beyond_the_pattern(book, clock, engine):
    saturday = date(2026, 5, 9)
    extra = [SlotKey("sheung_wan", "hkid", at(saturday, hour)) for hour in (10, 8)]
    open_slots(engine, extra, 1, clock.now)
    found = await book.free(query(first=saturday, last=saturday))
    assert [(slot.starts_at.hour, slot.free) for slot in found] == [(8, 1), (10, 1)]
    await fill(book, clock, found[0], seats=1)
    assert len(await book.free(query(first=saturday, last=saturday))) == 1


async def test_staff_set_the_seats_of_a_slot_of_the_pattern(book, clock, engine):
    first = (await book.free(query()))[0]
    await fill(book, clock, first, seats=1)
    open_slots(engine, [SlotKey(first.centre, "hkid", first.starts_at)], 5, clock.now)
    found = await book.free(query())
    assert (found[0].id, found[0].free) == (first.id, 4)
    assert len({slot.id for slot in found}) == len(found)


async def test_staff_take_nobodys_seat_but_those_of_ended_holds(book, clock, engine):
    first = (await book.free(query()))[0]
    key = SlotKey(first.centre, "hkid", first.starts_at)
    await fill(book, clock, first)
    with pytest.raises(OneStopError, match="more than 1 seats are taken"):
        open_slots(engine, [key], 1, clock.now)
    clock.turn(minutes=10)
    open_slots(engine, [key], 1, clock.now)
    assert (await book.free(query()))[0].free == 1


@pytest.mark.parametrize("seats, free, more", [(3, 2, True), (1, 0, False), (0, 0, False)])
async def test_a_changed_pattern_holds_for_slots_that_are_touched(
    book, clock, engine, vault, check_seats, seats, free, more
):
    first = (await book.free(query()))[0]
    await fill(book, clock, first, seats=1)

    def changed(*which):
        return [(starts_at, seats) for starts_at, _ in pattern(*which) if seats]

    later = LocalBook(engine, changed, vault, clock, demo=True)
    found = {slot.id: slot.free for slot in await later.free(query())}
    assert found.get(first.id, 0) == free
    if more:
        assert (await later.hold(first.id, "x", clock.later(minutes=10))).free == free - 1
    else:
        with pytest.raises(SeatTaken):
            await later.hold(first.id, "x", clock.later(minutes=10))
    check_seats()


async def test_a_day_with_free_slots_costs_two_statements(book, engine):
    said = []
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    await book.free(query(first=FRIDAY, limit=4))
    assert len([statement for statement in said if "FROM" in statement]) == 2


async def test_a_search_among_thousands_does_not_call_the_collector_of_garbage(
    engine, vault, clock
):
    """A whole collection takes longer than the search; it comes after so many small ones."""
    centres = tuple(f"centre_{n}" for n in range(40))
    times = [at(FRIDAY, 9) + timedelta(minutes=10 * n) for n in range(50)]
    values = {"permit": "hkid", "capacity": 2, "taken": 2, "opened": False}
    with transaction(engine) as connection:
        keys = [SlotKey(centre, "hkid", starts_at) for centre in centres for starts_at in times]
        connection.execute(SLOTS.insert(), [
            {**values, "id": key.name, "centre": key.centre, "starts_at": key.starts_at}
            for key in keys
        ])  # fmt: skip
    offered = [(starts_at, 2) for starts_at in times] + [(at(FRIDAY, 18), 2)]
    book = LocalBook(engine, lambda *_: offered, vault, clock, demo=True)
    friday = query(centres, first=FRIDAY, last=FRIDAY)
    assert len(await book.free(friday)) == len(centres)  # the statements are compiled with that
    collections = []
    gc.collect()
    gc.callbacks.append(lambda phase, _info: collections.append(phase))
    try:
        await book.free(friday)
    finally:
        gc.callbacks.pop()
    assert collections.count("start") <= 2

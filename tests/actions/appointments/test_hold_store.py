"""Holds that have ended, and people who swap seats at the same moment."""

import threading
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from actions.appointments.book import BookUnavailable
from actions.appointments.calendar import SlotKey
from actions.appointments.hold_store import HoldStore
from actions.appointments.tables import APPOINTMENTS
from actions.appointments.transactions import in_transaction
from core.clock import LOCAL
from tests.actions.appointments.conftest import NOW, pattern

NINE, HALF_PAST = (
    SlotKey("sheung_wan", "hkid", datetime(2026, 5, 5, 9, minute, tzinfo=LOCAL))
    for minute in (0, 30)
)


@pytest.fixture
def holds(engine):
    return HoldStore(engine, pattern)


def in_minutes(minutes):
    return NOW + timedelta(minutes=minutes)


def test_a_sweep_ends_all_holds_whose_time_is_over(holds, engine, check_seats):
    for key, slot, minutes in (
        ("a", NINE, 5), ("b", NINE, 6), ("c", HALF_PAST, 5), ("d", HALF_PAST, 20),
    ):  # fmt: skip
        holds.hold(slot, key, in_minutes(minutes), NOW)
    assert holds.sweep(in_minutes(4)) == 0
    assert holds.sweep(in_minutes(5)) == 2
    assert check_seats() == 2
    assert holds.sweep(in_minutes(10)) == 1
    assert holds.sweep(in_minutes(10)) == 0
    assert check_seats() == 1
    with engine.connect() as connection:
        found = connection.execute(select(APPOINTMENTS.c.key, APPOINTMENTS.c.status)).all()
    assert dict(found) == {"a": "expired", "b": "expired", "c": "expired", "d": "held"}


def together(*works):
    """Runs each in a thread; returns what went wrong."""
    faults = []
    start = threading.Barrier(len(works))

    def run(work):
        start.wait()
        try:
            work()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_people_who_swap_seats_do_not_stop_each_other(holds, check_seats):
    """On PostgreSQL they wait for each other's rows; the one that is undone tries again."""

    def swap(key, *slots):
        for n in range(6):
            holds.hold(slots[n % 2], key, in_minutes(10), NOW)

    assert together(lambda: swap("a", NINE, HALF_PAST), lambda: swap("b", HALF_PAST, NINE)) == []
    assert check_seats() == 2


def test_a_deadlock_is_undone_and_done_again(engine, holds, check_seats):
    for slot, key in ((NINE, "a"), (HALF_PAST, "b")):
        holds.hold(slot, key, in_minutes(10), NOW)
    runs = []
    both = threading.Barrier(2, timeout=5)

    def change(first, second):
        def work(connection):
            runs.append(first)
            for key in (first, second):
                row = APPOINTMENTS.c.key == key
                moved = APPOINTMENTS.c.changes + 1
                connection.execute(APPOINTMENTS.update().where(row).values(changes=moved))
                if len(runs) <= 2 and engine.dialect.name == "postgresql":
                    with suppress(threading.BrokenBarrierError):
                        both.wait()

        in_transaction(engine, work)

    assert together(lambda: change("a", "b"), lambda: change("b", "a")) == []
    with engine.connect() as connection:
        changes = connection.execute(select(APPOINTMENTS.c.changes)).scalars().all()
    assert changes == [2, 2]
    if engine.dialect.name == "postgresql":
        assert len(runs) > 2


def test_what_goes_on_failing_is_said_to(engine):
    from psycopg2.errors import DeadlockDetected
    from sqlalchemy.exc import OperationalError

    class Deadlock(DeadlockDetected):
        pgcode = "40P01"

    runs = []

    def work(connection):
        runs.append(connection)
        raise OperationalError("UPDATE", {}, Deadlock())

    with pytest.raises(BookUnavailable):
        in_transaction(engine, work)
    assert len(runs) == 5


def test_a_defect_is_not_taken_for_an_outage(engine):
    def work(connection):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_transaction(engine, work)

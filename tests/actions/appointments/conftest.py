"""A calendar of two centres on both databases, with a clock that the tests turn."""

from datetime import datetime, time, timedelta, timezone

import pytest
from sqlalchemy import func, select

from actions.appointments.local_book import LocalBook
from actions.appointments.model import Applicant, Booking
from actions.appointments.tables import APPOINTMENTS, SEATED, SLOTS
from core.clock import LOCAL
from core.vault import Vault, make_keys

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=timezone.utc)
DOCUMENT, PHONE = "H12345678", "+85291234567"
KEYS = make_keys()


def pattern(centre, permit, day):
    """Two seats at 9:00 and at 9:30 from Monday to Friday, in Sheung Wan and in Mong Kok."""
    if centre not in ("sheung_wan", "mong_kok") or day.weekday() > 4:
        return []
    return [(datetime.combine(day, time(9, minute), LOCAL), 2) for minute in (0, 30)]


def booking(document=DOCUMENT, phone=PHONE, **more):
    return Booking("renewal", "hong_kong", Applicant("陳大文", document, phone), **more)


class Clock:
    """Stands still until it is turned."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def turn(self, **by):
        self.now += timedelta(**by)

    def later(self, **by):
        return self.now + timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def vault():
    return Vault(KEYS, "f" * 43)


@pytest.fixture
def book(engine, vault, clock):
    return LocalBook(engine, pattern, vault, clock, demo=True)


@pytest.fixture
def check_seats(engine):
    """Holds the books against each other: the seats that are taken and who has them."""

    def check():
        live = select(APPOINTMENTS.c.slot, func.count()).where(SEATED)
        with engine.connect() as connection:
            slots = connection.execute(select(SLOTS)).all()
            owners = dict(connection.execute(live.group_by(APPOINTMENTS.c.slot)).all())
        assert {slot.id: slot.taken for slot in slots if slot.taken} == owners
        assert all(0 <= slot.taken <= slot.capacity for slot in slots)
        return sum(owners.values())

    return check

"""The calendar under load: 200 centres, 90 days, 16 times a day, 10 seats each."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import cache
from typing import Sequence, Tuple

from sqlalchemy.engine import Engine

from actions.appointments.calendar import SlotKey
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Applicant, Booking
from core.clock import LOCAL
from core.database import METADATA, transaction
from core.vault import Vault

#: Seats of each time.
SEATS = 10
CENTRES = [f"centre_{n}" for n in range(200)]
DAYS, PERMIT = 90, "hkid"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=LOCAL)
FIRST = NOW.date() + timedelta(days=1)
WANTED = SlotKey("centre_0", PERMIT, datetime.combine(FIRST, clock_time(9), LOCAL))


@cache
def times(day: date) -> Sequence[Tuple[datetime, int]]:
    """Sixteen times a day from nine o'clock, with the seats that are contended for."""
    nine = datetime.combine(day, clock_time(9), LOCAL)
    return [(nine + timedelta(minutes=30 * n), SEATS) for n in range(16)]


def pattern(_centre: str, _permit: str, day: date) -> Sequence[Tuple[datetime, int]]:
    """The same in every centre, for every permit."""
    return times(day)


def make_book(engine: Engine, keys: str) -> LocalBook:
    return LocalBook(engine, pattern, Vault(keys, "f" * 43), lambda: NOW, demo=True)


def booking(number: int) -> Booking:
    applicant = Applicant("CHAN TAI MAN", f"H{number:08}", "+85291234567", date(1960, 2, 29))
    return Booking("renewal", "hong_kong", applicant)


def empty(engine: Engine) -> None:
    with transaction(engine) as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())

"""Transactions of the local calendar: made again when the database undid them to help others."""

from typing import Callable, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from actions.appointments.book import BookUnavailable
from core.database import transaction

#: PostgreSQL ended a deadlock, or a clash of two, by undoing this one.
_UNDONE = ("40P01", "40001")
_ATTEMPTS = 5

T = TypeVar("T")


def in_transaction(engine: Engine, work: Callable[[Connection], T], durable: bool = True) -> T:
    """Returns what ``work`` returns; it may be called several times, and counts once.

    Args:
        durable: as in ``core.database.transaction``.

    Raises:
        BookUnavailable: the database does not answer.
    """
    left = _ATTEMPTS
    while True:
        try:
            with transaction(engine, durable) as connection:
                return work(connection)
        except (OperationalError, PoolTimeout) as error:
            left -= 1
            code = getattr(getattr(error, "orig", None), "pgcode", None)
            if not left or code not in _UNDONE:
                raise BookUnavailable(type(error).__name__) from error

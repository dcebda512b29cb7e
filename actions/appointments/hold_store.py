"""Seats that are kept while a form is open, and let go in time.

A hold that has ended keeps its seat until somebody wants it: it is expired when a slot is found
full, and by a sweep now and then. Until then whoever held it may still book.
"""

from datetime import datetime
from functools import partial
from typing import Any, Mapping, Optional

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.engine import Connection, Engine, Row

from actions.appointments.book import SeatTaken
from actions.appointments.calendar import Pattern, SlotKey, pattern_capacity
from actions.appointments.slot_store import by_staff, give_back, insert_new, left, make_row, take
from actions.appointments.tables import APPOINTMENTS, HELD, KEPT
from actions.appointments.transactions import in_transaction

_A = APPOINTMENTS.c
_ENDED = (
    select(_A.slot, func.count()).where(HELD, _A.held_until <= bindparam("now")).group_by(_A.slot)
)


class HoldStore:
    """Holds in the database, each under the key of who has it.

    Args:
        pattern: the opening patterns, as they are at the moment.
    """

    def __init__(self, engine: Engine, pattern: Pattern) -> None:
        self._engine = engine
        self._pattern = pattern

    def hold(self, slot: SlotKey, key: str, until: datetime, now: datetime) -> int:
        """Keeps a seat for ``key`` and lets go of another that it may hold.

        Returns:
            How many seats are free after that.

        Raises:
            SeatTaken: no seat is free, or ``key`` has made an appointment of another slot.
        """

        def work(connection: Connection) -> int:
            values = {"slot": slot.name, "permit": slot.permit, "status": "held",
                      "held_until": until, "changed_at": now}  # fmt: skip
            free = self.seat(connection, slot, now)
            if free is not None:
                if insert_new(connection, APPOINTMENTS, **values, key=key, changes=0):
                    return free
                _change(connection, key, values)
            elif not _prolong(connection, slot.name, key, until):
                raise SeatTaken
            return left(connection, slot.name)

        # who loses a hold because the machine failed gets the seat when confirming, or asks again
        return in_transaction(self._engine, work, durable=False)

    def release(self, key: str, now: datetime) -> None:
        """Lets go of what ``key`` holds, if anything."""

        def work(connection: Connection) -> None:
            released = update(APPOINTMENTS).where(_A.key == key)
            released = released.values(status="released", changed_at=now)
            if connection.execute(released.where(HELD)).rowcount:
                slot = connection.execute(select(_A.slot).where(_A.key == key)).scalar_one()
                give_back(connection, slot)
            else:
                connection.execute(released.where(_A.status == "expired"))

        in_transaction(self._engine, work)

    def sweep(self, now: datetime) -> int:
        """Lets go of every hold that has ended. Returns how many those were."""
        ended = select(_A.slot).where(HELD, _A.held_until <= now).distinct()
        slots = in_transaction(self._engine, lambda c: c.execute(ended).scalars().all())
        # a slot at a time, so that nobody waits for the whole of it
        return sum(
            in_transaction(self._engine, partial(expire, slot=slot, now=now)) for slot in slots
        )

    def seat(self, connection: Connection, slot: SlotKey, now: datetime) -> Optional[int]:
        """Takes a seat, if need be one of a hold that has ended.

        Returns:
            How many seats are free after that; None when there was none.
        """
        pattern = pattern_capacity(self._pattern, slot)
        free = take(connection, slot.name, pattern)
        if free is not None:
            return free
        # only now, as most slots have a row and seats; somebody else may do either at this moment
        if pattern:
            make_row(connection, slot, pattern)
        expire(connection, slot.name, now)
        return take(connection, slot.name, pattern)

    def offers(self, connection: Connection, slot: SlotKey) -> bool:
        """Whether a slot is still one: the hours may have changed since it was taken.

        What staff have opened stays, whatever the hours are.
        """
        return bool(pattern_capacity(self._pattern, slot)) or by_staff(connection, slot.name)

    def seat_again(self, connection: Connection, hold: Row, now: datetime) -> None:
        """Takes a seat for a hold that has expired.

        Raises:
            SeatTaken: no seat is free.
        """
        slot = SlotKey(hold.centre, hold.permit, hold.starts_at)
        if self.seat(connection, slot, now) is None:
            raise SeatTaken


def locked(connection: Connection, key: str) -> Optional[Row]:
    """The row of ``key`` with the place and time of its slot; nobody else changes it meanwhile."""
    statement = KEPT.where(_A.key == key).with_for_update(of=APPOINTMENTS)
    return connection.execute(statement).first()


def expire(connection: Connection, slot: str, now: datetime) -> int:
    """Lets go of the holds of a slot that have ended. Returns how many."""
    ended = update(APPOINTMENTS).where(_A.slot == slot, HELD, _A.held_until <= now)
    seats = connection.execute(ended.values(status="expired", changed_at=now)).rowcount
    if seats:
        give_back(connection, slot, seats)
    return seats


def ended_holds(connection: Connection, now: datetime) -> Mapping[str, int]:
    """How many seats of which slots belong to holds that have ended."""
    return dict(connection.execute(_ENDED, {"now": now}).all())


def _change(connection: Connection, key: str, values: Mapping[str, Any]) -> None:
    """Turns to a new seat, taken already, what ``key`` has now."""
    kept = locked(connection, key)
    if kept is None or (kept.reference and kept.slot != values["slot"]):
        raise SeatTaken  # an appointment is moved, not held
    if not kept.reference:
        connection.execute(update(APPOINTMENTS).where(_A.key == key).values(**values))
    if kept.reference or kept.status == "held":
        give_back(connection, kept.slot)


def _prolong(connection: Connection, slot: str, key: str, until: datetime) -> bool:
    """Keeps the seat that ``key`` has in this slot, if it has one. Whether it has."""
    own = update(APPOINTMENTS).where(_A.key == key, _A.slot == slot)
    own = own.where(_A.status.in_(("held", "booked")))
    return connection.execute(own.values(held_until=until)).rowcount == 1

"""Where appointments are kept. With its neighbours, the only SQL of this capability.

Every method that changes something is one transaction, and begins with the write: SQLite then
waits for its turn instead of failing, and PostgreSQL locks the row that the rest depends on.
Personal data comes here encrypted or fingerprinted (sealing.py).
"""

from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from actions.appointments.book import (
    AlreadyBooked,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.calendar import slot_named
from actions.appointments.hold_store import HoldStore, locked
from actions.appointments.model import MAX_CHANGES
from actions.appointments.slot_store import give_back
from actions.appointments.tables import APPOINTMENTS, BOOKED, KEPT, SLOTS
from actions.appointments.transactions import in_transaction
from core.compiled import Compiled
from core.database import Instant

_A = APPOINTMENTS.c
# the statements that every booking makes; to put one together takes longer than to run it
_OWN = _A.key == bindparam("own")
_OF_KEY = KEPT.where(_OWN)
_TOLD = ("reference", "payload", "document", "phone", "person", "sender", "status", "changed_at")
_BOOK = update(APPOINTMENTS).where(_OWN).values({name: bindparam(name) for name in _TOLD})
# as text: SQLAlchemy 1.4 does not know that SQLite can return what it updates
# little comes back, as the caller has the rest: each column costs, and a join more to plan
_BOOK_HELD = Compiled(
    text(
        "UPDATE appointments SET reference = :reference, payload = :payload, "
        "document = :document, phone = :phone, person = :person, sender = :sender, "
        "status = :status, changed_at = :changed_at WHERE key = :own AND status = 'held' "
        "RETURNING slot, reference, status, changes"
    ).bindparams(bindparam("changed_at", type_=Instant))
)


class ReferenceTaken(Exception):
    """Another appointment has this reference already."""


class AppointmentStore:
    """Appointments in the database. What they are made of is held in ``holds``.

    Every method raises ``BookUnavailable`` when the database does not answer.
    """

    def __init__(self, engine: Engine, holds: HoldStore) -> None:
        self._engine = engine
        self._holds = holds

    def confirm(self, key: str, values: Mapping[str, Any], now: datetime) -> Row:
        """Makes an appointment of what ``key`` holds, once.

        Args:
            values: reference, payload, document, phone, person and sender.

        Returns:
            The row, with no more than slot, reference, status and changes if this call made it.

        Raises:
            SeatTaken: nothing is held and the seat cannot be had any more.
            AlreadyBooked: the document has an appointment in the future for this permit.
            ReferenceTaken: to be tried again with another reference.
        """

        def work(connection: Connection) -> Row:
            told = {**values, "own": key, "status": "booked", "changed_at": now}
            made = _BOOK_HELD.run(connection, told).first()
            new = made is not None
            if made is None:
                kept = locked(connection, key)
                if kept is None or kept.status == "released":
                    raise SeatTaken
                if kept.status == "expired":
                    self._holds.seat_again(connection, kept, now)
                    connection.execute(_BOOK, told)
                    new = True
                made = connection.execute(_OF_KEY, {"own": key}).one()
            slot = slot_named(made.slot)
            # its time has come before it was answered, or the hours changed meanwhile
            if new and (slot.starts_at <= now or not self._holds.offers(connection, slot)):
                raise SeatTaken
            return made

        while True:
            try:
                return in_transaction(self._engine, work)
            except IntegrityError as error:
                if "reference" in str(error.orig):
                    raise ReferenceTaken from None
                if not self._make_past(values["document"], now):
                    raise AlreadyBooked from None

    def find(self, reference: str) -> Optional[Row]:
        """The appointment of that reference, whatever its status."""
        statement = KEPT.where(_A.reference == reference)
        return in_transaction(
            self._engine, lambda connection: connection.execute(statement).first()
        )

    def of_person(self, person: str, now: datetime) -> Sequence[Row]:
        """The booked appointments in the future of a signed-in person, earliest first."""
        return self._coming(_A.person == person, now)

    def of_sender(self, sender: str, now: datetime) -> Sequence[Row]:
        """The same of those that a sender booked, whoever they are for."""
        return self._coming(_A.sender == sender, now)

    def _coming(self, whose: ColumnElement[bool], now: datetime) -> Sequence[Row]:
        statement = KEPT.where(whose, BOOKED, SLOTS.c.starts_at > now)
        statement = statement.order_by(SLOTS.c.starts_at)
        return in_transaction(self._engine, lambda connection: connection.execute(statement).all())

    def move(self, reference: str, key: str, now: datetime) -> Row:
        """Gives an appointment the seat that ``key`` holds, once, and frees its own.

        Raises:
            UnknownAppointment: it is not booked (any more).
            SeatTaken: ``key`` holds no seat for this permit.
            TooManyChanges: it was changed as often as it may be.
        """

        def work(connection: Connection) -> Row:
            own = _A.reference == reference
            changed = connection.execute(
                update(APPOINTMENTS)
                .where(own, BOOKED, _A.changes < MAX_CHANGES)
                .where(_A.moved_by.is_distinct_from(key))
                .values(changes=_A.changes + 1, moved_by=key, changed_at=now)
            ).rowcount
            kept = connection.execute(KEPT.where(own)).first()
            if kept is None or kept.status != "booked":
                raise UnknownAppointment
            if not changed:
                if kept.moved_by != key:
                    raise TooManyChanges
                return kept
            held = locked(connection, key)
            if held is None or held.permit != kept.permit:
                raise SeatTaken
            if held.status == "expired":
                self._holds.seat_again(connection, held, now)
            elif held.status != "held":
                raise SeatTaken
            if held.starts_at <= now or not self._holds.offers(connection, slot_named(held.slot)):
                raise SeatTaken
            let_go = update(APPOINTMENTS).where(_A.key == key)
            connection.execute(let_go.values(status="released", changed_at=now))
            connection.execute(update(APPOINTMENTS).where(own).values(slot=held.slot))
            give_back(connection, kept.slot)
            return connection.execute(KEPT.where(own)).one()

        return in_transaction(self._engine, work)

    def cancel(self, reference: str, now: datetime) -> Row:
        """Cancels an appointment, once; its seat is free with that.

        Raises:
            UnknownAppointment: it is neither booked nor cancelled.
        """

        def work(connection: Connection) -> Row:
            own = _A.reference == reference
            cancelled = update(APPOINTMENTS).where(own, BOOKED)
            cancelled = cancelled.values(status="cancelled", changed_at=now)
            changed = connection.execute(cancelled).rowcount
            kept = connection.execute(KEPT.where(own)).first()
            if kept is None or kept.status != "cancelled":
                raise UnknownAppointment
            if changed:
                give_back(connection, kept.slot)
            return kept

        return in_transaction(self._engine, work)

    def _make_past(self, document: str, now: datetime) -> int:
        """Sets aside the appointments of a document whose time has come. Returns how many."""
        begun = select(SLOTS.c.id).where(SLOTS.c.starts_at <= now)
        past = update(APPOINTMENTS).where(_A.document == document, BOOKED, _A.slot.in_(begun))
        return in_transaction(
            self._engine, lambda connection: connection.execute(past.values(status="past")).rowcount
        )

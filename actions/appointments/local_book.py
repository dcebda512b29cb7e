"""Our own calendar as an appointment book: seats in the database, bookings encrypted."""

import asyncio
import hmac
from datetime import datetime
from typing import Any, Optional, Sequence

from sqlalchemy.engine import Engine, Row

from actions.appointments import references
from actions.appointments.availability import free_slots
from actions.appointments.book import SeatTaken, UnknownAppointment
from actions.appointments.calendar import Pattern, slot_key, slot_named
from actions.appointments.hold_store import HoldStore
from actions.appointments.model import Appointment, Booking, Proof, Query, Slot
from actions.appointments.sealing import Sealer
from actions.appointments.store import AppointmentStore, ReferenceTaken
from actions.appointments.transactions import in_transaction
from core.clock import LOCAL, Clock
from core.vault import Vault

_NOTHING = "0" * 64  # compared with when there is no fingerprint, for the time that it takes


class LocalBook:
    """Implements ``book.AppointmentBook`` over the database.

    Args:
        pattern: the opening patterns, as they are at the moment.
        demo: whether this calendar is a stand-in that no department knows of.
    """

    def __init__(
        self, engine: Engine, pattern: Pattern, vault: Vault, clock: Clock, demo: bool
    ) -> None:
        self._engine = engine
        self._pattern = pattern
        self._holds = HoldStore(engine, pattern)
        self._store = AppointmentStore(engine, self._holds)
        self._sealer = Sealer(vault)
        self._clock = clock
        self._demo = demo

    @property
    def demo(self) -> bool:
        return self._demo

    async def free(self, query: Query) -> Sequence[Slot]:
        def find() -> Sequence[Slot]:
            return in_transaction(
                self._engine,
                lambda connection: free_slots(connection, self._pattern, query, self._clock()),
            )

        return await asyncio.to_thread(find)

    async def hold(self, slot: str, key: str, until: datetime) -> Slot:
        wanted, now = slot_key(slot), self._clock()
        if wanted is None or wanted.starts_at <= now:
            raise SeatTaken
        left = await asyncio.to_thread(self._holds.hold, wanted, key, until, now)
        return Slot(slot, wanted.centre, wanted.permit, wanted.starts_at.astimezone(LOCAL), left)

    async def release(self, key: str) -> None:
        await asyncio.to_thread(self._holds.release, key, self._clock())

    async def confirm(self, key: str, booking: Booking) -> Appointment:
        return await asyncio.to_thread(self._confirm, key, booking)

    async def find(self, reference: str, proof: Proof) -> Optional[Appointment]:
        try:
            return self._appointment(await asyncio.to_thread(self._own, reference, proof))
        except UnknownAppointment:
            return None

    async def of_person(self, person: str) -> Sequence[Appointment]:
        kept = await asyncio.to_thread(self._store.of_person, person, self._clock())
        return [self._appointment(row) for row in kept]

    async def of_sender(self, sender: str, proof: Proof) -> Sequence[Appointment]:
        kept = await asyncio.to_thread(self._store.of_sender, sender, self._clock())
        return [self._appointment(row) for row in kept if self._fits(row, proof)]

    async def reschedule(self, reference: str, proof: Proof, key: str) -> Appointment:
        """As the port says. An appointment whose time has come is unknown here."""
        await asyncio.to_thread(self._own, reference, proof, self._clock())
        row = await asyncio.to_thread(self._store.move, reference, key, self._clock())
        return self._appointment(row)

    async def cancel(self, reference: str, proof: Proof) -> Appointment:
        """As the port says. An appointment whose time has come is unknown here."""
        await asyncio.to_thread(self._own, reference, proof, self._clock())
        row = await asyncio.to_thread(self._store.cancel, reference, self._clock())
        return self._appointment(row)

    def _confirm(self, key: str, booking: Booking) -> Appointment:
        applicant = booking.applicant
        values: dict[str, Any] = {
            "document": self._sealer.document(applicant.document_number),
            "phone": self._sealer.phone(applicant.phone),
            "person": booking.person,
            "sender": booking.sender,
        }
        while True:
            reference = references.make()
            values["reference"] = reference
            values["payload"] = self._sealer.seal(reference, booking)
            try:
                row = self._store.confirm(key, values, self._clock())
            except ReferenceTaken:
                continue
            # What a repeat finds is what the first call kept; else it need not be decrypted.
            return self._appointment(row, booking if row.reference == reference else None)

    def _own(self, reference: str, proof: Proof, after: Optional[datetime] = None) -> Row:
        """The appointment that all of the proof fits to; it begins later than ``after``.

        All is looked up and compared whatever there is, so that how long it takes tells nothing.
        """
        row = self._store.find(reference) if references.find(reference) == reference else None
        fits = self._fits(row, proof)
        if row is None or not fits or (after and row.starts_at <= after):
            raise UnknownAppointment
        return row

    def _fits(self, row: Optional[Row], proof: Proof) -> bool:
        """Whether all of the proof is that of an appointment; it takes as long without one."""
        fits = proof != Proof()
        for given, fingerprint, kept in (
            (proof.document_number, self._sealer.document, row and row.document),
            (proof.phone, self._sealer.phone, row and row.phone),
        ):
            same = hmac.compare_digest(fingerprint(given or ""), kept or _NOTHING)
            fits &= given is None or same
        return fits

    def _appointment(self, row: Row, booking: Optional[Booking] = None) -> Appointment:
        """The appointment of a row, with its booking when that is known already."""
        kept = booking or self._sealer.unseal(row.reference, row.payload, row.person, row.sender)
        slot = slot_named(row.slot)
        return Appointment(
            reference=row.reference,
            centre=slot.centre,
            permit=slot.permit,
            starts_at=slot.starts_at.astimezone(LOCAL),
            status="cancelled" if row.status == "cancelled" else "booked",
            booking=kept,
            changes=row.changes,
            demo=self._demo,
        )

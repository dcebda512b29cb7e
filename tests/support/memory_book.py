"""An appointment book in memory, as plain as can be: what a fake department books in."""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Dict, List, Optional, Sequence, Tuple

from actions.appointments.book import (
    AlreadyBooked,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.model import MAX_CHANGES, Appointment, Booking, Proof, Query, Slot
from core.clock import LOCAL, Clock


@dataclass
class _Entry:
    appointment: Appointment
    slot: str


class MemoryBook:
    """No call waits for anything, so that each is one step of the event loop."""

    demo = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slots: Dict[str, Slot] = {}  # `free` is the number of seats
        self._holds: Dict[str, Tuple[str, datetime]] = {}
        self._entries: Dict[str, _Entry] = {}
        self._done: Dict[str, str] = {}  # key -> reference
        self._numbers = itertools.count(1)

    def open(self, centre: str, permit: str, starts_at: datetime, seats: int) -> None:
        name = f"s-{next(self._numbers)}"
        self._slots[name] = Slot(name, centre, permit, starts_at, seats)

    def booked(self) -> List[Appointment]:
        """The active appointments of everybody."""
        found = [entry.appointment for entry in self._entries.values()]
        return [appointment for appointment in found if appointment.status == "booked"]

    async def free(self, query: Query) -> Sequence[Slot]:
        found = [self._now(name) for name in self._slots]
        found = [
            slot
            for slot in found
            if slot.permit == query.permit
            and slot.centre in query.centres
            and query.first <= slot.starts_at.astimezone(LOCAL).date() <= query.last
            and slot.free
        ]
        return sorted(found, key=lambda slot: slot.starts_at)[: query.limit]

    async def hold(self, slot: str, key: str, until: datetime) -> Slot:
        old, old_until = self._holds.get(key, ("", self._clock()))
        kept = old == slot and old_until > self._clock()
        if not kept and (slot not in self._slots or not self._now(slot).free):
            raise SeatTaken
        self._holds[key] = (slot, until)
        return self._now(slot)

    async def release(self, key: str) -> None:
        self._holds.pop(key, None)

    async def confirm(self, key: str, booking: Booking) -> Appointment:
        if key in self._done:
            return self._entries[self._done[key]].appointment
        slot = self._seat(key)
        document = booking.applicant.document_number
        for other in self.booked():
            same = other.booking.applicant.document_number == document
            if same and other.permit == slot.permit:
                raise AlreadyBooked
        reference = f"K4M-T7P-R{next(self._numbers)}W"
        appointment = Appointment(
            reference, slot.centre, slot.permit, slot.starts_at, "booked", booking, 0, self.demo
        )
        self._entries[reference] = _Entry(appointment, slot.id)
        self._done[key] = reference
        del self._holds[key]
        return appointment

    async def find(self, reference: str, proof: Proof) -> Optional[Appointment]:
        entry = self._entries.get(reference)
        if not entry or proof == Proof():
            return None
        applicant = entry.appointment.booking.applicant
        fits = proof.document_number in (None, applicant.document_number) and proof.phone in (
            None,
            applicant.phone,
        )
        return entry.appointment if fits else None

    async def of_person(self, person: str) -> Sequence[Appointment]:
        found = [a for a in self.booked() if a.booking.person == person]
        return sorted(found, key=lambda appointment: appointment.starts_at)

    async def of_sender(self, sender: str, proof: Proof) -> Sequence[Appointment]:
        found = [a for a in self.booked() if a.booking.sender == sender]
        fitting = [a for a in found if await self.find(a.reference, proof)]
        return sorted(fitting, key=lambda appointment: appointment.starts_at)

    async def reschedule(self, reference: str, proof: Proof, key: str) -> Appointment:
        appointment = await self.find(reference, proof)
        if appointment is None or appointment.status == "cancelled":
            raise UnknownAppointment
        if self._done.get(key) == reference:
            return appointment
        if appointment.changes >= MAX_CHANGES:
            raise TooManyChanges
        slot = self._seat(key)
        moved = replace(
            appointment,
            centre=slot.centre,
            starts_at=slot.starts_at,
            changes=appointment.changes + 1,
        )
        self._entries[reference] = _Entry(moved, slot.id)
        self._done[key] = reference
        del self._holds[key]
        return moved

    async def cancel(self, reference: str, proof: Proof) -> Appointment:
        if await self.find(reference, proof) is None:
            raise UnknownAppointment
        entry = self._entries[reference]
        entry.appointment = replace(entry.appointment, status="cancelled")
        return entry.appointment

    def _now(self, name: str) -> Slot:
        """The slot with the seats that are free at this moment."""
        slot, now = self._slots[name], self._clock()
        held = sum(s == name and until > now for s, until in self._holds.values())
        active = (e for e in self._entries.values() if e.appointment.status == "booked")
        return replace(slot, free=slot.free - held - sum(e.slot == name for e in active))

    def _seat(self, key: str) -> Slot:
        """The slot that the key holds, or held and nobody has taken since."""
        slot, until = self._holds.get(key, ("", self._clock()))
        if not slot or (until <= self._clock() and not self._now(slot).free):
            raise SeatTaken
        return self._slots[slot]

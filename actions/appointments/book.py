"""The port to whoever keeps the calendar: our own database, or a department's system."""

from datetime import datetime
from typing import Optional, Protocol, Sequence

from actions.appointments.model import Appointment, Booking, Proof, Query, Slot


class BookError(Exception):
    """The book refused, or could not answer. Nothing was changed."""


class SeatTaken(BookError):
    """The slot is full, closed or gone, or the hold on its seat has ended."""


class AlreadyBooked(BookError):
    """There is an active appointment for this permit and this document."""


class TooManyChanges(BookError):
    """The appointment has been changed as often as it may be."""


class UnknownAppointment(BookError):
    """There is no such appointment, or it is not this person's: the two are never told apart."""


class BookUnavailable(BookError):
    """The book did not answer in time, or failed. Whether it did the work may be unknown.

    The same call with the same key may be made again: it is done once at most.
    """


class AppointmentBook(Protocol):
    """Slots and appointments. Every method may raise ``BookUnavailable``.

    A ``key`` makes a call that is repeated harmless: the second one gets the first one's answer.
    """

    @property
    def demo(self) -> bool:
        """Whether this book is a stand-in that no department knows of."""

    async def free(self, query: Query) -> Sequence[Slot]:
        """The slots with free seats, earliest first. One's own hold counts as taken."""

    async def hold(self, slot: str, key: str, until: datetime) -> Slot:
        """Keeps a seat for the holder of ``key``, who holds one at most: another is let go.

        Raises:
            SeatTaken: no seat is free.
        """

    async def release(self, key: str) -> None:
        """Lets go of what ``key`` holds, if anything. A booked appointment is not touched."""

    async def confirm(self, key: str, booking: Booking) -> Appointment:
        """Makes an appointment of the seat that ``key`` holds.

        Raises:
            SeatTaken: the hold has ended and the slot is full.
            AlreadyBooked: the document has an active appointment for this permit.
        """

    async def find(self, reference: str, proof: Proof) -> Optional[Appointment]:
        """The appointment, active or cancelled, or None when either does not fit."""

    async def of_person(self, person: str) -> Sequence[Appointment]:
        """The active appointments of a signed-in person, earliest first."""

    async def of_sender(self, sender: str, proof: Proof) -> Sequence[Appointment]:
        """The active appointments that were booked from this chat, earliest first.

        Only those that the proof fits to: who has the chat in hands need not be who booked.
        """

    async def reschedule(self, reference: str, proof: Proof, key: str) -> Appointment:
        """Moves an appointment to the seat that ``key`` holds; the old seat is free at once.

        Raises:
            UnknownAppointment, SeatTaken, TooManyChanges
        """

    async def cancel(self, reference: str, proof: Proof) -> Appointment:
        """Cancels; the seat is free at once. Cancelling again changes nothing.

        Raises:
            UnknownAppointment
        """

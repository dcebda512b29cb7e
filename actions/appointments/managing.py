"""Looking at, moving and cancelling an appointment that was made before."""

from typing import Callable

from actions.appointments.aftercare import Aftercare
from actions.appointments.book import (
    AppointmentBook,
    BookUnavailable,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.centres import centres_for
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from actions.appointments.model import MAX_CHANGES, Appointment, Proof
from actions.appointments.ownership import Ownership, proof_of
from actions.appointments.say import Say, phrase
from actions.appointments.seats import Seats
from actions.appointments.summary import describe
from knowledge.model import Snapshot


class Managing:
    """The tasks view, reschedule and cancel."""

    def __init__(
        self,
        book: AppointmentBook,
        seats: Seats,
        aftercare: Aftercare,
        ownership: Ownership,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._book = book
        self._seats = seats
        self._aftercare = aftercare
        self._ownership = ownership
        self._snapshot = snapshot

    async def advance(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks for what is missing, one question, or does what is to be done."""
        appointment = await self._ownership.find(draft, message, say)
        if appointment is None:
            return
        if draft.task == "view":
            self._show(appointment, say)
        elif appointment.status == "cancelled":
            describe(appointment, say)
            say.line("is_cancelled").over = True
        elif draft.task == "cancel":
            await self._cancel(draft, appointment, message, say)
        else:
            await self._move(draft, appointment, message, say)

    def _show(self, appointment: Appointment, say: Say) -> None:
        describe(appointment, say)
        say.line("found").over = True
        if appointment.status == "booked":
            say.command("button_move", "reschedule_appointment")
            say.command("button_cancel", "cancel_appointment")

    async def _cancel(
        self, draft: Draft, appointment: Appointment, message: Message, say: Say
    ) -> None:
        if draft.get("confirm") is None:
            describe(appointment, say)
            say.ask("confirm", "ask_confirm_cancel")
            say.choice(phrase("button_cancel"), "confirm", "cancel")
            say.choice(phrase("button_keep"), "confirm", "no")
            return
        say.over = True
        if draft.get("confirm") == "no":
            say.line("kept")
            return
        await self._aftercare.stop_reminding(appointment)
        try:
            gone = await self._book.cancel(
                appointment.reference, proof_of(draft) or _proof_of_owner(appointment)
            )
        except UnknownAppointment:  # its time has come meanwhile
            say.line("fault_unknown_appointment")
        except BookUnavailable:
            await self._aftercare.remind(appointment, message)
            raise
        else:
            draft.proved, draft.known = False, {}
            await self._aftercare.cancelled(gone, say)

    async def _move(
        self, draft: Draft, appointment: Appointment, message: Message, say: Say
    ) -> None:
        if appointment.changes >= MAX_CHANGES:
            describe(appointment, say)
            say.line("fault_too_many_changes").over = True
            say.command("button_cancel", "cancel_appointment")
            return
        if appointment.centre not in {
            one.id for one in centres_for(self._snapshot(), appointment.permit)
        }:  # files change while an appointment waits
            describe(appointment, say)
            say.line("not_offered", permit={"permit": appointment.permit}).over = True
            return
        draft.values["permit"], draft.values["centre"] = appointment.permit, appointment.centre
        if not await self._seats.choose(draft, say):
            return
        if draft.get("confirm") is None:
            moment = f"{draft.values['date']}T{draft.values['time']}:00+08:00"
            say.ask("confirm", "ask_confirm_move", moment={"moment": moment})
            say.choice(phrase("button_move"), "confirm", "reschedule")
            say.choice(phrase("button_keep"), "confirm", "no")
            return
        if draft.get("confirm") == "no":
            await self._book.release(draft.key)
            say.line("kept").over = True
            return
        try:
            moved = await self._book.reschedule(
                appointment.reference, proof_of(draft) or _proof_of_owner(appointment), draft.key
            )
        except SeatTaken:
            draft.values.pop("confirm")
            self._seats.say_why_gone(draft, say)
            draft.clear("date")
            await self._seats.choose(draft, say)
        except (TooManyChanges, UnknownAppointment):
            say.line("fault_too_many_changes").over = True
        except BookUnavailable:
            draft.values.pop("confirm")
            raise
        else:
            say.over = True
            await self._aftercare.moved(appointment, moved, message, say)


def _proof_of_owner(appointment: Appointment) -> Proof:
    """The proof of whoever is signed in; not kept in the draft, where it would outlive that."""
    return Proof(document_number=appointment.booking.applicant.document_number)

"""Looking at, moving and cancelling an appointment that was made before.

Whoever has the reference and the document or phone number that was given may do so, and whoever is
signed in as the person who booked. A wrong one gets the same answer whether the reference exists or
not.
"""

from typing import Callable, Optional, Sequence

from actions.appointments import rules
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
from actions.appointments.say import Say, phrase
from actions.appointments.seats import MAX_CHOICES, Seats
from actions.appointments.summary import describe
from actions.appointments.tries import Tries
from actions.identity.access import Access
from knowledge.model import Snapshot


class Managing:
    """The tasks view, reschedule and cancel."""

    def __init__(
        self,
        book: AppointmentBook,
        seats: Seats,
        aftercare: Aftercare,
        tries: Tries,
        access: Access,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._book = book
        self._seats = seats
        self._aftercare = aftercare
        self._tries = tries
        self._access = access
        self._snapshot = snapshot

    async def advance(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks for what is missing, one question, or does what is to be done."""
        if draft.get("reference") is None:
            mine = await self._mine(draft, message)
            if not mine:
                await self._ask_reference(draft, message, say)
                return
            if len(mine) > 1:
                _ask_which(mine, say)
                return
            draft.set("reference", mine[0].reference)
        appointment = await self._find(draft, message, say)
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

    async def _ask_reference(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks for the reference; whoever signs in needs none."""
        lack = await self._access.lack(message.sender, draft.intent)
        if lack == "again":
            say.line("account.again")
        elif await self._access.person_for(message.sender, draft.intent):
            say.line("account.no_appointments")
        say.ask("reference")
        if lack:
            say.command("account.button_sign_in", "sign_in")

    async def _mine(self, draft: Draft, message: Message) -> Sequence[Appointment]:
        person = await self._access.person_for(message.sender, draft.intent)
        return await self._book.of_person(person) if person else ()

    async def _find(self, draft: Draft, message: Message, say: Say) -> Optional[Appointment]:
        reference = draft.values["reference"]
        for mine in await self._mine(draft, message):
            if mine.reference == reference:
                return mine
        proof = _proof(draft)
        if proof is None:
            say.ask("document_number", "ask_proof")
            return None
        if not await self._tries.allowed(message.sender, reference):
            say.line("fault_too_many_tries").over = True
            say.command("button_person", "talk_to_human")
            return None
        found = await self._book.find(reference, proof)
        if found is None and (by_phone := _as_phone(draft)):
            found = await self._book.find(reference, by_phone)
            if found:
                draft.values["phone"] = draft.values.pop("document_number")
        if found:
            await self._tries.give_back(message.sender, reference)
        else:
            for slot in ("reference", "document_number", "phone"):
                draft.clear(slot)
            await self._ask_reference(draft, message, say.line("fault_unknown_appointment"))
        return found

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
                appointment.reference, _proof(draft) or _proof_of_owner(appointment)
            )
        except UnknownAppointment:  # its time has come meanwhile
            say.line("fault_unknown_appointment")
        except BookUnavailable:
            await self._aftercare.remind(appointment, message)
            raise
        else:
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
                appointment.reference, _proof(draft) or _proof_of_owner(appointment), draft.key
            )
        except SeatTaken:
            draft.values.pop("confirm")
            draft.clear("date")
            say.line("fault_seat_taken")
            await self._seats.choose(draft, say)
        except (TooManyChanges, UnknownAppointment):
            say.line("fault_too_many_changes").over = True
        except BookUnavailable:
            draft.values.pop("confirm")
            raise
        else:
            say.over = True
            await self._aftercare.moved(appointment, moved, message, say)


def _proof(draft: Draft) -> Optional[Proof]:
    document, phone = draft.get("document_number"), draft.get("phone")
    return Proof(document, phone) if document or phone else None


def _proof_of_owner(appointment: Appointment) -> Proof:
    """The proof of whoever is signed in; not kept in the draft, where it would outlive that."""
    return Proof(document_number=appointment.booking.applicant.document_number)


def _as_phone(draft: Draft) -> Optional[Proof]:
    """The number that was given as a telephone number; only its owner knows which one it is."""
    phone = rules.check_phone(draft.get("document_number") or "")
    return None if phone.fault else Proof(phone=phone.value)


def _ask_which(appointments: Sequence[Appointment], say: Say) -> None:
    say.line("found_several", count=len(appointments))
    say.ask("reference", "ask_which")
    for appointment in appointments[:MAX_CHOICES]:
        title = {"permit_at": [appointment.permit, appointment.starts_at.isoformat()]}
        say.choice(title, "reference", appointment.reference)

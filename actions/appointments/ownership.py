"""Which appointment somebody means, and that it is their own.

Whoever has the reference and the document or phone number that was given may manage it, and whoever
is signed in as the person who booked. A wrong one gets the same answer whether the reference exists
or not. Who has lost the reference gets it back with that number, in the chat that booked.
"""

from typing import Optional, Sequence

from actions.appointments import rules
from actions.appointments.book import AppointmentBook
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from actions.appointments.model import Appointment, Proof
from actions.appointments.say import Say, phrase
from actions.appointments.seats import MAX_CHOICES
from actions.appointments.tries import Tries
from actions.identity.access import Access


class Ownership:
    """Finds the appointment that a draft is about.

    Args:
        access: who is signed in, surely enough for the task.
    """

    def __init__(self, book: AppointmentBook, tries: Tries, access: Access) -> None:
        self._book = book
        self._tries = tries
        self._access = access

    async def find(self, draft: Draft, message: Message, say: Say) -> Optional[Appointment]:
        """The appointment; None when something was asked for, or said, instead."""
        mine = await self._of_person(draft, message)
        _use_known(draft)
        if draft.get("reference") is None and not await self._settle(draft, mine, message, say):
            return None
        reference = draft.values["reference"]
        for one in mine:
            if one.reference == reference:
                return one
        if proof_of(draft) is None:
            say.ask("document_number", "ask_proof")
            return None
        if not await self._may_try(message, reference, say):
            return None
        found = await self._book.find(reference, proof_of(draft) or Proof())
        if found is None and (by_phone := _as_phone(draft)):
            found = await self._book.find(reference, by_phone)
            if found:
                draft.values["phone"] = draft.values.pop("document_number")
        draft.proved = found is not None and found.status == "booked"
        if found:
            await self._tries.give_back(message.sender, reference)
        else:
            _forget(draft)
            say.line("fault_unknown_appointment")
            await self._ask_reference(draft, message, say)
        return found

    async def _of_person(self, draft: Draft, message: Message) -> Sequence[Appointment]:
        person = await self._access.person_for(message.sender, draft.intent)
        return await self._book.of_person(person) if person else ()

    async def _ask_reference(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks for the reference. Who has lost it may say so; whoever signs in needs none."""
        lack = await self._access.lack(message.sender, draft.intent)
        if lack == "again":
            say.line("account.again")
        elif await self._access.person_for(message.sender, draft.intent):
            say.line("account.no_appointments")
        say.ask("reference")
        say.choice(phrase("button_lost"), "reference", LOST)
        if lack:
            say.command("account.button_sign_in", "sign_in")

    async def _settle(
        self, draft: Draft, mine: Sequence[Appointment], message: Message, say: Say
    ) -> bool:
        """Settles on one appointment without being told its reference, or asks for it."""
        if not mine and proof_of(draft):
            if not await self._may_try(message, message.sender, say):  # no reference to count at
                return False
            mine = await self._booked_here(draft, message)
            if mine:
                await self._tries.give_back(message.sender, message.sender)
            else:
                _forget(draft)
                draft.asked = None
                say.line("fault_none_here")
        if len(mine) > 1:
            _ask_which(mine, say)
        elif mine:
            draft.set("reference", mine[0].reference)
        elif draft.asked == "document_number":
            ask_lost(say)
        else:
            await self._ask_reference(draft, message, say)
        return len(mine) == 1

    async def _booked_here(self, draft: Draft, message: Message) -> Sequence[Appointment]:
        """What was booked in this chat with the number that was given."""
        found = await self._book.of_sender(message.sender, proof_of(draft) or Proof())
        if not found and (by_phone := _as_phone(draft)):
            found = await self._book.of_sender(message.sender, by_phone)
            if found:
                draft.values["phone"] = draft.values.pop("document_number")
        return found

    async def _may_try(self, message: Message, reference: str, say: Say) -> bool:
        if await self._tries.allowed(message.sender, reference):
            return True
        say.line("fault_too_many_tries").over = True
        say.command("button_person", "talk_to_human")
        return False


def ask_lost(say: Say) -> None:
    """Asks who has lost the reference for the number that finds the appointment without it."""
    say.ask("document_number", "ask_proof_lost")


#: Tapped in place of a reference.
LOST = "lost"


def proof_of(draft: Draft) -> Optional[Proof]:
    """The number that was given, if one was."""
    document, phone = draft.get("document_number"), draft.get("phone")
    return Proof(document, phone) if document or phone else None


def _as_phone(draft: Draft) -> Optional[Proof]:
    """The number that was given as a telephone number; only its owner knows which one it is."""
    phone = rules.check_phone(draft.get("document_number") or "")
    return None if phone.fault else Proof(phone=phone.value)


def _use_known(draft: Draft) -> None:
    """Takes the appointment that was shown a moment ago, unless another one is named.

    Who wants to see an appointment has seen that one.
    """
    if not draft.known:
        return
    reference = draft.get("reference")
    says_nothing = reference is None and not proof_of(draft) and draft.asked != "document_number"
    if reference == draft.known["reference"] or (says_nothing and draft.task != "view"):
        draft.values.update(draft.known)


def _forget(draft: Draft) -> None:
    for slot in ("reference", "document_number", "phone"):
        draft.clear(slot)


def _ask_which(appointments: Sequence[Appointment], say: Say) -> None:
    say.line("found_several", count=len(appointments))
    say.ask("reference", "ask_which")
    for appointment in appointments[:MAX_CHOICES]:
        title = {"permit_at": [appointment.permit, appointment.starts_at.isoformat()]}
        say.choice(title, "reference", appointment.reference)

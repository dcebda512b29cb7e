"""The booking itself: which question comes next, and the appointment at the end."""

from datetime import date
from typing import Callable, Optional, Sequence

from actions.appointments import rules
from actions.appointments.aftercare import Aftercare
from actions.appointments.book import AlreadyBooked, AppointmentBook, BookUnavailable, SeatTaken
from actions.appointments.centres import centres_for
from actions.appointments.draft import Draft
from actions.appointments.kept import Keeping
from actions.appointments.message import Message
from actions.appointments.model import Applicant
from actions.appointments.model import Booking as Order
from actions.appointments.prefill import Prefill
from actions.appointments.say import Say, phrase
from actions.appointments.seats import MAX_CHOICES, Seats
from actions.appointments.summary import shown, summarise
from actions.identity.access import Access
from knowledge.appointments import PermitRules
from knowledge.model import Snapshot

#: Answers that are offered to be changed; any other can be named.
_CHANGEABLE = ("date", "centre", "name", "document_number")
_LAST = ("name", "document_number", "phone")
_GUARDIAN = ("guardian_name", "guardian_document_number")


class Booking:
    """Takes a draft from one question to the next.

    Args:
        aftercare: what follows a made appointment: reminders, calendar file, QR code.
        access: whose the appointment is, when they are signed in.
        keeping: where it is written down that an appointment is about to be made.
    """

    def __init__(
        self,
        book: AppointmentBook,
        seats: Seats,
        aftercare: Aftercare,
        access: Access,
        prefill: Prefill,
        keeping: Keeping,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._book = book
        self._seats = seats
        self._aftercare = aftercare
        self._access = access
        self._prefill = prefill
        self._keeping = keeping
        self._snapshot = snapshot

    async def advance(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks for what is missing, one question, or books when everything is there.

        What was booked and not told, as the process died, is booked again under the same key,
        which changes nothing, and told.
        """
        if draft.state != "open":
            return await self._book_it(draft, message, say)
        if draft.get("permit") not in self._snapshot().bookable:
            return self.ask_permit(say)
        self._settle_what_is_certain(draft)
        for slot in ("application_type", "applicant_side"):
            if self._needs(draft, slot):
                return self._ask_first(draft, slot, say)
        if await self._prefill.settle(draft, message, say):
            return None
        if self._needs(draft, "birth_date"):
            return self._ask_first(draft, "birth_date", say)
        if draft.get("centre") is None:
            return await self._ask_centre(draft, say)
        if not await self._seats.choose(draft, say):
            return None
        for slot in (*_LAST, *_GUARDIAN):
            if self._needs(draft, slot):
                return self._ask_plainly(draft, slot, say)
        if draft.get("consent") == "no":
            await self._book.release(draft.key)
            say.line("fault_consent").over = True
            return None
        if draft.get("confirm") == "no":
            draft.clear("confirm")
            return self.ask_which_answer(say)
        if draft.get("consent") is None:
            say.ask("consent")
            say.choice(phrase("yes"), "consent", "yes")
            say.choice(phrase("no"), "consent", "no")
            return None
        if draft.get("confirm") != "yes":
            return self._ask_confirm(draft, say)
        return await self._book_it(draft, message, say)

    def ask_permit(self, say: Say, start: int = 0) -> None:
        """Offers the permits that a centre takes, a few at a time."""
        bookable = self._snapshot().bookable
        offered = [key for key in self._snapshot().permit_rules if key in bookable]
        if not offered:
            say.line("no_centre")
            say.over = True
            return
        say.ask("permit")
        _page("permit", offered, start, say)

    def ask_type(self, draft: Draft, say: Say, start: int = 0) -> None:
        """Offers the kinds of application that the permit has, a few at a time."""
        say.ask("application_type")
        _page("application_type", self._rules(draft).application_types, start, say)

    async def _ask_centre(self, draft: Draft, say: Say) -> None:
        """Offers the centres near the place that was named, or those with the soonest seats."""
        centres = [key for key in draft.nearby if key in self._centres(draft)]
        if not centres:
            every = self._centres(draft)
            own = self._snapshot().centres[every[0]].side
            near = [key for key in every if self._snapshot().centres[key].side == own]
            soonest = await self._seats.earliest(draft.values["permit"], near)
            centres = [slot.centre for slot in soonest] or every
        elif draft.near:
            say.line("nearest", place={"locality": draft.near})
        say.ask("centre")
        for centre in centres[:MAX_CHOICES]:
            say.choice({"centre": centre}, "centre", centre)

    def ask_which_answer(self, say: Say) -> None:
        """Asks which of the answers is wrong."""
        say.ask("change", "ask_which_answer")
        for slot in _CHANGEABLE:
            say.choice(phrase(f"label_{slot}"), "change", slot)

    def _settle_what_is_certain(self, draft: Draft) -> None:
        """Answers by itself what has one answer only, and takes back what no longer fits."""
        permit_rules = self._rules(draft)
        only = {
            "application_type": permit_rules.application_types,
            "applicant_side": permit_rules.applicant_sides,
            "centre": tuple(self._centres(draft)),
        }
        for slot, possible in only.items():
            if draft.get(slot) is not None and draft.values[slot] not in possible:
                draft.clear(slot)
            if draft.get(slot) is None and len(possible) == 1:
                draft.values[slot] = possible[0]

    def _needs(self, draft: Draft, slot: str) -> bool:
        if draft.get(slot) is not None:
            return False
        if slot == "birth_date":
            return self._rules(draft).needs_birth_date
        return slot not in _GUARDIAN or self._guardian_age(draft) is not None

    def _guardian_age(self, draft: Draft) -> Optional[int]:
        """The age from which one may come alone, when the applicant is younger on that day."""
        born, limit = draft.get("birth_date"), self._rules(draft).guardian_below
        if born is None or limit is None:
            return None
        age = rules.age_on(date.fromisoformat(born), date.fromisoformat(draft.values["date"]))
        return limit if age < limit else None

    def _ask_first(self, draft: Draft, slot: str, say: Say) -> None:
        if slot == "application_type":
            return self.ask_type(draft, say)
        say.ask(slot)
        if slot == "applicant_side":
            for side in self._rules(draft).applicant_sides:
                say.choice(shown(slot, side), slot, side)
        return None

    def _ask_plainly(self, draft: Draft, slot: str, say: Say) -> None:
        kinds = self._rules(draft).documents[draft.values["applicant_side"]]
        document = {"document": kinds[0] if len(kinds) == 1 else "any"}
        say.ask(slot, document=document, age=self._guardian_age(draft) or 0)

    def _ask_confirm(self, draft: Draft, say: Say) -> None:
        summarise(draft, say)
        say.ask("confirm")
        say.choice(phrase("button_book"), "confirm", "book")
        say.choice(phrase("button_change"), "confirm", "no")
        say.command("button_stop", "stop")

    async def _book_it(self, draft: Draft, message: Message, say: Say) -> None:
        draft.values.pop("confirm", None)
        if draft.state == "open":
            draft.state = "ordered"
            await self._keeping.save_draft(message.sender, draft)
        person = await self._access.person_for(message.sender, draft.intent)
        try:
            appointment = await self._book.confirm(draft.key, _order(draft, message, person))
        except SeatTaken:
            draft.state = "open"
            self._seats.say_why_gone(draft, say)
            draft.clear("date")
            await self.advance(draft, message, say)
        except AlreadyBooked:
            await self._book.release(draft.key)
            say.line("fault_already_booked").over = True
            say.command("button_move", "reschedule_appointment")
            say.command("button_cancel", "cancel_appointment")
            say.command("button_person", "talk_to_human")
        except BookUnavailable:
            draft.state = "open"
            say.line("fault_unavailable")
            self._ask_confirm(draft, say)
        else:
            say.over = say.keeps = True
            await self._aftercare.booked(appointment, message, say)
            draft.state = "booked"

    def _centres(self, draft: Draft) -> "list[str]":
        """The centres that may be chosen, those on the applicant's own side first."""
        side, kind = draft.get("applicant_side"), draft.get("application_type")
        centres = centres_for(self._snapshot(), draft.values["permit"], kind)
        return [one.id for one in sorted(centres, key=lambda one: one.side != side)]

    def _rules(self, draft: Draft) -> PermitRules:
        return self._snapshot().permit_rules[draft.values["permit"]]


def _page(slot: str, values: Sequence[str], start: int, say: Say) -> None:
    """Offers some of many values, and the others behind a choice of its own."""
    page = values[start : start + MAX_CHOICES]
    last = start + MAX_CHOICES >= len(values)
    page = page if last else page[:-1]
    for value in page:
        say.choice(shown(slot, value), slot, value)
    if not last:
        say.choice(phrase("button_more"), slot, f"more:{start + len(page)}")


def _order(draft: Draft, message: Message, person: Optional[str]) -> Order:
    born = draft.get("birth_date")
    return Order(
        application_type=draft.values["application_type"],  # type: ignore[arg-type]
        applicant_side=draft.values["applicant_side"],  # type: ignore[arg-type]
        applicant=Applicant(
            name=draft.values["name"],
            document_number=draft.values["document_number"],
            phone=draft.values["phone"],
            birth_date=date.fromisoformat(born) if born else None,
            guardian_name=draft.get("guardian_name"),
            guardian_document_number=draft.get("guardian_document_number"),
        ),
        person=person,
        sender=message.sender,
    )

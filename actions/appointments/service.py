"""One turn of a person about appointments: what was said, what it changes, what is asked next.

The draft, not the conversation, is what carries a booking: it is encrypted, and it is there the
next day when the conversation is long forgotten.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Any, Callable, Dict, Mapping, Optional, Protocol

from actions.appointments import heard, wish
from actions.appointments.book import AppointmentBook, BookUnavailable
from actions.appointments.booking import Booking
from actions.appointments.centres import find_centres
from actions.appointments.draft import BOOKING, PERSONAL, Draft, Task
from actions.appointments.heard import SURE, Fault, Heard
from actions.appointments.managing import Managing
from actions.appointments.message import Message
from actions.appointments.model import HOLD_MINUTES
from actions.appointments.say import Say, phrase
from actions.appointments.seats import MAX_CHOICES, Seats
from actions.appointments.waiting import WaitingList
from core.clock import Clock, today
from knowledge.model import Snapshot
from nlu.text import cues

logger = logging.getLogger(__name__)

STARTS: Dict[str, Task] = {
    "book_appointment": "book",
    "view_appointment": "view",
    "reschedule_appointment": "reschedule",
    "cancel_appointment": "cancel",
}
#: What may be asked or said in the middle of a form, and who answers it.
ASIDES = {
    "enquire": "action_answer",
    "choose": "action_choose",
    "greet": "utter_greet",
    "thank": "utter_thank",
    "ask_capabilities": "utter_ask_capabilities",
    "change_language": "action_change_language",
    "talk_to_human": "utter_talk_to_human",
    "give_feedback": "action_give_feedback",
    "sign_in": "utter_sign_in",
    "sign_out": "utter_sign_out",
    "check_application_status": "utter_check_application_status",
    "unusable_input": "action_unusable_input",
}
#: After so many answers in a row that could not be used, a person is offered.
_MISSES = 5


class Drafts(Protocol):
    """Where drafts are kept, one a sender."""

    def load(self, sender: str) -> Optional[Mapping[str, Any]]: ...
    def save(self, sender: str, draft: Mapping[str, Any]) -> None: ...
    def drop(self, sender: str) -> None: ...


class AppointmentService:
    """The form."""

    def __init__(
        self,
        book: AppointmentBook,
        drafts: Drafts,
        seats: Seats,
        booking: Booking,
        managing: Managing,
        waiting: WaitingList,
        snapshot: Callable[[], Snapshot],
        clock: Clock,
    ) -> None:
        self._book = book
        self._drafts = drafts
        self._seats = seats
        self._booking = booking
        self._managing = managing
        self._waiting = waiting
        self._snapshot = snapshot
        self._clock = clock

    async def take(self, message: Message, open_form: bool) -> Say:
        """Takes one message.

        Args:
            open_form: whether the conversation was in the middle of the form. A draft without one
                was put aside.
        """
        kept = await asyncio.to_thread(self._drafts.load, message.sender)
        draft = Draft.of(kept) if kept else None
        say = Say()
        try:
            draft = await self._turn(draft, message, open_form, say)
        except BookUnavailable:
            logger.warning("the appointment book does not answer")
            say = Say().line("fault_unavailable")
            say.over = True
        if say.aside:
            return say
        if draft is None or (say.over and not _worth_keeping(draft, say)):
            await asyncio.to_thread(self._drafts.drop, message.sender)
        else:
            draft.asked = say.asks if not say.over else draft.asked
            draft.options = [p for _, p in say.choices]
            await asyncio.to_thread(self._drafts.save, message.sender, draft.as_dict())
        return say

    async def ask_again(self, message: Message) -> Say:
        """Says the present question again, after something else was answered."""
        kept = await asyncio.to_thread(self._drafts.load, message.sender)
        if not kept:
            return Say(over=True)
        draft, say = Draft.of(kept), Say().line("back_to_it")
        await self._advance(draft, message, say)
        draft.asked, draft.options = say.asks, [p for _, p in say.choices]
        await asyncio.to_thread(self._drafts.save, message.sender, draft.as_dict())
        return say

    async def _turn(
        self, draft: Optional[Draft], message: Message, open_form: bool, say: Say
    ) -> Optional[Draft]:
        """The draft after a message; None when there is nothing to go on with."""
        if message.tapped and message.tapped[0] in ("offer", "decline"):
            return await self._waited(draft, message, say)
        task = STARTS.get(message.intent)
        if task and not message.tapped:
            return await self._start(draft, task, message, open_form, say)
        if draft is None:
            say.line("stopped_nothing").over = True
            return None
        if draft.asked == "resume":
            return await self._resume(draft, message, say)
        if not await self._steered(draft, message, say):
            await self._answered(draft, message, say)
        return draft

    async def _start(
        self, draft: Optional[Draft], task: Task, message: Message, open_form: bool, say: Say
    ) -> Draft:
        """Begins a task, or asks whether to go on with a booking that was not finished."""
        if open_form and draft and draft.asked and draft.asked != "resume":
            if task == draft.task or (task == "reschedule" and draft.task == "book"):
                await self._answered(draft, message, say)  # said in other words what is being done
                return draft
        elif draft and draft.task == "book" == task and len(draft.values) > 1:
            return _ask_to_resume(draft, say)
        if draft:
            await self._book.release(draft.key)
        draft = Draft(task)
        if task == "book" and self._book.demo:
            say.line("demo")
        await self._absorb(draft, message, say)
        await self._advance(draft, message, say)
        return draft

    async def _resume(self, draft: Draft, message: Message, say: Say) -> Draft:
        """Goes on with a booking that was put aside, or begins anew."""
        answer = message.tapped[1] if message.tapped else None
        if answer is None:
            said = heard.yes_or_no(message, draft, self._snapshot(), today(self._clock))
            answer = said.value if isinstance(said, Heard) else None
            answer = "yes" if cues.cue(message.text) == "resume" else answer
        if answer == "no":
            await self._book.release(draft.key)
            draft = Draft(draft.task)
        elif answer == "yes":
            await self._seats.hold_again(draft, say)
        else:
            say.line("fault_unclear")
            return _ask_to_resume(draft, say)
        await self._advance(draft, message, say)
        return draft

    async def _waited(self, draft: Optional[Draft], message: Message, say: Say) -> Optional[Draft]:
        """Takes or leaves the seat that was offered to somebody on the waiting list."""
        assert message.tapped
        kind, place = message.tapped
        if kind == "decline":
            await self._waiting.decline(message.sender, place)
            say.line("waiting_declined").over = True
            return draft
        offer = await self._waiting.accept(message.sender, place)
        if offer is None:
            say.line("waiting_over").over = True
            return draft
        if draft is None or draft.task != "book":
            draft = Draft("book")
        draft.key = offer.key
        for slot in ("permit", "centre", "date", "time"):
            draft.set(slot, getattr(offer, slot))
        draft.values["slot"] = offer.slot
        await self._seats.hold_again(draft, say)
        await self._advance(draft, message, say)
        return draft

    async def _steered(self, draft: Draft, message: Message, say: Say) -> bool:
        """Whether a message steers the form, instead of answering, and what comes of it."""
        if message.tapped:
            return await self._steered_by_tap(draft, message, say)
        cue = cues.cue(message.text)
        if message.intent in ("stop", "goodbye") and message.confidence >= SURE:
            await self._stop(draft, say)
        elif cue == "back":
            await self._back(draft, message, say)
        elif cue == "unknown" and draft.asked:
            say.line(f"help_{draft.asked}")
            await self._missed(draft, message, say)
        elif cue == "any" and draft.options:
            tapped = _options(draft)[0]
            await self._answered(draft, replace(message, tapped=tapped), say)
        elif message.intent == "repeat_last" and message.confidence >= SURE:
            await self._advance(draft, message, say)
        elif message.intent == "simplify_last" and draft.asked:
            say.line(f"help_{draft.asked}")
            await self._advance(draft, message, say)
        elif message.intent == "delete_my_data" and message.confidence >= SURE:
            say.aside = "action_delete_my_data"
        elif self._is_question(message):
            say.aside = ASIDES[message.intent]
        elif (slot := cues.slot_to_change(message.text)) and not message.entities:
            await self._change(draft, slot, message, say)
        elif draft.asked == "confirm" and (slot := cues.named_slot(message.text)):
            await self._change(draft, slot, message, say)
        else:
            return False
        return True

    async def _steered_by_tap(self, draft: Draft, message: Message, say: Say) -> bool:
        assert message.tapped
        slot, value = message.tapped
        if slot == "change":
            await self._change(draft, value, message, say)
        elif slot == "permit" and value.startswith("more:"):
            self._booking.ask_permit(say, int(value[5:]))
        elif slot == "waiting":
            await self._waiting.join(
                message.sender, message.channel, message.variant,
                draft.values["permit"], draft.values["centre"], value,
            )  # fmt: skip
            say.line("waiting_joined", day={"day": value}).over = True
        else:
            return False
        return True

    def _is_question(self, message: Message) -> bool:
        """Whether a message asks for something else in the middle of the form."""
        if message.intent == "enquire":
            return message.confidence >= SURE and cues.asks_something(message.text)
        return message.intent in ("choose", "change_language", "talk_to_human", "unusable_input")

    async def _stop(self, draft: Draft, say: Say) -> None:
        """Puts a booking aside; other tasks have nothing worth keeping."""
        await self._book.release(draft.key)
        keeps = draft.task == "book" and draft.values
        say.line("stopped" if keeps else "stopped_nothing").over = True

    async def _back(self, draft: Draft, message: Message, say: Say) -> None:
        if not draft.trail:
            say.line("at_first")
        else:
            draft.clear(draft.trail[-1])
        await self._advance(draft, message, say)

    async def _change(self, draft: Draft, slot: str, message: Message, say: Say) -> None:
        """Takes an answer back so that it is asked anew."""
        if slot in ("date", "time"):
            draft.wish = {}
        draft.clear("date" if slot == "time" and "slot" not in draft.values else slot)
        await self._advance(draft, message, say)

    async def _answered(self, draft: Draft, message: Message, say: Say) -> None:
        """Takes the answer to what was asked, and whatever else a message says."""
        before = len(say.lines)
        if await self._absorb(draft, message, say):
            draft.misses = 0
            if draft.get("consent") == "no":
                await self._book.release(draft.key)
                say.line("fault_consent").over = True
            elif draft.task == "book" and draft.get("confirm") == "no":
                draft.clear("confirm")
                self._booking.ask_which_answer(say)
            else:
                await self._advance(draft, message, say)
        elif len(say.lines) == before and message.intent in ASIDES and message.confidence >= SURE:
            say.aside = ASIDES[message.intent]
        else:
            if len(say.lines) == before:
                say.line("fault_unclear")
            await self._missed(draft, message, say)

    async def _missed(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks again; after several answers that could not be used, offers a person."""
        draft.misses += 1
        await self._advance(draft, message, say)
        if draft.misses >= _MISSES:
            draft.misses = 0
            ask = self._rules_hotline(draft)
            say.lines = []
            say.line("too_hard", phone={"hotline": ask})
            say.choices = say.choices[: MAX_CHOICES - 1]
            say.command("button_person", "talk_to_human")

    def _rules_hotline(self, draft: Draft) -> str:
        permit = draft.get("permit")
        return self._snapshot().permit_rules[permit].ask if permit else "hotline:1823"

    async def _absorb(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps every answer in a message. Returns whether there was any.

        What was asked comes first: a day is a date of birth when that was asked. Then come the
        other answers that a message can give unasked, the ones already given among them: those
        are corrections.
        """
        if message.tapped:
            return self._take_tapped(draft, message.tapped)
        taken = False
        asked = draft.asked
        for slot in dict.fromkeys([*([asked] if asked else []), *_unasked(draft)]):
            answer = await self._read(slot, draft, message, say, slot == asked)
            if isinstance(answer, Fault) and (slot == asked or slot in ("permit",)):
                say.line(answer.phrase, **answer.values)
                return False
            if isinstance(answer, Heard):
                changed = draft.get(slot) not in (None, answer.value)
                draft.set(slot, answer.value)
                taken = True
                if changed and slot != asked:
                    draft.clear("confirm")
                if slot in ("birth_date",) or slot in PERSONAL or slot in ("consent", "confirm"):
                    break  # what is personal was asked for; nothing else is read from it
        if asked not in PERSONAL and await self._wished(draft, message, say):
            taken = True
        return taken

    def _take_tapped(self, draft: Draft, tapped: "tuple[str, str]") -> bool:
        slot, value = tapped
        if slot == "date":
            draft.clear("date")
            kept = wish.Wish.of(draft.wish)
            draft.wish = wish.on(value).with_time_of(kept).as_dict()
        elif slot == "time":
            draft.clear("time")
            draft.wish = wish.at(value).as_dict()
        elif slot in BOOKING or slot == "reference":
            draft.set(slot, value)
        else:
            return False
        return True

    async def _read(
        self, slot: str, draft: Draft, message: Message, say: Say, asked: bool
    ) -> heard.Answer:
        snapshot, day = self._snapshot(), today(self._clock)
        if slot == "centre":
            return await self._read_centre(draft, message, say, asked)
        if slot in ("date", "time"):
            return None  # read as a wish
        if asked and slot == "document_number" and draft.task != "book":
            return self._read_proof(draft, message)
        return heard.READERS[slot](message, draft, snapshot, day)

    def _read_proof(self, draft: Draft, message: Message) -> heard.Answer:
        """The document or the phone number that shows whose appointment it is."""
        for entity, slot in (("document_number", "document_number"), ("phone_number", "phone")):
            for value in message.values(entity):
                draft.values[slot] = value
                return Heard(draft.values.get("document_number", "")) if slot != "phone" else None
        return None

    async def _read_centre(
        self, draft: Draft, message: Message, say: Say, asked: bool
    ) -> heard.Answer:
        permit = draft.get("permit")
        if permit is None:
            return None
        found = find_centres(self._snapshot(), message.text, permit)
        if found is None or not found.centres:
            return None
        if len(found.centres) == 1:
            return Heard(found.centres[0])
        return None

    async def _wished(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps the day or the time that a message wishes for."""
        try:
            wished = wish.heard(message.entities)
        except wish.UnreadableDay as unreadable:
            say.line("fault_date_invalid" if unreadable.invalid else "fault_date")
            return False
        if wished is None:
            rejected = [e for e in message.found("date", "time") if e.get("rejected")]
            if rejected and draft.get("date"):
                draft.clear("date")
                return True
            return False
        kept = wish.Wish.of(draft.wish)
        if not wished.has_day and draft.get("date"):
            draft.clear("time")
        elif wished.has_day:
            if not wished.has_time and draft.get("time"):
                kept = wish.at(draft.values["time"])
            if not wished.has_time:
                wished = wished.with_time_of(kept)
            draft.clear("date")
        draft.clear("confirm")
        draft.wish = wished.as_dict()
        return True

    async def _advance(self, draft: Draft, message: Message, say: Say) -> None:
        if draft.task == "book":
            await self._booking.advance(draft, message, say)
        else:
            await self._managing.advance(draft, message, say)


def _unasked(draft: Draft) -> "tuple[str, ...]":
    """What a message may answer without having been asked."""
    if draft.task != "book":
        return ("reference",)
    return ("permit", "application_type", "applicant_side", "centre", "document_number", "phone")


def _options(draft: Draft) -> "list[tuple[str, str]]":
    import json

    return [
        (option["slot"], option["value"])
        for option in (json.loads(p[len("/answer") :]) for p in draft.options if "/answer" in p)
    ]


def _ask_to_resume(draft: Draft, say: Say) -> Draft:
    permit = draft.get("permit")
    if permit:
        say.ask("resume", "unfinished", permit={"permit": permit})
    else:
        say.ask("resume", "unfinished_plain")
    say.choice(phrase("button_go_on"), "resume", "yes")
    say.choice(phrase("button_start_anew"), "resume", "no")
    return draft


def _worth_keeping(draft: Draft, say: Say) -> bool:
    """Whether a draft that is not being worked on may be resumed: stopped, or waiting."""
    stopped = {"appointments.stopped", "appointments.waiting_joined", "appointments.fault_unavailable"}
    return draft.task == "book" and any(name in stopped for name, _ in say.lines)

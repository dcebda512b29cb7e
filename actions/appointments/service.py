"""One turn of a person about appointments: what was said, what it changes, what is asked next.

The draft, not the conversation, carries a booking: it is encrypted, and it is there the next day
when the conversation is long forgotten.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Any, Callable, Dict, Mapping, Optional, Protocol

from actions.appointments import heard
from actions.appointments.book import AppointmentBook, BookUnavailable
from actions.appointments.draft import STARTS, Draft, Task
from actions.appointments.heard import Heard
from actions.appointments.listening import Listener
from actions.appointments.message import Message
from actions.appointments.say import Say, phrase
from actions.appointments.seats import MAX_CHOICES, Seats
from actions.appointments.steering import ASIDES, Steering
from actions.appointments.tasks import Tasks
from actions.appointments.typed import choice_named
from core.clock import Clock, today
from knowledge.model import Snapshot
from nlu.text import cues

logger = logging.getLogger(__name__)

#: After so many answers in a row that could not be used, a person is offered.
_MISSES = 5


class Drafts(Protocol):
    """Where drafts are kept, one a sender."""

    def load(self, sender: str) -> Optional[Mapping[str, Any]]: ...
    def save(self, sender: str, draft: Dict[str, Any]) -> None: ...
    def delete_of(self, sender: str) -> int: ...


class AppointmentService:
    """The form: takes one message, says one thing."""

    def __init__(
        self,
        book: AppointmentBook,
        drafts: Drafts,
        seats: Seats,
        tasks: Tasks,
        steering: Steering,
        listener: Listener,
        snapshot: Callable[[], Snapshot],
        clock: Clock,
    ) -> None:
        self._book = book
        self._drafts = drafts
        self._seats = seats
        self._tasks = tasks
        self._steering = steering
        self._listener = listener
        self._snapshot = snapshot
        self._clock = clock

    async def take(self, message: Message, open_form: bool) -> Say:
        """Takes one message.

        Args:
            open_form: whether the conversation is in the middle of the form. A draft without one
                was put aside.
        """
        kept = await asyncio.to_thread(self._drafts.load, message.sender)
        draft, say = Draft.of(kept) if kept else None, Say()
        if draft and open_form and not message.tapped:
            chosen = choice_named(draft, message.text, self._snapshot())
            message = replace(message, tapped=chosen)
        try:
            draft = await self._turn(draft, message, open_form, say)
        except BookUnavailable:
            logger.warning("the appointment book does not answer")
            say = Say(over=True, keeps=True).line("fault_unavailable")
        if not say.aside:
            await self._keep(draft, message.sender, say)
        return say

    async def ask_again(self, message: Message) -> Say:
        """Says the present question again, after something else was answered."""
        kept = await asyncio.to_thread(self._drafts.load, message.sender)
        if not kept:
            return Say(over=True)
        draft, say = Draft.of(kept), Say().line("back_to_it")
        if draft.asked == "resume":
            _ask_to_resume(draft, say)
        else:
            await self._tasks.advance(draft, message, say)
        await self._keep(draft, message.sender, say)
        return say

    async def task_of(self, sender: str) -> Optional[str]:
        """The intent of the task that a sender has in hand, or has put aside."""
        kept = await asyncio.to_thread(self._drafts.load, sender)
        return Draft.of(kept).intent if kept else None

    async def _keep(self, draft: Optional[Draft], sender: str, say: Say) -> None:
        if draft is None or (say.over and not say.keeps):
            await asyncio.to_thread(self._drafts.delete_of, sender)
            return
        draft.asked = None if say.over else say.asks
        draft.options = list(say.choices)
        await asyncio.to_thread(self._drafts.save, sender, draft.as_dict())

    async def _turn(
        self, draft: Optional[Draft], message: Message, open_form: bool, say: Say
    ) -> Optional[Draft]:
        """The draft after a message; None when there is nothing to go on with."""
        if message.tapped and message.tapped[0] in ("offer", "decline"):
            return await self._tasks.answer_offer(draft, message, say)
        gone = draft.get("permit") if draft else None
        if draft and gone and gone not in self._snapshot().bookable:  # taken out meanwhile
            await self._book.release(draft.key)
            say.line("not_offered", permit={"permit": gone}).over = True
            return None
        task = STARTS.get(message.intent)
        if task and not message.tapped and (not open_form or message.is_sure):
            return await self._start(draft, task, message, open_form, say)
        if draft is None or (not open_form and not _resumes(draft, message)):
            say.line("choice_over" if message.tapped else "stopped_nothing").over = True
            say.keeps = draft is not None
            return draft
        if draft.asked in (None, "resume"):
            return await self._resume(draft, message, say)
        if not await self._steering.steer(draft, message, say):
            await self._answer(draft, message, say)
        if say.missed:
            self._count_miss(draft, say)
        return draft

    async def _start(
        self, draft: Optional[Draft], task: Task, message: Message, open_form: bool, say: Say
    ) -> Draft:
        """Begins a task, or asks whether to go on with a booking that was not finished."""
        if open_form and draft and draft.asked not in (None, "resume"):
            if task == draft.task or (draft.task == "book" and task == "reschedule"):
                if not await self._steering.steer(draft, message, say):
                    self._listener.absorb(draft, message, say)
                    await self._tasks.advance(draft, message, say)
                return draft
        elif draft and draft.task == task == "book" and draft.values:
            return _ask_to_resume(draft, say)
        if draft:
            await self._book.release(draft.key)
        draft = Draft(task)
        if task == "book" and self._book.demo:
            say.line("demo")
        self._listener.absorb(draft, message, say)
        await self._tasks.advance(draft, message, say)
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
        await self._tasks.advance(draft, message, say)
        return draft

    async def _answer(self, draft: Draft, message: Message, say: Say) -> None:
        """Takes the answer to what was asked, and whatever else a message says."""
        if self._listener.absorb(draft, message, say):
            draft.misses = 0
            await self._tasks.advance(draft, message, say)
        elif not say.lines and _is_aside(message):
            say.aside = ASIDES[message.intent]
        else:
            if not say.lines:
                say.line("fault_unclear")
            say.missed = True
            await self._tasks.advance(draft, message, say)

    def _count_miss(self, draft: Draft, say: Say) -> None:
        """After several answers that could not be used, offers a person."""
        draft.misses += 1
        if draft.misses >= _MISSES:
            draft.misses = 0
            permit = draft.get("permit")
            ask = self._snapshot().permit_rules[permit].ask if permit else "hotline:1823"
            say.lines = []
            say.line("too_hard", phone={"hotline": ask})
            say.choices = say.choices[: MAX_CHOICES - 1]
            say.command("button_person", "talk_to_human")


def _is_aside(message: Message) -> bool:
    """Whether another action can answer a message; a thing that is merely named asks nothing."""
    if message.intent not in ASIDES or not message.is_sure:
        return False
    asks = cues.asks_something(message.text) or message.asks_for or not message.entities
    return message.intent != "enquire" or bool(asks)


def _resumes(draft: Draft, message: Message) -> bool:
    """Whether a message goes on with what was put aside, though no form is open."""
    return draft.asked == "resume" or bool(message.tapped and message.tapped[0] == "resume")


def _ask_to_resume(draft: Draft, say: Say) -> Draft:
    permit = draft.get("permit")
    if permit:
        say.ask("resume", "unfinished", permit={"permit": permit})
    else:
        say.ask("resume", "unfinished_plain")
    say.choice(phrase("button_go_on"), "resume", "yes")
    say.choice(phrase("button_start_anew"), "resume", "no")
    return draft

"""One turn of a person about appointments: what was said, what it changes, what is asked next.

The draft, not the conversation, carries a booking: it is encrypted, and it is there the next day
when the conversation is long forgotten.
"""

import logging
from dataclasses import replace
from typing import Callable, Optional

from actions.appointments import heard, resuming
from actions.appointments.book import AppointmentBook, BookUnavailable
from actions.appointments.draft import STARTS, Draft, Task
from actions.appointments.heard import Heard
from actions.appointments.kept import Keeping, Kept
from actions.appointments.listening import Listener
from actions.appointments.message import Message
from actions.appointments.resuming import LEFT
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


class AppointmentService:
    """The form: takes one message, says one thing."""

    def __init__(
        self,
        book: AppointmentBook,
        keeping: Keeping,
        seats: Seats,
        tasks: Tasks,
        steering: Steering,
        listener: Listener,
        snapshot: Callable[[], Snapshot],
        clock: Clock,
    ) -> None:
        self._book = book
        self._keeping = keeping
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
        kept, say = await self._keeping.load(message.sender), Say()
        if kept.draft and open_form and not message.tapped:
            chosen = choice_named(kept.draft, message.text, self._snapshot())
            message = replace(message, tapped=chosen)
        try:
            kept.draft = await self._turn(kept, message, open_form, say)
        except BookUnavailable:
            logger.warning("the appointment book does not answer")
            say = Say(over=True, keeps=True).line("fault_unavailable")
        if not say.aside:
            await self._keep(kept, message, say)
        return say

    async def ask_again(self, message: Message) -> Say:
        """Says the present question again, after something else was answered."""
        kept = await self._keeping.load(message.sender)
        draft = kept.draft
        if not draft:
            return Say(over=True)
        say = Say().line("back_to_it")
        if draft.asked in LEFT:
            resuming.ask_again(draft, say)
        else:
            await self._tasks.advance(draft, message, say)
        await self._keep(kept, message, say)
        return say

    async def task_of(self, sender: str) -> Optional[str]:
        """The intent of the task that a sender has in hand, or has put aside."""
        draft = (await self._keeping.load(sender)).draft
        return draft.intent if draft else None

    async def _keep(self, kept: Kept, message: Message, say: Say) -> None:
        kept.note_proof(self._clock())
        resuming.close(kept, message, say)
        if kept.draft:
            kept.draft.asked = None if say.over else say.asks
            kept.draft.options = list(say.choices)
        await self._keeping.save(message.sender, kept)

    async def _turn(
        self, kept: Kept, message: Message, open_form: bool, say: Say
    ) -> Optional[Draft]:
        """The draft after a message; None when there is nothing to go on with."""
        draft = kept.draft
        if draft and draft.state != "open":
            if not _was_told(draft, message, open_form):
                await self._tasks.advance(draft, message, say)
                return draft
            draft = kept.draft = None
        if message.tapped and message.tapped[0] in ("offer", "decline"):
            return await self._tasks.answer_offer(draft, message, say)
        gone = draft.get("permit") if draft else None
        if draft and gone and gone not in self._snapshot().bookable:  # taken out meanwhile
            await self._book.release(draft.key)
            say.line("not_offered", permit={"permit": gone}).over = True
            return None
        task = STARTS.get(message.intent)
        if draft and open_form and heard.agreement(draft, message) is not None:
            task = None  # “cancel it” where that is asked
        if task and not message.tapped and (not open_form or message.is_sure):
            return await self._start(kept, task, message, open_form, say)
        if draft is None or (not open_form and not resuming.resumes(draft, message)):
            say.line("choice_over" if message.tapped else "stopped_nothing").over = True
            say.keeps = draft is not None
            return draft
        if draft.asked in LEFT:
            return await self._resume(draft, message, say)
        if not await self._steering.steer(draft, message, say):
            await self._answer(draft, message, say)
        if say.missed:
            self._count_miss(draft, say)
        return draft

    async def _start(
        self, kept: Kept, task: Task, message: Message, open_form: bool, say: Say
    ) -> Draft:
        """Begins a task, or asks whether to go on with a booking that was not finished."""
        draft = kept.draft
        if open_form and draft and draft.asked not in LEFT:
            if task == draft.task or (draft.task == "book" and task == "reschedule"):
                if not await self._steering.steer(draft, message, say):
                    self._listener.absorb(draft, message, say)
                    await self._tasks.advance(draft, message, say)
                return draft
        elif draft and draft.task == task == "book" and draft.values:
            return resuming.ask_to_resume(draft, say)
        new = Draft(task)
        if draft and draft.task == "book" and draft.values and task != "book":
            kept.put_aside(new)
        else:
            if draft:
                await self._book.release(draft.key)
            if task == "book" and (aside := kept.take_back()):
                return resuming.ask_to_resume(aside, say)
            kept.begin(new)
        if task == "book" and self._book.demo:
            say.line("demo")
        self._listener.absorb(new, message, say)
        if new.known and task == "reschedule" and new.get("reference") is None:
            say.line("noted", label=phrase("label_reference"), value=new.known["reference"])
        if new.get("reference") is None and cues.has_lost_reference(message.text):
            new.asked = "document_number"  # which finds it without
        await self._tasks.advance(new, message, say)
        return new

    async def _resume(self, draft: Draft, message: Message, say: Say) -> Draft:
        """Goes on with a booking that was put aside, or begins anew."""
        answer = message.tapped[1] if message.tapped and message.tapped[0] in LEFT else None
        if not message.tapped:
            said = heard.yes_or_no(message, draft, self._snapshot(), today(self._clock))
            answer = said.value if isinstance(said, Heard) else None
            answer = "yes" if cues.cue(message.text) == "resume" else answer
        stops = answer is None and message.intent in ("stop", "goodbye") and message.is_sure
        if stops or (answer == "no" and draft.asked == resuming.GO_ON):
            await self._steering.stop(draft, say)
            return draft
        if answer == "no":
            await self._book.release(draft.key)
            draft = Draft(draft.task)
        elif answer == "yes":
            await self._seats.hold_again(draft, say)
        else:
            say.line("choice_over" if message.tapped else "fault_unclear")
            return resuming.ask_again(draft, say)
        await self._tasks.advance(draft, message, say)
        return draft

    async def _answer(self, draft: Draft, message: Message, say: Say) -> None:
        """Takes the answer to what was asked, and whatever else a message says."""
        if self._listener.absorb(draft, message, say):
            draft.misses = 0
            await self._tasks.advance(draft, message, say)
        elif message.tapped and not say.lines:  # a button of a question that is over
            await self._tasks.advance(draft, message, say.line("choice_over"))
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


def _was_told(draft: Draft, message: Message, open_form: bool) -> bool:
    """Whether a person knows of the appointment that was made.

    When the process died on the way, the conversation still has the form open. Who sends the same
    “yes” again has not seen the answer either.
    """
    repeated = message.tapped == ("confirm", draft.task)
    return draft.state == "booked" and not open_form and not repeated

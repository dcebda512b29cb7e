"""What steers the form instead of answering it: stop, back, I do not know, change the phone.

Whatever is asked in the middle of a form is answered by the action that answers it anywhere
else; the form says its question again afterwards.
"""

from dataclasses import replace
from datetime import date
from typing import Callable

from actions.appointments import heard, references
from actions.appointments.book import AppointmentBook
from actions.appointments.booking import Booking
from actions.appointments.draft import PERSONAL, Draft
from actions.appointments.listening import Listener
from actions.appointments.message import Message
from actions.appointments.ownership import LOST, ask_lost
from actions.appointments.say import Say, choice_of
from actions.appointments.tasks import Tasks
from actions.appointments.waiting import WaitingList
from actions.appointments.waiting_store import MOST_PLACES
from core.privacy import narrow
from core.reader import Reader
from knowledge.model import Snapshot
from nlu.text import cues

_MORE = "more:"
#: What “any will do” can answer; what somebody applies for and agrees to only he can say.
_ANY_WILL_DO = ("centre", "date", "time")
#: Questions at which the name of an answer alone says that it is to be changed.
_AT_THE_END = ("consent", "confirm", "change")
#: What may be said in the middle of a form, and the action that answers it.
ASIDES = {
    "enquire": "action_answer",
    "choose": "action_choose",
    "greet": "utter_greet",
    "thank": "utter_thank",
    "ask_capabilities": "utter_ask_capabilities",
    "change_language": "action_change_language",
    "talk_to_human": "utter_talk_to_human",
    "give_feedback": "action_give_feedback",
    "sign_in": "action_sign_in",
    "sign_out": "action_sign_out",
    "check_application_status": "action_check_application_status",
    "signed_in": "action_signed_in",
    "sign_in_waiting": "action_confirm_sign_in",
    "confirm_sign_in": "action_confirm_sign_in",
    "sign_in_refused": "action_confirm_sign_in",
    "delete_my_data": "action_delete_my_data",
    "unusable_input": "action_unusable_input",
}
#: Of these, what is never an answer to the form, however it reads.
_ALWAYS = (
    "choose", "change_language", "talk_to_human", "delete_my_data", "unusable_input", "sign_in",
    "sign_out",
)  # fmt: skip


class Steering:
    """Handles what is no answer."""

    def __init__(
        self,
        book: AppointmentBook,
        booking: Booking,
        tasks: Tasks,
        waiting: WaitingList,
        listener: Listener,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._book = book
        self._booking = booking
        self._tasks = tasks
        self._waiting = waiting
        self._listener = listener
        self._snapshot = snapshot

    async def steer(self, draft: Draft, message: Message, say: Say) -> bool:
        """Whether a message steers the form; if it does, what comes of it has been said."""
        if message.tapped:
            return await self._tapped(draft, message, say)
        said = heard.agreement(draft, message)
        wrong = draft.task == "book" and cues.named_slot(message.text)  # “the date is wrong”
        if said or (said is False and not wrong):
            return False
        cue, private = cues.cue(message.text), draft.asked in PERSONAL
        if draft.asked == "reference" and _has_no_reference(message):
            ask_lost(say)
        elif cue == "back":
            await self._back(draft, message, say)
        elif cue == "unknown":
            await self._help(draft, message, say)
            say.missed = True
        elif cue == "any" and (best := _best_offered(draft)):
            tapped = replace(message, tapped=best)
            self._listener.absorb(draft, tapped, say)
            await self._tasks.advance(draft, message, say)
        elif message.intent in ("stop", "goodbye") and message.is_sure:
            await self.stop(draft, say)
        elif message.intent == "simplify_last" and _is_plain(message) and not private:
            await self._help(draft, message, say)
        elif message.intent == "repeat_last" and _is_plain(message) and not private:
            await self._tasks.advance(draft, message, say)
        elif message.intent in _ALWAYS and message.is_sure:
            say.aside = ASIDES[message.intent]
        elif _is_question(draft, message):
            await self._enquire(draft, message, say)
        elif not message.entities and (slot := _slot_to_change(draft, message)):
            await self._change(draft, slot, message, say)
        elif draft.asked in _AT_THE_END and _wants_change(draft, message):
            self._booking.ask_which_answer(say)
        else:
            return False
        return True

    async def _tapped(self, draft: Draft, message: Message, say: Say) -> bool:
        assert message.tapped
        slot, value = message.tapped
        if (slot, value) == ("reference", LOST) and draft.task != "book":
            ask_lost(say)
        elif slot == "change":
            await self._change(draft, value, message, say)
        elif value.startswith(_MORE) and slot in ("permit", "application_type"):
            start = int(value[len(_MORE) :])
            if slot == "permit":
                self._booking.ask_permit(say, start)
            elif draft.get("permit"):
                self._booking.ask_type(draft, say, start)
        elif slot == "waiting" and draft.get("centre"):
            place = await self._waiting.join(
                message.sender,
                message.channel,
                Reader.parse(message.reader),
                draft.values["permit"],
                draft.values["centre"],
                date.fromisoformat(value),
            )
            if place is None:
                say.line("fault_too_many_waiting", limit=MOST_PLACES)
                await self._tasks.advance(draft, message, say)
                return True
            say.line("waiting_joined", day={"day": value})
            say.over = say.keeps = True
        else:
            return False
        return True

    async def _enquire(self, draft: Draft, message: Message, say: Say) -> None:
        """Answers a question; one that names nothing is about the permit that is being booked."""
        entry = self._snapshot().entries.get(f"permit:{draft.get('permit')}")
        names_something = message.found("permit", "service", "place")
        known = [fact for fact in message.asks_for if entry and entry.facts.get(fact)]
        if entry and known and not names_something:
            say.answer = {"entry": entry.id, "facts": known}
            await self._tasks.advance(draft, message, say.line("back_to_it"))
        else:
            say.aside = ASIDES["enquire"]

    async def _help(self, draft: Draft, message: Message, say: Say) -> None:
        say.line("help_confirm" if draft.asked == "change" else f"help_{draft.asked}")
        await self._tasks.advance(draft, message, say)

    async def stop(self, draft: Draft, say: Say) -> None:
        """Puts a booking aside; other tasks have nothing worth keeping."""
        await self._book.release(draft.key)
        say.keeps = draft.task == "book" and bool(draft.values)
        say.line("stopped" if say.keeps else "stopped_nothing").over = True

    async def _back(self, draft: Draft, message: Message, say: Say) -> None:
        if draft.trail:
            draft.clear(draft.trail[-1])
            draft.forget_wishes()
        else:
            say.line("at_first")
        await self._tasks.advance(draft, message, say)

    async def _change(self, draft: Draft, slot: str, message: Message, say: Say) -> None:
        """Takes an answer back, so that it is asked anew."""
        draft.clear(slot)
        draft.clear("confirm")
        draft.forget_wishes()
        if slot == "centre" and not message.tapped and self._listener.names_place(draft, message):
            draft.asked = "centre"
            self._listener.absorb(draft, message, say)
        await self._tasks.advance(draft, message, say)


def _is_plain(message: Message) -> bool:
    """Whether a message is sure of its intent and no hour: 一點 is one o'clock, and “a little”."""
    return message.is_sure and not message.found("date", "time")


def _slot_to_change(draft: Draft, message: Message) -> "str | None":
    if draft.asked in PERSONAL:  # “Change” may be somebody's name
        slot = cues.slot_to_change(message.text)
        return slot if slot != draft.asked and slot in draft.values else None
    if draft.asked in _AT_THE_END:
        slot = cues.named_slot(message.text)
        return slot if slot in draft.values else None
    slot = cues.slot_to_change(message.text)
    return slot if slot in draft.values else None


def _has_no_reference(message: Message) -> bool:
    """Whether somebody who is asked for a reference says that it is lost, and gives no other."""
    lost = cues.cue(message.text) == "unknown" or cues.has_lost(message.text)
    given = references.find(message.text) or message.found("document_number", "phone_number")
    return lost and not given


def _wants_change(draft: Draft, message: Message) -> bool:
    """Whether something is to be changed that is not named: “change something”."""
    return draft.task == "book" and not message.entities and cues.changes(message.text)


def _is_question(draft: Draft, message: Message) -> bool:
    """Whether a message surely asks something. “Chan How Ming” is a name where one is asked."""
    asks = message.intent == "enquire" and message.is_sure and cues.asks_something(message.text)
    written_as_name = message.text.istitle() or message.text.isupper()
    if asks and written_as_name and "?" not in narrow(message.text):
        return draft.asked not in ("name", "guardian_name")
    return asks


def _best_offered(draft: Draft) -> "tuple[str, str] | None":
    """The first of the answers that were offered, where it makes no difference which one."""
    if draft.asked not in _ANY_WILL_DO:
        return None
    offered = (choice_of(payload) for _, payload in draft.options)
    return next((one for one in offered if one and one[0] == draft.asked), None)

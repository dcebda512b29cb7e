"""Takes the answers out of a message and keeps them in the draft.

What was asked is read first: a day is a date of birth when that was asked. Then comes what a
message may say unasked, answers that were given before among it: those are corrections.
"""

from datetime import date
from typing import Callable, Optional

from actions.appointments import heard, wish
from actions.appointments.centres import CentreFinder
from actions.appointments.draft import BOOKING, PERSONAL, Draft
from actions.appointments.heard import Fault, Heard
from actions.appointments.message import Message
from actions.appointments.say import Say, phrase
from actions.appointments.summary import shown
from core.clock import Clock, today
from knowledge.model import Snapshot

_UNASKED = ("permit", "application_type", "applicant_side")
#: Questions whose answer is the whole message.
_ALONE = PERSONAL | {"consent", "confirm"}
#: Answers that count only while their question stands: an old button must not book anything.
_AT_ONCE = ("consent", "confirm")


class Listener:
    """Reads messages for drafts."""

    def __init__(self, snapshot: Callable[[], Snapshot], clock: Clock) -> None:
        self._snapshot = snapshot
        self._clock = clock
        self._finder: Optional[CentreFinder] = None
        self._finder_of: Optional[Snapshot] = None

    def absorb(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps every answer in a message. Returns whether there was any.

        A fault in the answer to what was asked is said, and nothing is kept.
        """
        if message.tapped:
            return _take_tapped(draft, *message.tapped)
        asked = draft.asked
        taken = False
        if asked in heard.READERS and asked != "centre":
            answer = self._read(asked, draft, message)
            if isinstance(answer, Fault):
                say.line(answer.phrase, **answer.values)
                return False
            if isinstance(answer, Heard):
                draft.set(asked, answer.value)
                taken = True
            if asked in _ALONE and (taken or asked in PERSONAL):
                return taken
        if draft.task == "book":
            taken = self._unasked(draft, message, say) or taken
            taken = self._place(draft, message, say) or taken
        elif draft.get("reference") is None:
            answer = self._read("reference", draft, message)
            if isinstance(answer, Heard):
                draft.set("reference", answer.value)
                taken = True
        return self._wished(draft, message, say) or taken

    def _read(self, slot: str, draft: Draft, message: Message) -> heard.Answer:
        if slot == "document_number" and draft.task != "book":
            return heard.proof(message)
        return heard.READERS[slot](message, draft, self._snapshot(), today(self._clock))

    def _unasked(self, draft: Draft, message: Message, say: Say) -> bool:
        taken = False
        for slot in _UNASKED:
            if slot == draft.asked or (slot != "permit" and draft.get("permit") is None):
                continue
            answer = self._read(slot, draft, message)
            if isinstance(answer, Fault):
                say.line(answer.phrase, **answer.values)
            elif isinstance(answer, Heard) and self._may_replace(draft, slot, answer.value):
                said = "changed" if draft.get(slot) else "noted"
                draft.set(slot, answer.value)
                label = phrase(f"label_{slot}")
                say.line(said, label=label, value=shown(slot, answer.value))
                draft.clear("confirm")
                taken = True
        return taken

    def _may_replace(self, draft: Draft, slot: str, value: str) -> bool:
        """Whether an unasked answer counts: not the same again, a side only where it is missing."""
        before = draft.get(slot)
        return before is None or (before != value and slot != "applicant_side")

    def _place(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps the centre that a message names, or the few among which it leaves the choice."""
        permit = draft.get("permit")
        if permit is None:
            return False
        match = self._centres().find(message.text, permit, draft.get("application_type"))
        if match is None:
            if draft.asked == "centre" and not message.found("date", "time"):
                say.line("fault_centre")
            return False
        for refused in match.refused:
            say.line(
                "fault_centre_permit", centre={"centre": refused.id}, permit={"permit": permit}
            )
        fitting = [centre.id for centre in match.centres]
        if not fitting or (draft.get("centre") in fitting and draft.asked != "centre"):
            return False
        if match.by == "name" and len(fitting) == 1:
            draft.set("centre", fitting[0])
            draft.nearby = []
            if draft.asked != "centre":
                label = phrase("label_centre")
                say.line("noted", label=label, value=shown("centre", fitting[0]))
        else:
            draft.clear("centre")
            draft.nearby = fitting
            if match.by == "near" and match.places:
                say.line("nearest", place={"locality": match.places[0]})
        draft.clear("confirm")
        return True

    def _centres(self) -> CentreFinder:
        snapshot = self._snapshot()
        if self._finder is None or self._finder_of is not snapshot:
            self._finder, self._finder_of = CentreFinder(snapshot), snapshot
        return self._finder

    def _wished(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps the day or the time that a message wishes for, in place of an earlier wish."""
        try:
            wished = wish.heard(message.entities)
        except wish.UnreadableDay as unreadable:
            say.line("fault_date_invalid" if unreadable.invalid else "fault_date")
            return False
        if wished is None:
            rejected = any(entity.get("rejected") for entity in message.found("date", "time"))
            if rejected and draft.get("date"):
                draft.clear("date")
            return rejected
        kept = wish.Wish.of(draft.wish)
        if wished.has_day:
            if not wished.has_time:
                time = draft.get("time")
                wished = wished.with_time_of(wish.at(time) if time else kept)
            draft.clear("date")
        elif draft.get("date"):
            draft.clear("time")
        else:
            wished = kept.with_time_of(wished)
        draft.clear("confirm")
        draft.wish = wished.as_dict()
        return True


def _take_tapped(draft: Draft, slot: str, value: str) -> bool:
    if slot in _AT_ONCE and draft.asked != slot:
        return False
    if slot == "date":
        kept = wish.Wish.of(draft.wish)
        draft.clear("date")
        draft.wish = wish.on(date.fromisoformat(value)).with_time_of(kept).as_dict()
    elif slot == "time":
        draft.clear("time")
        draft.wish = wish.at(value).as_dict()
    elif slot in (*BOOKING, "reference"):
        draft.set(slot, value)
    else:
        return False
    return True

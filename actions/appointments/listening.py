"""Takes the answers out of a message and keeps them in the draft.

What was asked is read first: a day is a date of birth when that was asked. Then comes what a
message may say unasked, answers that were given before among it: those are corrections.
"""

from dataclasses import replace
from typing import Any, Callable, Mapping

from actions.appointments import heard
from actions.appointments.draft import BOOKING, PERSONAL, STARTS, Draft
from actions.appointments.heard import Fault, Heard
from actions.appointments.message import Message
from actions.appointments.places import Places
from actions.appointments.say import Say
from actions.appointments.summary import note
from actions.appointments.wishes import is_long_ago, take_wish, wish_for_tapped
from core.clock import Clock, today
from knowledge.model import Snapshot
from nlu.text import cues

_UNASKED = ("permit", "application_type", "applicant_side")
#: An old button changes these aloud.
_SAID_WHEN_CHANGED = (*_UNASKED, "centre")
_NAMES = ("name", "guardian_name")
_GUARDIANS = ("guardian_name", "guardian_document_number")
#: What may be given before it is asked for, and the entity that holds it.
_AHEAD = {
    "birth_date": "date",
    "document_number": "document_number",
    "guardian_document_number": "document_number",
    "phone": "phone_number",
}
#: Answers that count only while their question stands: an old button must not book anything.
_AT_ONCE = ("consent", "confirm", "prefill")


class Listener:
    """Reads messages for drafts."""

    def __init__(self, snapshot: Callable[[], Snapshot], clock: Clock) -> None:
        self._snapshot = snapshot
        self._clock = clock
        self._places = Places(snapshot)

    def absorb(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps every answer in a message. Returns whether there was any.

        A fault in the answer to what was asked is said, and nothing is kept.
        """
        if message.tapped:
            return _take_tapped(draft, *message.tapped, say)
        if draft.task != "book" and self._claims(draft, message):
            return True
        asked, answer = draft.asked, None
        personal = asked in PERSONAL and not self._corrects(draft, message)
        if asked in heard.READERS and (personal or asked not in PERSONAL):
            answer = self._read(asked, draft, message)
        taken = isinstance(answer, Heard)
        if isinstance(answer, Heard):
            draft.set(asked or "", answer.value)
        born = asked == "birth_date" and taken
        if (personal and not born) or (taken and asked in _AT_ONCE):
            ahead = personal and self._given_ahead(draft, message, say)
            if isinstance(answer, Fault) and not ahead:
                say.line(answer.phrase, **answer.values)
            return taken or ahead
        if isinstance(answer, Fault):
            say.line(answer.phrase, **answer.values)
            return False
        if draft.task == "book":
            taken = self._unasked(draft, message, say) or taken
            taken = self._given_ahead(draft, message, say) or taken
            taken = self._places.take(draft, message, say) or taken
        return (not born and take_wish(draft, message, today(self._clock), say)) or taken

    def _claims(self, draft: Draft, message: Message) -> bool:
        """Keeps the reference of an appointment, or of another one, and the number beside it.

        Who is asked for a reference may give the number alone, having lost the other.
        """
        reference = self._read("reference", draft, message)
        named = isinstance(reference, Heard)
        if isinstance(reference, Heard) and draft.get("reference") != reference.value:
            for slot in ("document_number", "phone", "date", "confirm"):
                draft.clear(slot)
            draft.set("reference", reference.value)
            draft.proved = False
        numbers = message.found("document_number", "phone_number")
        if numbers and (named or draft.asked in (None, "reference")) and not draft.proved:
            proof = self._read("document_number", draft, message)
            if isinstance(proof, Heard):
                draft.set("document_number", proof.value)
                return True
        return named

    def names_place(self, draft: Draft, message: Message) -> bool:
        """Whether a message says where to go."""
        return self._places.find(draft, message) is not None

    def _read(self, slot: str, draft: Draft, message: Message) -> heard.Answer:
        if slot == "document_number" and draft.task != "book":
            return heard.proof(message)
        return heard.READERS[slot](message, draft, self._snapshot(), today(self._clock))

    def _unasked(self, draft: Draft, message: Message, say: Say) -> bool:
        taken = False
        for slot in _UNASKED:
            if slot == draft.asked or (slot == "applicant_side" and draft.get("permit") is None):
                continue
            answer = self._read(slot, draft, message)
            if isinstance(answer, Fault):
                say.line(answer.phrase, **answer.values)
            elif isinstance(answer, Heard) and _may_replace(draft, slot, answer.value, message):
                said = "changed" if draft.get(slot) else "noted"
                draft.set(slot, answer.value)
                note(draft, slot, say, said)
                draft.clear("confirm")
                taken = True
        return taken

    def _corrects(self, draft: Draft, message: Message) -> bool:
        """Whether a personal question is answered by another day, time or place instead."""
        if draft.task != "book":
            return False
        when = message.found("date", "time")
        if any(entity.get("rejected") for entity in when):
            return True
        if cues.changes(message.text):
            return bool(when) or self._places.find(draft, message) is not None
        if not when or message.found("document_number", "phone_number"):
            return False
        if draft.asked in _NAMES:  # 十點 alone is an hour and no name
            alone = any(one["end"] - one["start"] >= len(message.text.strip()) for one in when)
            return alone or isinstance(self._read("name", draft, message), Fault)
        return draft.asked != "birth_date"

    def _given_ahead(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps a document, a telephone number or a date of birth given before it is asked for."""
        if draft.task != "book":
            return False
        taken = False
        for slot, entity in _AHEAD.items():
            given = [one for one in message.found(entity) if self._may_hold(draft, slot, one)]
            if slot == draft.asked or draft.get(slot) or not given:
                continue
            answer = self._read(slot, draft, replace(message, entities=tuple(given)))
            if isinstance(answer, Heard):
                draft.set(slot, answer.value)
                note(draft, slot, say)
                taken = True
        return taken

    def _may_hold(self, draft: Draft, slot: str, entity: "Mapping[str, Any]") -> bool:
        """Whether an entity can be the answer to a question that has not been asked."""
        permit = draft.get("permit")
        if slot == "guardian_document_number":
            return draft.asked == "guardian_name"
        if slot == "document_number":
            return draft.get("applicant_side") is not None and draft.asked not in _GUARDIANS
        if slot == "birth_date":
            needed = permit and self._snapshot().permit_rules[permit].needs_birth_date
            return bool(needed) and is_long_ago(entity, today(self._clock))
        return True


def _take_tapped(draft: Draft, slot: str, value: str, say: Say) -> bool:
    """Keeps a tapped choice; False when it counts no more."""
    if slot in _AT_ONCE and draft.asked != slot:
        return False
    if slot == "confirm":  # “Yes, book it” must not confirm a cancellation
        if value not in (draft.task, "no"):
            return False
        draft.set(slot, "no" if value == "no" else "yes")
    elif slot in ("date", "time"):
        wish_for_tapped(draft, slot, value)
    elif slot in (*BOOKING, "reference", "prefill"):
        changed = slot in _SAID_WHEN_CHANGED and draft.get(slot) not in (None, value)
        draft.set(slot, value)
        if changed:
            draft.clear("confirm")
            note(draft, slot, say, "changed")
    else:
        return False
    return True


def _may_replace(draft: Draft, slot: str, value: str, message: Message) -> bool:
    """Whether an unasked answer counts, when there may be another one before it.

    A side counts only where it is missing. A permit that is merely mentioned (“with my passport”)
    does not take the place of the one that is being booked.
    """
    before = draft.get(slot)
    if before is None or before == value or slot == "applicant_side":
        return before is None
    if slot != "permit":
        return True
    meant = cues.changes(message.text) or STARTS.get(message.intent) == draft.task
    meant = meant or draft.asked == "application_type"
    return meant and not message.found("document_number")

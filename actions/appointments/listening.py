"""Takes the answers out of a message and keeps them in the draft.

What was asked is read first: a day is a date of birth when that was asked. Then comes what a
message may say unasked, answers that were given before among it: those are corrections.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Callable, Mapping, Optional, Sequence

from actions.appointments import heard, wish
from actions.appointments.bare import bare_number
from actions.appointments.centres import CentreFinder, Match
from actions.appointments.draft import BOOKING, PERSONAL, STARTS, Draft
from actions.appointments.heard import Fault, Heard
from actions.appointments.message import Message
from actions.appointments.say import Say, choice_of, phrase
from actions.appointments.summary import shown
from core.clock import Clock, today
from knowledge.model import VARIANTS, Snapshot
from nlu.text import cues

_UNASKED = ("permit", "application_type", "applicant_side")
#: What is asked before there can be a day.
_FIRST = ("permit", "application_type", "applicant_side", "birth_date")
_NAMES = ("name", "guardian_name")
_GUARDIANS = ("guardian_name", "guardian_document_number")
#: What may be given before it is asked for, and the entity that holds it.
_AHEAD = {
    "birth_date": "date",
    "document_number": "document_number",
    "guardian_document_number": "document_number",
    "phone": "phone_number",
}
_LONG_AGO = timedelta(days=365)
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
            taken = self._place(draft, message, say) or taken
        elif draft.get("reference") is None:
            answer = self._read("reference", draft, message)
            if isinstance(answer, Heard):
                draft.set("reference", answer.value)
                taken = True
        return (not born and self._wished(draft, message, say)) or taken

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
                self._note(draft, slot, said, say)
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
            return bool(when) or self._find_place(draft, message) is not None
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
                self._note(draft, slot, "noted", say)
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
            return bool(needed) and self._is_long_ago(entity)
        return True

    def _is_long_ago(self, entity: "Mapping[str, Any]") -> bool:
        """Whether a day is so long ago that nobody wishes for it: it is a date of birth."""
        last = today(self._clock) - _LONG_AGO
        return entity["entity"] == "date" and "" < (entity["value"] or "") < last.isoformat()

    def _note(self, draft: Draft, slot: str, said: str, say: Say) -> None:
        say.line(said, label=phrase(f"label_{slot}"), value=shown(slot, draft.values[slot]))

    def _place(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps the centre that a message names, or the few among which it leaves the choice."""
        permit, match = draft.get("permit"), self._find_place(draft, message)
        if match is None:
            if draft.asked == "centre" and not message.found("date", "time"):
                say.line("fault_centre")
            return False
        if draft.asked != "centre" and self._is_a_side(draft, match, message):
            return False
        for refused in match.refused:
            say.line(
                "fault_centre_permit", centre={"centre": refused.id}, permit={"permit": permit}
            )
        fitting = [centre.id for centre in match.centres]
        if not fitting or (draft.get("centre") in fitting and draft.asked != "centre"):
            return False
        draft.clear("confirm")
        draft.nearby, draft.near = [], None
        if draft.asked == "centre" and len(meant := self._offered_by_name(draft, match)) == 1:
            fitting, match = meant, replace(match, by="area")
        if match.by != "near" and len(fitting) == 1:
            draft.set("centre", fitting[0])
            if draft.asked != "centre" or match.by == "area":
                self._note(draft, "centre", "noted", say)
            return True
        draft.clear("centre")
        draft.nearby = fitting
        if match.by == "near" and match.places:
            draft.near = match.places[0]
        return True

    def _offered_by_name(self, draft: Draft, match: Match) -> "list[str]":
        """The centres just offered that bear the name of the place: 羅湖出入境 for 羅湖."""
        snapshot = self._snapshot()
        choices = (choice_of(payload) for _, payload in draft.options)
        offered = [choice[1] for choice in choices if choice and choice[0] == "centre"]
        return [
            centre
            for centre in offered
            if any(
                snapshot.localities[place].name.get(variant)
                in snapshot.centres[centre].name.get(variant)
                for place in match.places
                for variant in VARIANTS
            )
        ]

    def _find_place(self, draft: Draft, message: Message) -> Optional[Match]:
        permit = draft.get("permit")
        if permit is None:
            return None
        return self._centres().find(message.text, permit, draft.get("application_type"))

    def _is_a_side(self, draft: Draft, match: Match, message: Message) -> bool:
        """Whether a city was named to say whose resident somebody is, not where to go."""
        places = (self._snapshot().localities[place] for place in match.places)
        about_side = draft.asked == "applicant_side" or message.found("applicant_side")
        return (bool(about_side) or match.by == "near") and all(p.within is None for p in places)

    def _centres(self) -> CentreFinder:
        snapshot = self._snapshot()
        if self._finder is None or self._finder_of is not snapshot:
            self._finder, self._finder_of = CentreFinder(snapshot), snapshot
        return self._finder

    def _wished(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps the day or the time that a message wishes for, in place of an earlier wish."""
        entities: "Sequence[Mapping[str, Any]]" = message.entities
        if number := bare_number(draft.asked, message.text, today(self._clock)):
            entities = [number]
        if draft.asked != "date":
            entities = [entity for entity in entities if not self._is_long_ago(entity)]
        try:
            wished = wish.heard(entities)
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
        hour_of_no_day = draft.asked == "date" and not wished.has_day
        if draft.get("centre") is None or draft.asked in _FIRST or hour_of_no_day:
            _note_wish(wished, say)  # else the day or the time itself comes up now
        return True


def _note_wish(wished: wish.Wish, say: Say) -> None:
    """Says a day and a time that can only be looked for when the centre is known."""
    day, hour = wished.one_day, wished.start if wished.exact else None
    if (
        wished.first
        and wished.last
        and not day
        and date.max > wished.last > date.min < wished.first
    ):
        span = {
            key: {"day": one.isoformat()}
            for key, one in (("first", wished.first), ("last", wished.last))
        }
        say.line(
            "noted", label=phrase("label_date"), value={**phrase("time_range"), "values": span}
        )
    if day and len(wished.days_meant) < 2:
        say.line("noted", label=phrase("label_date"), value={"day": day.isoformat()})
    if hour and len(wished.times_meant) < 2:
        say.line("noted", label=phrase("label_time"), value={"time": f"{hour:%H:%M}"})


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

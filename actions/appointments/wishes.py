"""Takes the day and the hour that somebody wishes for out of a message, and keeps them for later.

A seat for them is looked for when permit and centre are known (seats.py).
"""

from datetime import date, timedelta
from typing import Any, Mapping, Sequence

from actions.appointments import wish
from actions.appointments.bare import bare_number
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from actions.appointments.say import Say, phrase
from actions.appointments.wish import Wish

#: What is asked before there can be a day.
_FIRST = ("permit", "application_type", "applicant_side", "birth_date")
_LONG_AGO = timedelta(days=365)


def is_long_ago(entity: "Mapping[str, Any]", today: date) -> bool:
    """Whether a day is so long ago that nobody wishes for it: it is a date of birth."""
    last = today - _LONG_AGO
    return entity["entity"] == "date" and "" < (entity["value"] or "") < last.isoformat()


def take_wish(draft: Draft, message: Message, today: date, say: Say) -> bool:
    """Keeps the day or the time that a message wishes for, in place of an earlier wish."""
    entities: "Sequence[Mapping[str, Any]]" = message.entities
    if number := bare_number(draft.asked, message.text, today):
        entities = [number]
    if draft.asked != "date":
        entities = [entity for entity in entities if not is_long_ago(entity, today)]
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
    kept = Wish.of(draft.wish)
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


def _note_wish(wished: Wish, say: Say) -> None:
    """Says a day and a time that can only be looked for when the centre is known."""
    day, hour = wished.one_day, wished.start if wished.exact else None
    bounds = [one for one in (wished.first, wished.last) if one not in (None, date.min, date.max)]
    if not day and len(bounds) == 2:
        first, last = ({"day": bound.isoformat()} for bound in bounds if bound)
        span = {**phrase("time_range"), "values": {"first": first, "last": last}}
        say.line("noted", label=phrase("label_date"), value=span)
    if day and len(wished.days_meant) < 2:
        say.line("noted", label=phrase("label_date"), value={"day": day.isoformat()})
    if hour and len(wished.times_meant) < 2:
        say.line("noted", label=phrase("label_time"), value={"time": f"{hour:%H:%M}"})


def wish_for_tapped(draft: Draft, slot: str, value: str) -> None:
    """Keeps a day or a time that was tapped."""
    if slot == "date":
        kept = Wish.of(draft.wish)
        draft.clear("date")
        draft.wish = wish.on(date.fromisoformat(value)).with_time_of(kept).as_dict()
    else:
        draft.clear("time")
        draft.wish = wish.at(value).as_dict()

"""What people on the waiting list are told, in the words of each."""

import json

from actions.appointments.waiting_store import Place
from core.clock import LOCAL
from core.reader import Reader
from core.script import cantonese_in_simplified
from knowledge.answers import phrase, words
from knowledge.dialogue import centre_name, permit_name
from knowledge.model import Snapshot, Variant
from knowledge.moments import moment_words, time_words
from knowledge.reply import Button, Reply

#: A reply and the variant that it is written in.
Worded = tuple[Reply, Variant]


def offer(snapshot: Snapshot, place: Place) -> Worded:
    """A seat is free: which, until when it is kept, and whether the person takes it."""
    assert place.starts_at and place.offered_until
    variant = Reader.parse(place.reader).variant
    said = words(
        snapshot,
        "appointments.waiting_offer",
        variant,
        permit=permit_name(snapshot, place.permit, variant),
        centre=centre_name(snapshot, place.centre, variant),
        moment=moment_words(place.starts_at, variant),
        until=time_words(place.offered_until.astimezone(LOCAL).time(), variant),
    )
    buttons = tuple(
        Button(words(snapshot, f"appointments.{title}", variant), _answer(slot, place.id))
        for title, slot in (("button_take_seat", "offer"), ("no", "decline"))
    )
    return _for_reader(Reply(said, buttons=buttons), place)


def over(snapshot: Snapshot, place: Place) -> Worded:
    """The time to take the seat is over, and the place on the list with it."""
    variant = Reader.parse(place.reader).variant
    return _for_reader(phrase(snapshot, "appointments.waiting_over", variant), place)


def _answer(slot: str, value: str) -> str:
    return "/answer" + json.dumps({"slot": slot, "value": value})


def _for_reader(reply: Reply, place: Place) -> Worded:
    reader = Reader.parse(place.reader)
    if reader.wants_simplified_cantonese:
        reply = reply.map(cantonese_in_simplified)
    return reply, reader.variant

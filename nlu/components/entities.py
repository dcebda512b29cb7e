"""Finds what a message names: things, choices, days and hours, and numbers."""

from datetime import datetime
from typing import Any, Dict, Iterator, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from core.clock import LOCAL
from nlu.components import live
from nlu.components.component import Component
from nlu.retrieval.gazetteer import Gazetteer
from nlu.text import dates, documents, phones


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityFinder(Component):
    """Adds entities to those that a message has, each with its place in the text."""

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text.startswith("/"):
                continue  # a payload that the assistant issued itself
            now = live.clock()().astimezone(LOCAL)
            found = [
                {**entity, "extractor": type(self).__name__}
                for entity in _entities(text, live.search().gazetteer, now)
            ]
            known = message.get(ENTITIES, [])
            message.set(ENTITIES, [*known, *found], add_to_output=True)
        return messages


def _entities(text: str, gazetteer: Gazetteer, now: datetime) -> Iterator[Dict[Text, Any]]:
    """All finders, one after another."""
    for mention in gazetteer.find(text):
        yield {
            "entity": mention.meaning.entity,
            "value": mention.meaning.value,
            "start": mention.start,
            "end": mention.end,
        }
    taken = []
    for number in documents.find(text, now.date()):
        taken.append((number.start, number.end))
        yield {
            "entity": "document_number",
            "value": number.number,
            "start": number.start,
            "end": number.end,
            "kinds": list(number.kinds),
            "valid": number.valid,
            "fault": number.fault,
        }
    for phone in phones.find(text, taken):
        taken.append((phone.start, phone.end))
        yield {
            "entity": "phone_number",
            "value": phone.number,
            "start": phone.start,
            "end": phone.end,
            "region": phone.region,
            "valid": phone.valid,
        }
    for when in dates.find(text, now):
        if all(when.end <= start or end <= when.start for start, end in taken):
            yield from _times(when)


def _times(when: dates.When) -> Iterator[Dict[Text, Any]]:
    """The day and the hour of one expression, each by itself, and what is to be asked about them.

    A day is given as 2026-06-11, a range as 2026-06-15..2026-06-21, an hour as 15:30 or as a part
    of the day; what is not known has no value.
    """
    value = when.value
    common = {
        "start": when.start,
        "end": when.end,
        "kind": when.kind,
        "doubts": list(when.doubts),
        "alternatives": [str(other) for other in when.alternatives],
        "bound": when.bound,
        "link": when.link,
        "rejected": when.rejected,
    }
    if value is None:
        yield {"entity": "date", "value": None, **common}
        return
    if value.day:
        day = f"{value.day}..{value.last}" if value.last else str(value.day)
        yield {"entity": "date", "value": day, **common}
    if value.time or value.part:
        hour = f"{value.time:%H:%M}" if value.time else value.part
        yield {"entity": "time", "value": hour, **common}

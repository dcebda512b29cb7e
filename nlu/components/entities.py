"""Finds what a message names: things, choices, and numbers of documents and telephones."""

from datetime import date
from typing import Any, Dict, Iterator, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from core.clock import today
from nlu.components import live
from nlu.retrieval.gazetteer import Gazetteer
from nlu.text import documents, phones


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityFinder(GraphComponent):
    """Adds entities to those that a message has, each with its place in the text."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityFinder":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text.startswith("/"):
                continue  # a payload that the assistant issued itself
            gazetteer, day = live.search().gazetteer, today(live.clock())
            found = [
                {**entity, "extractor": type(self).__name__}
                for entity in _entities(text, gazetteer, day)
            ]
            known = message.get(ENTITIES, [])
            message.set(ENTITIES, [*known, *found], add_to_output=True)
        return messages


def _entities(text: str, gazetteer: Gazetteer, day: date) -> Iterator[Dict[Text, Any]]:
    """All finders, one after another. Dates and times are to join here."""
    for mention in gazetteer.find(text):
        yield {
            "entity": mention.meaning.entity,
            "value": mention.meaning.value,
            "start": mention.start,
            "end": mention.end,
        }
    numbers = documents.find(text, day)
    for number in numbers:
        yield {
            "entity": "document_number",
            "value": number.number,
            "start": number.start,
            "end": number.end,
            "kinds": list(number.kinds),
            "valid": number.valid,
            "fault": number.fault,
        }
    for phone in phones.find(text, [(number.start, number.end) for number in numbers]):
        yield {
            "entity": "phone_number",
            "value": phone.number,
            "start": phone.start,
            "end": phone.end,
            "region": phone.region,
            "valid": phone.valid,
        }

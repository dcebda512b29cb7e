"""Searches the live knowledge for each message and settles the intent with what it finds."""

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import decision
from nlu.components import live
from nlu.components.component import Component
from nlu.text.language import named_language
from nlu.text.other_languages import in_other_language

_THINGS = ("place", "city", "permit", "service")
#: Understood whatever the language: “salamat po”, “bom dia”.
_COURTESIES = ("thank", "goodbye")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class KnowledgeRetriever(Component):
    """Sets ``knowledge`` (what the message seems to be about) and settles the intent."""

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text.startswith("/"):
                continue  # a payload that the assistant issued itself
            search = live.search()
            findings = search.search(text)
            ranking = [(i["name"], i["confidence"]) for i in message.get("intent_ranking", [])]
            entities = message.get(ENTITIES, [])
            named = any(entity["entity"] in _THINGS for entity in entities)
            intent, confidence = decision.settle(ranking, findings, named)
            # Whatever it resembles, it was not understood.
            if intent not in _COURTESIES and in_other_language(text):
                intent, confidence = "out_of_scope", 1.0
                message.set("other_language", True, add_to_output=True)
            message.set("intent", {"name": intent, "confidence": confidence}, add_to_output=True)
            message.set("knowledge", findings.as_dict(search.snapshot), add_to_output=True)
            language = named_language(text) if intent == "change_language" else None
            if language:
                entity = {"entity": "language", "value": language}
                entity["extractor"] = type(self).__name__
                message.set(ENTITIES, [entity, *entities], add_to_output=True)
        return messages

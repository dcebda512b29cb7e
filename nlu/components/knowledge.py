"""Searches the live knowledge for each message and settles the intent with what it finds."""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import decision
from nlu.components import live
from nlu.text.language import named_language
from nlu.text.other_languages import in_other_language


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class KnowledgeRetriever(GraphComponent):
    """Sets ``knowledge`` (what the message seems to be about) and settles the intent."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "KnowledgeRetriever":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text.startswith("/"):
                continue  # a payload that the assistant issued itself
            search = live.search()
            findings = search.search(text)
            ranking = [(i["name"], i["confidence"]) for i in message.get("intent_ranking", [])]
            intent, confidence = decision.settle(ranking, findings)
            if in_other_language(text):  # whatever it resembles, it was not understood
                intent, confidence = "out_of_scope", 1.0
                message.set("other_language", True, add_to_output=True)
            message.set("intent", {"name": intent, "confidence": confidence}, add_to_output=True)
            message.set("knowledge", findings.as_dict(search.snapshot), add_to_output=True)
            named = named_language(text) if intent == "change_language" else None
            if named:
                entity = {"entity": "language", "value": named, "extractor": "KnowledgeRetriever"}
                message.set("entities", [entity], add_to_output=True)
        return messages

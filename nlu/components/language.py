"""Adds language, script and how sure they are to each message."""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components import live


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageAndScript(GraphComponent):
    """Sets ``language``, ``script`` and ``language_strength`` in the parse result."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageAndScript":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            guess = live.identifier().identify(message.get(TEXT))
            message.set("language", guess.language, add_to_output=True)
            message.set("script", guess.script, add_to_output=True)
            message.set("language_strength", guess.strength, add_to_output=True)
        return messages

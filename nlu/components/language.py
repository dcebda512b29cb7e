"""Adds language, script and how sure they are to each message."""

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components import live
from nlu.components.component import Component


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageAndScript(Component):
    """Sets ``language``, ``script`` and ``language_strength`` in the parse result."""

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            guess = live.identifier().identify(message.get(TEXT))
            message.set("language", guess.language, add_to_output=True)
            message.set("script", guess.script, add_to_output=True)
            message.set("language_strength", guess.strength, add_to_output=True)
        return messages

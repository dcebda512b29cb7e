"""The intent classifier: nlu.text.linear as a trainable Rasa component."""

import re
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.component import Component
from nlu.decision import confidences
from nlu.text.linear import LinearClassifier
from nlu.text.normalise import clean, normalise
from nlu.text.tokenise import MEANING


def classifier() -> LinearClassifier:
    """The classifier of normalised texts, not yet trained."""
    return LinearClassifier(MEANING)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(Component):
    """One linear classifier for all languages, on the normalised text."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(model_storage, resource)
        self._classifier = classifier()

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntentClassifier":
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._classifier.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        texts = [_features_of(message.get(TEXT)) for message in examples]
        self._classifier.fit(texts, [message.get(INTENT) for message in examples])
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            shares = confidences(self._classifier.scores(_features_of(message.get(TEXT))))
            order = shares.argsort()[::-1][:5]
            ranking = [
                {"name": self._classifier.labels[i], "confidence": float(shares[i])} for i in order
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


#: Three groups of letter, digit, letter. What it happens to be says nothing of what is meant, and
#: letters that stand in other examples would.
_REFERENCE = re.compile(r"(?<![a-z0-9])[a-z]\d[a-z](?:[\s-]?[a-z]\d[a-z]){2}(?![a-z0-9])")
_ANY_REFERENCE = "k4m-t7p-r2w"


def _features_of(text: Text) -> Text:
    """A text as the classifier reads it: every appointment's reference is the same one."""
    return normalise(_REFERENCE.sub(_ANY_REFERENCE, clean(text).lower()))

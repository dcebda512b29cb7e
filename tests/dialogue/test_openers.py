"""First messages that want an appointment open the form, and those that only ask do not."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from nlu.model import LANGUAGES, examples

pytestmark = pytest.mark.model

SAID = YAML(typ="safe").load(Path(__file__).with_name("openers.yml"))


@pytest.mark.parametrize(
    "intent, text", [(intent, text) for intent, texts in SAID.items() for text in texts]
)
async def test_what_is_meant(assistant, intent, text):
    understood = await assistant.conversation.understand(text)
    assert understood["intent"]["name"] == intent
    assert understood["intent"]["confidence"] >= 0.5


def test_none_of_them_is_trained_on():
    trained = {text for language in LANGUAGES for _, text in examples(language)}
    assert not trained & {text for texts in SAID.values() for text in texts}

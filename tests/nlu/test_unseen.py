"""Utterances by people who never saw the training lines: the floor that no change may break."""

import pytest
from ruamel.yaml import YAML

from core.settings import ROOT
from knowledge.lint import plain
from nlu.model import LANGUAGES, examples
from nlu.retrieval.lines import lines_of

UNSEEN = ROOT / "tests" / "nlu" / "unseen"
#: Shares that must be right, in each language.
FLOORS = {"language": 0.98, "intent": 0.97, "first entry": 0.95, "first three": 0.98}


def items(language):
    return YAML(typ="safe").load(UNSEEN / f"{language}.yml")


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
async def test_strangers_are_understood(assistant, language):
    right = {name: [] for name in FLOORS}
    for item in items(language):
        understood = await assistant.conversation.understand(item["text"])
        right["language"].append(understood.get("language") == language)
        right["intent"].append(understood["intent"]["name"] == item["intent"])
        if item["intent"] == "enquire":
            hits = [hit["id"] for hit in understood["knowledge"]["hits"]]
            right["first entry"].append(hits[:1] and hits[0] in item["entries"])
            right["first three"].append(bool(set(hits[:3]) & set(item["entries"])))
    shares = {name: sum(map(bool, found)) / len(found) for name, found in right.items()}
    print(language, {name: f"{share:.1%}" for name, share in shares.items()})
    assert all(shares[name] >= floor for name, floor in FLOORS.items()), shares


def test_no_line_was_trained_on(content):
    trained = {plain(text) for language in LANGUAGES for _, text in examples(language)}
    trained |= {plain(line) for entry in content.entries.values() for line in lines_of(entry)}
    seen = [
        i["text"] for language in LANGUAGES for i in items(language) if plain(i["text"]) in trained
    ]
    assert seen == []


def test_every_expectation_names_real_entries(content):
    for language in LANGUAGES:
        for item in items(language):
            assert set(item.get("entries", ())) <= set(content.entries), item

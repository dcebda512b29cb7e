"""What Rasa's training gets of the knowledge."""

import shutil

import pytest

from core.settings import ROOT
from nlu.importer import KnowledgeImporter


@pytest.fixture(scope="module")
def importer():
    return KnowledgeImporter()


def test_every_example_is_an_enquiry(importer):
    data = importer.get_nlu_data()
    assert {example.get("intent") for example in data.intent_examples} == {"enquire"}


def test_every_entry_is_heard_and_none_drowns_the_rest(importer, content):
    said = {example.get("text") for example in importer.get_nlu_data().intent_examples}
    for entry in content.entries.values():
        for language, lines in entry.questions.items():
            taken = said & set(lines)
            assert taken or not lines, (entry.id, language)
    assert len(said) <= 3 * 6 * len(content.entries)


def test_the_replies_that_rules_say_are_known_to_the_domain(importer, content):
    rules = " ".join(path.read_text() for path in (ROOT / "bot" / "rules").glob("*.yml"))
    replies = set(importer.get_domain().responses)
    assert {"utter_greet", "utter_thank"} <= replies
    assert replies <= set(content.phrases)
    assert all(reply in rules for reply in replies)


def test_it_adds_no_stories_and_no_configuration(importer):
    assert not importer.get_stories().story_steps
    assert importer.get_config() == {}


def test_it_reads_the_folder_of_the_settings(monkeypatch, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "knowledge" / "content", folder)
    shutil.rmtree(folder / "services")
    monkeypatch.setenv("ONESTOP_KNOWLEDGE_DIR", str(folder))
    fewer = KnowledgeImporter().get_nlu_data()
    monkeypatch.delenv("ONESTOP_KNOWLEDGE_DIR")
    assert len(fewer.intent_examples) < len(KnowledgeImporter().get_nlu_data().intent_examples)

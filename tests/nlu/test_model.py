"""The trained model: when it has to be trained again, and which one is loaded."""

import os
import shutil
from dataclasses import replace

import pytest

import nlu.model as models
from core.errors import ModelMissingError
from core.settings import ROOT, Settings
from knowledge.store import KnowledgeStore
from tests.support.entries import entry, snapshot_of, text

ENTRY = entry("faq:a", "A", ["What is A?"])
KNOWN = snapshot_of(ENTRY)


@pytest.fixture
def sources(monkeypatch, tmp_path):
    """A copy of everything that the model is made from."""
    root = tmp_path / "root"
    for source in models._SOURCES:
        path, copy = ROOT / source, root / source
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(path, copy) if path.is_dir() else shutil.copy(path, copy)
    (root / "README.md").write_text("read me")
    monkeypatch.setattr(models, "ROOT", root)
    return root


def add(path, more="\n# more\n"):
    path.write_text(path.read_text() + more)


@pytest.mark.parametrize(
    "source",
    ["config.yml", "requirements.lock", "bot/domain/conversation.yml", "bot/rules/enquiry.yml",
     "nlu/data/en/smalltalk.yml", "nlu/lexicon/cantonese.yml", "nlu/text/tokenise.py",
     "nlu/data/unanswerable/en.yml", "core/script.py"],
)  # fmt: skip
def test_a_changed_source_changes_the_fingerprint(sources, source):
    before = models.fingerprint(KNOWN)
    add(sources / source)
    assert models.fingerprint(KNOWN) != before


def test_a_new_source_changes_the_fingerprint(sources):
    before = models.fingerprint(KNOWN)
    (sources / "nlu" / "data" / "en" / "more.yml").write_text("nlu: []")
    assert models.fingerprint(KNOWN) != before


@pytest.mark.parametrize("other", ["README.md", "nlu/notes.txt"])
def test_what_the_model_does_not_depend_on_changes_nothing(sources, other):
    before = models.fingerprint(KNOWN)
    (sources / other).write_text("something else")
    assert models.fingerprint(KNOWN) == before


def test_a_changed_question_changes_the_fingerprint():
    asked = replace(ENTRY, questions={"en": ("What is A?", "And A?")})
    assert models.fingerprint(snapshot_of(asked)) != models.fingerprint(KNOWN)


def test_a_new_entry_changes_the_fingerprint():
    assert models.fingerprint(snapshot_of(ENTRY, entry("faq:b"))) != models.fingerprint(KNOWN)


def test_a_changed_answer_fact_or_date_does_not():
    told = replace(ENTRY, answer=text("B"), facts={"fee": (text("$1"),)}, as_of="2026-02-02")
    assert models.fingerprint(snapshot_of(told)) == models.fingerprint(KNOWN)


def test_the_fingerprint_is_the_same_each_time():
    assert models.fingerprint(KNOWN) == models.fingerprint(KNOWN)


def trained(folder, name, when):
    archive = folder / name / models._RASA_ARCHIVE
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"")
    os.utime(archive, (when, when))
    return archive.parent


def test_without_any_training_there_is_no_model(tmp_path):
    with pytest.raises(ModelMissingError, match="onestop train"):
        models.newest_model(Settings(data_dir=tmp_path))


def test_the_model_trained_last_serves_when_none_is_up_to_date(tmp_path):
    settings = Settings(data_dir=tmp_path)
    newest = trained(settings.models_dir, "aaa", 2000)
    trained(settings.models_dir, "zzz", 1000)
    with pytest.raises(ModelMissingError):
        models.current_model(settings)
    assert models.newest_model(settings).folder == newest


def test_the_knowledge_that_was_read_to_choose_a_model_is_not_read_again(tmp_path):
    settings = Settings(data_dir=tmp_path)
    trained(settings.models_dir, "aaa", 2000)
    model = models.newest_model(settings)
    current = KnowledgeStore(settings.knowledge_dir, model.files).current
    read = [file.entry for file in model.files.values() if "questions" in file.content]
    assert len(read) == len(current.entries) > 300
    assert all(entry is current.entries[entry.id] for entry in read)


def test_a_half_written_model_is_never_taken(tmp_path):
    settings = Settings(data_dir=tmp_path)
    trained(settings.models_dir, "aaa.part", 3000)
    (settings.models_dir / "bbb").mkdir()
    with pytest.raises(ModelMissingError):
        models.newest_model(settings)


@pytest.mark.model
def test_training_is_skipped_when_nothing_has_changed(model, tmp_path):
    settings = Settings(data_dir=tmp_path)
    settings.models_dir.mkdir()
    (settings.models_dir / model.folder.name).symlink_to(model.folder)
    done = []
    assert models.train(settings, done.append, done.append).folder.name == model.folder.name
    assert done == []


def test_the_unanswerable_hold_the_out_of_scope_of_every_language():
    lines = set(models.unanswerable())
    for language in models.LANGUAGES:
        said = [t for intent, t in models.examples(language) if intent == "out_of_scope"]
        assert said and models.normalise(said[0]) in lines

"""The trained model as a folder: language identifier, entry ranker, and Rasa's own archive.

The folder's name is the fingerprint of everything that it depends on, so that training is skipped
when nothing has changed and a half-written model is never loaded.
"""

import hashlib
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable, Iterator, Sequence

from ruamel.yaml import YAML

from core.errors import ModelMissingError
from core.file_lock import file_lock
from core.settings import ROOT, Settings
from knowledge.loader import Files, load_files, snapshot
from knowledge.model import Snapshot
from nlu.retrieval.limit import most_asked
from nlu.retrieval.lines import fingerprint as entry_fingerprint
from nlu.retrieval.ranker import EntryRanker
from nlu.text.language import LanguageIdentifier
from nlu.text.normalise import normalise

DATA = ROOT / "nlu" / "data"
LANGUAGES = ("yue", "cmn", "en")
_RASA_ARCHIVE = "rasa.tar.gz"
#: What the model is made from, besides the lines of the knowledge.
_SOURCES = ("config.yml", "requirements.lock", "bot/domain", "bot/rules", "nlu", "core/script.py")
_KEPT_MODELS = 3


@dataclass(frozen=True)
class Model:
    """A trained model on disk.

    ``files`` are those of the knowledge by which it was chosen: reading them takes a second, and
    whoever needs them next need not read again what has not changed.
    """

    folder: Path
    files: Files = field(repr=False, compare=False)

    @property
    def rasa_archive(self) -> Path:
        return self.folder / _RASA_ARCHIVE

    def identifier(self) -> LanguageIdentifier:
        return LanguageIdentifier().load(self.folder / "language")

    def ranker(self) -> EntryRanker:
        return EntryRanker().load(self.folder / "entries")


def current_model(settings: Settings) -> Model:
    """The model that fits the present code, data and knowledge.

    Raises:
        ModelMissingError: it has not been trained.
    """
    model, _ = _fitting(settings)
    if not model.rasa_archive.exists():
        raise ModelMissingError("There is no up-to-date model. Run: onestop train")
    return model


def newest_model(settings: Settings) -> Model:
    """The up-to-date model, or else the one trained last: new entries are found without training.

    Raises:
        ModelMissingError: none has ever been trained.
    """
    model, _ = _fitting(settings)
    if not model.rasa_archive.exists():
        trained = _trained(settings.models_dir)
        if not trained:
            raise ModelMissingError("There is no model. Run: onestop train")
        model = replace(model, folder=trained[-1])
    return model


def fingerprint(knowledge: Snapshot) -> str:
    """Changes when anything does that the model depends on."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".yml", ".lock"):
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    for entry in knowledge.entries.values():
        digest.update(f"{entry.id} {entry_fingerprint(entry)}".encode())
    return digest.hexdigest()[:16]


def train(
    settings: Settings,
    step: Callable[[str], None],
    train_rasa: Callable[[Path], None],
    force: bool = False,
) -> Model:
    """Trains what is not trained yet.

    Args:
        step: told in a few words what is being done now.
        train_rasa: writes Rasa's archive to the path it is given (bot.rasa_glue.training).
        force: train even when nothing has changed.
    """
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    with file_lock(settings.models_dir / ".lock"):
        model, knowledge = _fitting(settings)
        if force or not model.rasa_archive.exists():
            _train(most_asked(knowledge), model.folder, step, train_rasa)
            for old in _trained(settings.models_dir)[:-_KEPT_MODELS]:
                shutil.rmtree(old, ignore_errors=True)
    return model


def _train(
    knowledge: Snapshot,
    folder: Path,
    step: Callable[[str], None],
    train_rasa: Callable[[Path], None],
) -> None:
    """Trains beside ``folder`` and puts the whole model there at the end."""
    draft, spent = folder.with_name(folder.name + ".part"), folder.with_name("spent.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    with ProcessPoolExecutor(1) as pool:  # the longest part beside the others, on two cores
        entries = pool.submit(_train_entries, knowledge, draft / "entries")
        step("languages")
        said = [(text, language) for language in LANGUAGES for _, text in examples(language)]
        said += [
            (line, language)
            for entry in knowledge.entries.values()
            for language, lines in entry.questions.items()
            for line in lines
        ]
        LanguageIdentifier().fit(*zip(*said)).save(draft / "language")  # type: ignore[arg-type]
        step("intents and rules")
        train_rasa(draft / _RASA_ARCHIVE)
        step("entries")
        entries.result()
    shutil.rmtree(spent, ignore_errors=True)
    if folder.exists():
        folder.rename(spent)
    draft.rename(folder)
    shutil.rmtree(spent, ignore_errors=True)


def _train_entries(knowledge: Snapshot, folder: Path) -> None:
    dialogue = [normalise(text) for language in LANGUAGES for _, text in examples(language)]
    EntryRanker().fit(knowledge, unanswerable(), dialogue).save(folder)


def examples(language: str) -> Iterator[tuple[str, str]]:
    """The dialogue examples of a language as pairs of intent and text."""
    for path in sorted((DATA / language).glob("*.yml")):
        for block in YAML(typ="safe").load(path)["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    yield block["intent"], line[2:].strip()


def unanswerable() -> Sequence[str]:
    """Normalised questions that no entry answers: out of scope, and near the domain."""
    lines = [
        text for language in LANGUAGES for intent, text in examples(language)
        if intent == "out_of_scope"
    ]  # fmt: skip
    for path in sorted((DATA / "unanswerable").glob("*.yml")):
        lines += YAML(typ="safe").load(path)["questions"]
    return [normalise(line) for line in lines]


def _fitting(settings: Settings) -> "tuple[Model, Snapshot]":
    """The model that fits what there is, trained or not, and the knowledge that it is for."""
    files = load_files(settings.knowledge_dir)
    knowledge = snapshot(files, settings.knowledge_dir)
    return Model(settings.models_dir / fingerprint(knowledge), files), knowledge


def _trained(models: Path) -> "list[Path]":
    """Complete models, the one trained last at the end."""
    archives = sorted(models.glob(f"*/{_RASA_ARCHIVE}"), key=lambda path: path.stat().st_mtime)
    return [archive.parent for archive in archives if not archive.parent.name.endswith(".part")]

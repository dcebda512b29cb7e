"""MASSIVE, Amazon's public set of spoken requests: our classifier on its Simplified Chinese part.

The data (FitzGerald et al. 2022, CC BY 4.0) is not part of the repository.
"""

import csv
import gzip
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

import numpy as np

from core.settings import ROOT
from nlu.components.intent import classifier
from nlu.text.normalise import normalise

FOLDER = ROOT.parent / "shared" / "data" / "massive"
_TRAIN, _TEST, _JOINT = "zh-CN_train.csv.gz", "zh-CN_test.csv.gz", "zh_en.csv.gz"

#: Texts with an intent each.
Lines = Sequence[Tuple[str, str]]


@dataclass(frozen=True)
class Result:
    """What one model made of the test lines."""

    name: str
    accuracy: float
    training_s: float
    p50_ms: float
    p95_ms: float
    size_mb: float


@dataclass(frozen=True)
class Massive:
    """The splits that are used here."""

    train: Lines
    joint: Lines
    test: Lines

    def repeated(self) -> int:
        """Test lines that are also, word for word, in the training split."""
        known = {text for text, _ in self.train}
        return sum(text in known for text, _ in self.test)


def load(folder: Path) -> Massive:
    """Reads the data.

    Raises:
        FileNotFoundError: the folder lacks a file.
    """
    return Massive(*(list(_rows(folder / name)) for name in (_TRAIN, _JOINT, _TEST)))


def _rows(path: Path) -> Iterator[Tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["text"], row["label_text"]


def ours(name: str, train: Lines, test: Lines) -> Result:
    """Trains the classifier of the product on ``train`` and reads ``test`` with it."""
    texts, intents = zip(*train)
    started = time.perf_counter()
    model = classifier().fit([normalise(text) for text in texts], intents)
    trained = time.perf_counter() - started
    got, spent = [], []
    for text, _ in test:
        started = time.perf_counter()
        got.append(model.best(normalise(text), 1)[0][0])
        spent.append((time.perf_counter() - started) * 1000)
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder))
        size = size_of(Path(folder))
    return result(name, test, got, trained, spent, size)


def result(
    name: str,
    test: Lines,
    got: Sequence[str],
    training_s: float,
    spent_ms: Sequence[float],
    size_mb: float,
) -> Result:
    """The result of a model that understood ``got``."""
    right = np.mean([intent == expected for intent, (_, expected) in zip(got, test)])
    p50, p95 = np.percentile(spent_ms, [50, 95])
    return Result(name, float(100 * right), training_s, float(p50), float(p95), size_mb)


def size_of(path: Path) -> float:
    """Megabytes of a file or of a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


def as_data(results: Sequence[Result]) -> List[Dict[str, Any]]:
    return [asdict(result) for result in results]

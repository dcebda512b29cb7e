"""The lines by which an entry is found: its questions, names and aliases."""

import hashlib
from dataclasses import dataclass
from typing import Iterator

from knowledge.model import VARIANTS, Entry, Snapshot
from nlu.text.normalise import normalise


@dataclass(frozen=True)
class Line:
    """One normalised line and the entry that it stands for."""

    text: str
    entry: str


def lines_of(entry: Entry) -> Iterator[str]:
    """All lines of one entry as they were written."""
    for questions in entry.questions.values():
        yield from questions
    yield from entry.aliases
    for variant in VARIANTS:
        yield entry.name.get(variant)


def training_lines(snapshot: Snapshot) -> "list[Line]":
    """Every line of the knowledge, normalised, without repetitions."""
    seen: dict[Line, None] = {}
    for entry in snapshot.entries.values():
        for line in lines_of(entry):
            seen[Line(normalise(line), entry.id)] = None
    return list(seen)


def fingerprint(entry: Entry) -> str:
    """Changes when the lines of an entry do, so that training knows what is new."""
    return hashlib.sha256("\n".join(lines_of(entry)).encode()).hexdigest()[:16]

"""Finds lines that lead to another entry than their own, although the training has seen them.

Such a line says too little, stands in the wrong file, or asks what two entries answer.
"""

from dataclasses import dataclass
from typing import Iterable, Iterator

from knowledge.model import Snapshot
from nlu.retrieval.lines import Line
from nlu.retrieval.ranker import EntryRanker


@dataclass(frozen=True)
class Contested:
    """A normalised line, the entry in whose file it stands, and the one that wins it."""

    text: str
    entry: str
    winner: str


def contested(
    snapshot: Snapshot, ranker: EntryRanker, lines: Iterable[Line]
) -> "Iterator[Contested]":
    """Lines won by an entry that is not even related to their own.

    Args:
        lines: those that the ranker was trained on.
    """
    for line in lines:
        entry = snapshot.entries[line.entry]
        won = ranker.rank(line.text)[:1]
        winner = snapshot.entries.get(won[0][0]) if won else None
        if winner is None or winner.id == entry.id:
            continue
        if winner.id not in entry.related and entry.id not in winner.related:
            yield Contested(line.text, entry.id, winner.id)

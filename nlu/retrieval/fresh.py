"""Finds entries that staff added or changed since the training: BM25 over their lines alone.

There are few of them, so that the index costs nothing to build and a new entry is found in the
next turn.
"""

from typing import Sequence

import bm25s
import numpy as np

from nlu.retrieval.lines import Line
from nlu.text.tokenise import grams, pieces


class FreshIndex:
    """The best line of each fresh entry for a text."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = list(lines)
        self._index = bm25s.BM25(method="lucene")
        if self._lines:
            corpus = [_units(line.text) for line in self._lines]
            self._index.index(corpus, show_progress=False)
            # What each line scores for itself: the measure of a perfect match.
            self._perfect = np.array(
                [self._index.get_scores(units)[i] for i, units in enumerate(corpus)]
            )

    def rank(self, text: str) -> "list[tuple[str, float]]":
        """Entries with the likeness of their best line to the text (0 to 1), best first."""
        units = _units(text)
        if not self._lines or not units:
            return []
        likeness = self._index.get_scores(units) / np.maximum(self._perfect, 1e-9)
        # A short line inside a long question matches perfectly; its length keeps it honest.
        best: dict[str, float] = {}
        for line, value in zip(self._lines, likeness):
            share = min(1.0, 2 * len(_units(line.text)) / len(units))
            best[line.entry] = max(best.get(line.entry, 0.0), min(1.0, float(value)) * share)
        return sorted(best.items(), key=lambda item: -item[1])


def _units(text: str) -> "list[str]":
    return grams(text) + pieces(text)

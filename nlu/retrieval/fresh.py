"""Finds entries that staff added or changed since the training: the nearest of their lines.

Cosine over the same units and rarities as the trained ranker. There are few such lines, so that
the index costs nothing to build and a new entry is found in the next turn; unlike BM25 the cosine
is a share of one, which is what a decision needs (docs/understanding.md).
"""

from typing import Callable, Sequence

import numpy as np
import scipy.sparse

from nlu.retrieval.lines import Line
from nlu.text.tokenise import grams, pieces


class FreshIndex:
    """The best line of each fresh entry for a text.

    Args:
        lines: the normalised lines to find.
        rarity: how rare a unit is in the whole knowledge; unknown units are the rarest.
    """

    def __init__(self, lines: Sequence[Line], rarity: Callable[[str], float]) -> None:
        self._entries = [line.entry for line in lines]
        self._rarity = rarity
        self._columns: dict[str, int] = {}
        rows, columns, values = [], [], []
        for row, line in enumerate(lines):
            for unit, weight in self._weights(line.text).items():
                rows.append(row)
                columns.append(self._columns.setdefault(unit, len(self._columns)))
                values.append(weight)
        shape = (len(lines), max(1, len(self._columns)))
        self._matrix = scipy.sparse.csr_matrix((values, (rows, columns)), shape=shape)

    def rank(self, text: str) -> "list[tuple[str, float]]":
        """Entries with the likeness of their best line to the text (0 to 1), best first."""
        weights = self._weights(text)
        known = {self._columns[u]: w for u, w in weights.items() if u in self._columns}
        if not known:
            return []
        vector = np.zeros(self._matrix.shape[1])
        vector[list(known)] = list(known.values())
        best: dict[str, float] = {}
        for entry, likeness in zip(self._entries, self._matrix @ vector):
            best[entry] = max(best.get(entry, 0.0), float(likeness))
        return sorted(best.items(), key=lambda item: -item[1])

    def _weights(self, text: str) -> "dict[str, float]":
        """A text's units with their rarities, of length one together."""
        weights = {unit: self._rarity(unit) for unit in grams(text) + pieces(text)}
        length = np.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {unit: w / length for unit, w in weights.items()}

"""Finds entries that the classifier does not serve: newer than the training, or beyond its limit.

By BM25 over an entry's lines together, as the share of the question that it accounts for, and by
the cosine of its nearest line, over the same units and rarities as the trained ranker. Both are
shares of one, which is what a decision needs, and mean the same with ten entries as with a hundred
thousand (docs/understanding.md).
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import Callable, Collection, Mapping, Sequence

import numpy as np

from nlu.retrieval.segment import Lines, Segment
from nlu.text.tokenise import grams, pieces

#: A segment is merged into the next newer one that has at least this share of its entries: few
#: segments to ask, and an entry is seldom indexed again.
_MERGE = 0.25


class FreshIndex:
    """The entries that a text is likest to. ``renewed`` gives the index of a later moment.

    Args:
        rarity: how rare a unit is in the whole knowledge; unknown units are the rarest.
    """

    def __init__(self, rarity: Callable[[str], float]) -> None:
        self._units = _Units(rarity)
        self._segments: "tuple[Segment, ...]" = ()
        #: The segment in which each entry stands; in older ones it is out of date.
        self._home: "dict[str, Segment]" = {}

    def renewed(
        self, changed: Mapping[str, Sequence[str]], gone: Collection[str] = ()
    ) -> "FreshIndex":
        """The index with other lines; this one stays as it is, for who is still asking it.

        Args:
            changed: the normalised lines of each entry that is new or has other lines now.
            gone: entries that are not to be found any more.
        """
        index = FreshIndex.__new__(FreshIndex)
        index._units = self._units
        index._home = {e: s for e, s in self._home.items() if e not in changed}
        for entry in gone:
            index._home.pop(entry, None)
        index._segments = self._segments
        rows = {entry: self._rows(lines) for entry, lines in changed.items()}
        rows = {entry: lines for entry, lines in rows.items() if lines}
        if rows:
            index._add(Lines.of(rows))
        return index

    def knows(self, unit: str) -> bool:
        """Whether a unit has ever stood in the lines."""
        return unit in self._units

    def _add(self, lines: Lines) -> None:
        """Adds a segment, merged with older ones that are not much larger."""
        kept = list(self._segments)
        while kept and len(lines.entries) >= _MERGE * len(kept[-1].lines.entries):
            old = kept.pop()
            live = [n for n, e in enumerate(old.lines.entries) if self._home.get(e) is old]
            if live:
                lines = old.lines.only(live) + lines
        segment = Segment(lines, self._units.rarity())
        self._home.update(dict.fromkeys(lines.entries, segment))
        self._segments = (*kept, segment)

    def _rows(self, lines: Sequence[str]) -> "list[np.ndarray]":
        rows = (self._units.ids(line) for line in lines)
        return [row for row in rows if len(row)]

    def rank(self, text: str, count: int = 4) -> "list[tuple[str, float]]":
        """The ``count`` entries that are likest to the text (0 to 1), best first."""
        if not self._segments:
            return []
        asked = self._units.question(text)
        if not len(asked.units):
            return []
        found = [
            (entry, _likeness(said / asked.whole, line / asked.length))
            for segment in self._segments
            for entry, said, line in segment.compare(asked.units, asked.rarity)
            if self._home.get(entry) is segment and said > 0
        ]
        return sorted(found, key=lambda item: -item[1])[:count]


def _likeness(share: float, cosine: float) -> float:
    """One likeness of what an entry says of the question, and of its best line.

    The share ranks best, above all where an entry has many lines; the cosine tells a question
    that was written down as it is asked, which is certain.
    """
    return min(1.0, max(cosine**2, 0.8 * share + 0.4 * cosine))


@dataclass(frozen=True)
class _Question:
    """A question's indexed units, the rarity of each by unit, and all its units' sum and length."""

    units: np.ndarray
    rarity: np.ndarray
    whole: float
    length: float


class _Units:
    """Numbers for units, and how rare each one is. It only grows."""

    def __init__(self, rarity: Callable[[str], float]) -> None:
        self._rarity_of = rarity
        self._number: "defaultdict[str, int]" = defaultdict()
        self._number.default_factory = self._number.__len__  # the next number
        self._rarity = np.zeros(0, np.float32)

    def __contains__(self, unit: str) -> bool:
        return unit in self._number

    def ids(self, text: str) -> np.ndarray:
        """The numbers of a line's units, each once; new units get one."""
        units = dict.fromkeys(grams(text) + pieces(text))
        return np.fromiter(map(self._number.__getitem__, units), np.int32, len(units))

    def rarity(self) -> np.ndarray:
        """Of all units that have a number."""
        new = islice(self._number, len(self._rarity), None)
        more = np.array([self._rarity_of(unit) for unit in new], np.float32)
        self._rarity = np.concatenate([self._rarity, more])
        return self._rarity

    def question(self, text: str) -> _Question:
        """What is indexed of a question, and the measure of it all."""
        rarity = self._rarity
        units = dict.fromkeys(grams(text) + pieces(text))
        numbers = [self._number.get(unit, len(rarity)) for unit in units]
        known = np.array([n for n in numbers if n < len(rarity)], np.int32)
        others = [self._rarity_of(u) for u, n in zip(units, numbers) if n >= len(rarity)]
        every = np.append(rarity[known], others)
        asked = np.zeros(len(rarity), np.float32)
        asked[known] = rarity[known]
        return _Question(known, asked, float(every.sum()), float(np.sqrt(every @ every)))

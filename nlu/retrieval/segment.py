"""An index over entries: fixed once built; a question costs what its rare units do.

An inverted index (unit → entries) finds the few entries that BM25 puts first by the question's
rarer units; with those alone the question is compared in full. Measured against bm25s and against
the nearest line alone: docs/understanding.md.
"""

from dataclasses import dataclass
from typing import Mapping, Sequence

import numpy as np
import scipy.sparse

#: How many places of a question's units, rarest first, are looked up in a segment.
_POSTINGS = 40_000
#: How many entries of a segment are compared with a question in full.
_COMPARED = 16
#: BM25's k1 and b: how soon a unit that is said often counts no more, and how much longer that
#: takes in an entry that says much.
_SATURATION, _LENGTH = 1.5, 0.75
#: Units in all lines of a usual entry. Fixed, so that a share means the same at every size.
_USUAL = 3000


@dataclass(frozen=True)
class Lines:
    """Lines as numbers, those of an entry in a row.

    Attributes:
        units: the units of all lines, one line after the other, each once a line.
        ends: where each line ends in ``units``.
        owners: for each line, the place of its entry in ``entries``.
    """

    entries: "tuple[str, ...]"
    units: np.ndarray
    ends: np.ndarray
    owners: np.ndarray

    @staticmethod
    def of(entries: "Mapping[str, Sequence[np.ndarray]]") -> "Lines":
        """From the units of each entry's lines; every line has at least one."""
        rows = [row for lines in entries.values() for row in lines]
        sizes = [len(lines) for lines in entries.values()]
        ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
        owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        return Lines(tuple(entries), np.concatenate(rows), ends, owners)

    @property
    def starts(self) -> np.ndarray:
        """Where each line starts in ``units``."""
        return np.concatenate([[0], self.ends[:-1]])

    def only(self, places: Sequence[int]) -> "Lines":
        """Those of the entries at ``places``."""
        wanted = np.zeros(len(self.entries), bool)
        wanted[list(places)] = True
        lines = wanted[self.owners]
        sizes = self.ends - self.starts
        place = (np.cumsum(wanted) - 1).astype(np.int32)
        return Lines(
            tuple(self.entries[n] for n in np.flatnonzero(wanted)),
            self.units[np.repeat(lines, sizes)],
            np.cumsum(sizes[lines]),
            place[self.owners[lines]],
        )

    def __add__(self, other: "Lines") -> "Lines":
        return Lines(
            self.entries + other.entries,
            np.concatenate([self.units, other.units]),
            np.concatenate([self.ends, other.ends + len(self.units)]),
            np.concatenate([self.owners, other.owners + np.int32(len(self.entries))]),
        )


class Segment:
    """The lines of some entries, indexed.

    Args:
        rarity: of each unit.
    """

    def __init__(self, lines: Lines, rarity: np.ndarray) -> None:
        self.lines = lines
        starts = lines.starts
        self._length = np.sqrt(np.add.reduceat(np.square(rarity)[lines.units], starts))
        first = np.searchsorted(lines.owners, np.arange(len(lines.entries) + 1))
        #: Where the lines of each entry start among the lines, and their units among the units.
        self._line, self._unit = first, np.append(starts, len(lines.units))[first]
        soft = _SATURATION * (1 - _LENGTH + _LENGTH * np.diff(self._unit) / _USUAL)
        self._soft = soft.astype(np.float32)
        known = np.zeros(len(rarity), bool)
        known[lines.units] = True
        self._units = np.flatnonzero(known).astype(np.int32)
        column = np.zeros(len(rarity), np.int32)
        column[self._units] = np.arange(len(self._units), dtype=np.int32)
        table = scipy.sparse.csr_matrix(
            (np.ones(len(lines.units), np.uint16), column[lines.units], self._unit),
            (len(lines.entries), len(self._units)),
        )
        table.sum_duplicates()
        table = table.tocsc()
        self._starts, self._bearers = table.indptr, table.indices
        #: How far each unit counts in each entry that bears it, in 255ths: enough to choose by.
        counts = table.data / (table.data + self._soft[table.indices])
        self._share = np.round(counts * 255).astype(np.uint8)

    def compare(self, units: np.ndarray, rarity: np.ndarray) -> "list[tuple[str, float, float]]":
        """The promising entries, each with two sums over what it shares with a question.

        The first is BM25's, over the units' rarities; the second is of its best line, over the
        squares of the rarities, divided by the line's length.

        Args:
            units: the question's units, each once.
            rarity: by unit; 0 for those that are not in the question.
        """
        chosen = self._promising(units, rarity)
        if not len(chosen):
            return []
        first, last = self._unit[chosen].tolist(), self._unit[chosen + 1].tolist()
        said = np.concatenate([self.lines.units[a:b] for a, b in zip(first, last)])
        weight = rarity[said]
        lines = np.concatenate(
            [np.arange(self._line[n], self._line[n + 1]) for n in chosen.tolist()]
        )
        sizes = self.lines.ends[lines] - np.where(lines > 0, self.lines.ends[lines - 1], 0)
        alike = np.add.reduceat(weight * weight, np.cumsum(sizes) - sizes) / self._length[lines]
        counts = np.diff(self._line)[chosen]
        best = np.maximum.reduceat(alike, np.cumsum(counts) - counts)
        return list(
            zip(
                [self.lines.entries[n] for n in chosen.tolist()],
                self._bm25(chosen, said, weight, units, rarity).tolist(),
                best.tolist(),
            )
        )

    def _bm25(
        self,
        chosen: np.ndarray,
        said: np.ndarray,
        weight: np.ndarray,
        units: np.ndarray,
        rarity: np.ndarray,
    ) -> np.ndarray:
        """BM25's sum for each chosen entry, over all of the question's units."""
        shared = np.flatnonzero(weight)
        sizes = (self._unit[chosen + 1] - self._unit[chosen]).cumsum()
        entry = np.searchsorted(sizes, shared, "right")
        asked = np.sort(units)
        place = np.searchsorted(asked, said[shared])
        cells = len(chosen) * len(asked)
        times = np.bincount(entry * len(asked) + place, minlength=cells)
        times = times.reshape(len(chosen), len(asked))
        return (times / (times + self._soft[chosen][:, None])) @ rarity[asked]

    def _promising(self, units: np.ndarray, rarity: np.ndarray) -> np.ndarray:
        """The places of the entries that BM25 puts first by the rarer units of a question."""
        count = len(self.lines.entries)
        if count <= _COMPARED:
            return np.arange(count)
        column = np.searchsorted(self._units, units).clip(max=len(self._units) - 1)
        units, column = units[self._units[column] == units], column[self._units[column] == units]
        sizes = self._starts[column + 1] - self._starts[column]
        rarest = np.argsort(sizes, kind="stable")
        rarest = rarest[: max(1, int(np.searchsorted(np.cumsum(sizes[rarest]), _POSTINGS)))]
        if not len(rarest):
            return rarest
        column, sizes = column[rarest], sizes[rarest]
        spans = [slice(a, a + n) for a, n in zip(self._starts[column].tolist(), sizes.tolist())]
        entries = np.concatenate([self._bearers[span] for span in spans])
        shares = np.concatenate([self._share[span] for span in spans])
        shares = shares * np.repeat(rarity[units[rarest]], sizes)
        # Adds up by entry without a sum for every entry there is: an entry's last mention stands
        # for it. A fifth of the time of sorting; what is not mentioned stays unset and unread.
        mention = np.arange(len(entries), dtype=np.int32)
        last = np.empty(count, np.int32)
        last[entries] = mention
        sums = np.bincount(last[entries], shares, len(entries))
        kept = np.flatnonzero(last[entries] == mention)
        if len(kept) <= _COMPARED:
            return entries[kept]
        return entries[kept[np.argpartition(-sums[kept], _COMPARED)[:_COMPARED]]]

"""Search over the live knowledge: the trained ranker, the fresh entries, and what is ambiguous."""

import re
from dataclasses import dataclass
from typing import Any, Iterable, Optional, Sequence

from knowledge.model import Ambiguity, Entry, Snapshot
from nlu.retrieval.fresh import FreshIndex
from nlu.retrieval.gazetteer import Gazetteer
from nlu.retrieval.hearing import Hearing
from nlu.retrieval.lines import Line, lines_of
from nlu.retrieval.ranker import EntryRanker
from nlu.text.normalise import normalise

#: Likeness from which a fresh entry is taken for what the person meant.
_ALIKE = 0.5


@dataclass(frozen=True)
class Hit:
    """An entry and the probability that it is what the person meant."""

    id: str
    score: float


@dataclass(frozen=True)
class Findings:
    """What a question seems to be about.

    ``facts`` are the names of what is asked about the entry (fee, hours …), in the order of the
    question; ``ambiguity`` is set when its words are known to mean different things.
    """

    hits: tuple[Hit, ...]
    facts: tuple[str, ...]
    city: Optional[str]
    ambiguity: Optional[Ambiguity]

    def as_dict(self, snapshot: Snapshot) -> "dict[str, Any]":
        """The findings as JSON data; an ambiguity is named by its place in the snapshot."""
        asked = self.ambiguity
        return {
            "hits": [{"id": hit.id, "score": hit.score} for hit in self.hits],
            "facts": list(self.facts),
            "city": self.city,
            "ambiguity": snapshot.ambiguities.index(asked) if asked else None,
        }


class KnowledgeSearch:
    """Search over one snapshot. Built anew for each snapshot, in milliseconds."""

    def __init__(self, snapshot: Snapshot, ranker: EntryRanker) -> None:
        self.snapshot = snapshot
        self.gazetteer = Gazetteer(snapshot)
        self._ranker = ranker
        fresh = [e for e in snapshot.entries.values() if ranker.is_new(e)]
        lines = [Line(normalise(line), e.id) for e in fresh for line in lines_of(e)]
        self._fresh = FreshIndex(lines, ranker.rarity)
        self._hearing = Hearing(snapshot, ranker, lines)
        self._facts = _Phrases({n: f.words for n, f in snapshot.fact_names.items()})
        self._cities = _Phrases(
            {name: (t.en, t.zh_hant, t.zh_hans) for name, t in snapshot.cities.items()}
        )
        self._qualifiers = [
            (phrases, frozenset(e.id for e in snapshot.entries.values() if _named(e, phrases)))
            for phrases in (_Phrases({"qualifier": words}) for words in snapshot.qualifiers)
        ]
        self._ambiguities = [
            (_Phrases({"word": a.words}), _Phrases({"unless": a.unless}), a)
            for a in snapshot.ambiguities
        ]

    def search(self, text: str) -> Findings:
        """Finds what ``text``, as a person wrote it, is about."""
        question = self._hearing.corrected(normalise(text))
        cities = self._cities.found(question)
        city = cities[0] if len(cities) == 1 else None
        ranked = self._ranker.rank(question)
        hits = {entry: p for entry, p in ranked if entry in self.snapshot.entries}
        for entry, likeness in self._fresh.rank(question)[:4]:
            hits[entry] = max(hits.get(entry, 0.0), _as_probability(likeness))
        if city:
            hits = {i: _in_city(self.snapshot.entries[i], city, p) for i, p in hits.items()}
        hits = {i: self._qualified(i, question, p) for i, p in hits.items()}
        found = sorted((Hit(i, round(p, 4)) for i, p in hits.items()), key=lambda hit: -hit.score)
        facts, ambiguity = self._facts.found(question), self._ambiguity(question)
        return Findings(tuple(found[:5]), facts, city, ambiguity)

    def _qualified(self, entry: str, question: str, probability: float) -> float:
        """Moves an entry up or down by whether it and the question bear the same qualifiers."""
        for phrases, bearers in self._qualifiers:
            if phrases.found(question):
                probability = min(0.99, probability * 2) if entry in bearers else probability * 0.5
            elif entry in bearers:
                probability *= 0.6
        return probability

    def _ambiguity(self, question: str) -> Optional[Ambiguity]:
        for words, unless, ambiguity in self._ambiguities:
            if (
                len(question) <= ambiguity.longest
                and words.found(question)
                and not unless.found(question)
            ):
                return ambiguity
        return None


def _named(entry: Entry, phrases: "_Phrases") -> bool:
    return any(phrases.found(normalise(text)) for text in (entry.name.en, entry.name.zh_hant))


def _as_probability(likeness: float) -> float:
    """Likeness of a line to a probability: even odds at ``_ALIKE``, certain near 1."""
    if likeness < _ALIKE:
        return 0.5 * (likeness / _ALIKE) ** 2
    return min(0.99, 0.5 + 0.5 * (likeness - _ALIKE) / (1 - _ALIKE))


def _in_city(entry: Entry, city: str, probability: float) -> float:
    """A place in the city that was named is likelier; one in another city hardly possible."""
    if len(entry.cities) != 1 or entry.kind not in ("place", "clinic"):
        return probability
    return min(0.99, probability * 1.5) if city in entry.cities else probability * 0.1


class _Phrases:
    """Finds which of several groups of words occur in a normalised text."""

    def __init__(self, groups: "dict[str, Sequence[str]]") -> None:
        self._owner: dict[str, str] = {}
        for name, words in groups.items():
            for word in words:
                self._owner.setdefault(normalise(word) or word.lower(), name)
        longest_first = sorted(self._owner, key=len, reverse=True)
        parts = [rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in longest_first]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def found(self, text: str) -> "tuple[str, ...]":
        """The groups in the order in which they first occur."""
        if self._pattern is None:
            return ()
        return tuple(dict.fromkeys(self._owner[m.group()] for m in self._pattern.finditer(text)))


def related(snapshot: Snapshot, ids: Iterable[str]) -> bool:
    """Whether every one of ``ids`` is named by another of them as related."""
    ids = list(ids)
    entries = [snapshot.entries[i] for i in ids]
    return all(
        any(e.id in other.related or other.id in e.related for other in entries if other is not e)
        for e in entries
    )

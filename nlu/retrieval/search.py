"""Search over the live knowledge: the trained ranker, the fresh entries, and what is ambiguous."""

import re
from dataclasses import dataclass
from typing import Any, Iterable, Optional, Sequence

from knowledge.model import Ambiguity, Entry, Snapshot, Text
from nlu.retrieval.fresh import FreshIndex
from nlu.retrieval.gazetteer import Gazetteer
from nlu.retrieval.hearing import Hearing
from nlu.retrieval.lines import lines_of
from nlu.retrieval.ranker import EntryRanker
from nlu.text.normalise import normalise

#: Likeness from which a fresh entry is taken for what the person meant.
_ALIKE = 0.5
#: How many fresh entries may stand among the hits.
_FRESH = 4


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
    """Search over one snapshot.

    Args:
        previous: the search over the snapshot before, with the same ranker; only what has changed
            since is indexed again.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        ranker: EntryRanker,
        previous: "Optional[KnowledgeSearch]" = None,
    ) -> None:
        self.snapshot = snapshot
        self.gazetteer = Gazetteer(snapshot)
        self._ranker = ranker
        self._fresh = _renewed(snapshot, ranker, previous)
        self._hearing = Hearing(snapshot, ranker, self._fresh.knows)
        self._facts = _Phrases({n: f.words for n, f in snapshot.fact_names.items()})
        self._cities = _Phrases({n: _written(name) for n, name in snapshot.cities.items()})
        self._departments = _Phrases(
            {code: _written(d.name) for code, d in snapshot.departments.items()}
        )
        self._qualifiers = [_Phrases({"qualifier": words}) for words in snapshot.qualifiers]
        self._borne: dict[str, tuple[bool, ...]] = {}
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
        for entry, likeness in self._fresh.rank(question, _FRESH):
            hits[entry] = max(hits.get(entry, 0.0), _as_probability(likeness))
        if city:
            hits = {i: _in_city(self.snapshot.entries[i], city, p) for i, p in hits.items()}
        named = self._departments.found(question)
        if named:
            hits = {i: _of_one(named, self.snapshot.entries[i], p) for i, p in hits.items()}
        said = [bool(phrases.found(question)) for phrases in self._qualifiers]
        hits = {i: _qualified(p, said, self._bears(i)) for i, p in hits.items()}
        found = sorted((Hit(i, round(p, 4)) for i, p in hits.items()), key=lambda hit: -hit.score)
        facts, ambiguity = self._facts.found(question), self._ambiguity(question)
        return Findings(tuple(found[:5]), facts, city, ambiguity)

    def _bears(self, entry: str) -> "tuple[bool, ...]":
        """Which qualifiers an entry bears; looked up when it is first found."""
        if entry not in self._borne:
            named = self.snapshot.entries[entry]
            self._borne[entry] = tuple(_named(named, phrases) for phrases in self._qualifiers)
        return self._borne[entry]

    def _ambiguity(self, question: str) -> Optional[Ambiguity]:
        for words, unless, ambiguity in self._ambiguities:
            if (
                len(question) <= ambiguity.longest
                and words.found(question)
                and not unless.found(question)
            ):
                return ambiguity
        return None


def _renewed(
    snapshot: Snapshot, ranker: EntryRanker, previous: Optional[KnowledgeSearch]
) -> FreshIndex:
    """The index of what the ranker does not know, from the one before and what has changed."""
    index = previous._fresh if previous else FreshIndex(ranker.rarity)
    known = previous.snapshot.entries if previous else {}
    changed = [e for e in snapshot.entries.values() if not _alike(known.get(e.id), e)]
    fresh = {e.id: [normalise(line) for line in lines_of(e)] for e in changed if ranker.is_new(e)}
    gone = {e.id for e in changed} | (known.keys() - snapshot.entries.keys())
    return index.renewed(fresh, gone)


def _alike(old: Optional[Entry], new: Entry) -> bool:
    """Whether two versions of an entry have the same lines."""
    return old is new or (old is not None and list(lines_of(old)) == list(lines_of(new)))


def _qualified(probability: float, said: Sequence[bool], borne: Sequence[bool]) -> float:
    """Moves an entry up or down by whether it and the question bear the same qualifiers."""
    for asked, bears in zip(said, borne):
        if asked:
            probability = min(0.99, probability * 2) if bears else probability * 0.3
        elif bears:
            probability *= 0.6
    return probability


def _named(entry: Entry, phrases: "_Phrases") -> bool:
    return any(phrases.found(normalise(text)) for text in (entry.name.en, entry.name.zh_hant))


def _as_probability(likeness: float) -> float:
    """Likeness to a probability: even odds at ``_ALIKE``, certain near 1."""
    if likeness < _ALIKE:
        return 0.5 * (likeness / _ALIKE) ** 2
    return min(0.99, 0.5 + 0.5 * (likeness - _ALIKE) / (1 - _ALIKE))


def _in_city(entry: Entry, city: str, probability: float) -> float:
    """A place in the city that was named is likelier; one in another city hardly possible."""
    if len(entry.cities) != 1 or entry.kind not in ("place", "clinic"):
        return probability
    return min(0.99, probability * 1.5) if city in entry.cities else probability * 0.1


def _of_one(departments: Sequence[str], entry: Entry, probability: float) -> float:
    """A service of a department that was named has twice the odds."""
    if entry.details.get("department") not in departments:
        return probability
    return 2 * probability / (1 + probability)


def _written(name: Text) -> "tuple[str, ...]":
    return name.en, name.zh_hant, name.zh_hans


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

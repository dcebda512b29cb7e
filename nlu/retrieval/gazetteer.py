"""What a text names: permits, services, places, cities, and what is applied for and by whom.

The words are those of the live knowledge: names and aliases of entries, the glossary, and the files
of choices under ``reference``. A longer name wins over a shorter one in it, so that 深圳灣 is no
city. Services are looked for by themselves: the permit within one's name (補辦港澳通行證) is named
as well.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Iterator, Mapping, Optional, Sequence

from knowledge.model import VARIANTS, Snapshot
from nlu.text.folded import Folded, fold

#: The entity that an entry of each kind is; the others are not spoken of as things.
_ENTITIES = {
    "permit": "permit", "service": "service",
    "control_point": "place", "place": "place", "clinic": "place",
}  # fmt: skip

#: Where a word may begin: at a Latin word or number, or at any other sign.
_TOKEN = re.compile(r"[a-z0-9]+|\S")


@dataclass(frozen=True)
class Meaning:
    """What a word names. A ``hint`` counts only when no surer word of its entity is said."""

    entity: str
    value: str
    hint: bool = False


@dataclass(frozen=True)
class Mention:
    """A thing that a text names; ``start`` and ``end`` are its place in the text as written."""

    meaning: Meaning
    start: int
    end: int


class Gazetteer:
    """Finds the names of one snapshot. Built anew for each snapshot, in milliseconds."""

    def __init__(self, snapshot: Snapshot) -> None:
        services: dict[str, Meaning] = {}
        others: dict[str, Meaning] = {}
        for word, meaning in _names(snapshot):
            into = services if meaning.entity == "service" else others
            into.setdefault(fold(word).text, meaning)
        glossary = _glossary(snapshot, others)
        for word, meaning in _choices(snapshot):
            others.setdefault(fold(word).text, meaning)
        self._words = (Words(services), Words({**glossary, **others}))

    def find(self, text: str) -> "list[Mention]":
        """What ``text``, as a person wrote it, names, in its order."""
        folded = fold(text)
        starts = tokens(folded.text)
        found = [mention for words in self._words for mention in words.found(folded, starts)]
        sure = {mention.meaning.entity for mention in found if not mention.meaning.hint}
        kept = [m for m in found if not m.meaning.hint or m.meaning.entity not in sure]
        return sorted(kept, key=lambda mention: (mention.start, -mention.end))


def _names(snapshot: Snapshot) -> "Iterator[tuple[str, Meaning]]":
    """The names of entries, permits and cities."""
    for entry in snapshot.entries.values():
        if entry.kind in _ENTITIES:
            meaning = Meaning(_ENTITIES[entry.kind], entry.id)
            for word in (*entry.aliases, *map(entry.name.get, VARIANTS)):
                yield word, meaning
    for key, rules in snapshot.permit_rules.items():  # what the buttons call them
        for variant in VARIANTS:
            yield rules.name.get(variant), Meaning("permit", f"permit:{key}")
    for city, name in snapshot.cities.items():
        for variant in VARIANTS:
            yield name.get(variant), Meaning("city", city)


def _choices(snapshot: Snapshot) -> "Iterator[tuple[str, Meaning]]":
    """The words by which people say what they apply for, and whose residents they are."""
    for entity, choices in (
        ("application_type", snapshot.application_types),
        ("applicant_side", snapshot.applicant_sides),
    ):
        for value, wording in choices.items():
            yield from ((word, Meaning(entity, value)) for word in wording.words)
            yield from ((word, Meaning(entity, value, hint=True)) for word in wording.hints)


def _glossary(snapshot: Snapshot, names: "Mapping[str, Meaning]") -> "dict[str, Optional[Meaning]]":
    """The words of the glossary: all those of a term name what one of them names.

    The words of a term that names nothing are kept all the same, as they hide shorter ones: in
    居民身份證 there is no 身份證 of Hong Kong.
    """
    found: dict[str, Optional[Meaning]] = {}
    for term in snapshot.terms:
        words = [fold(word).text for word in (*term.colloquial, *term.formal)]
        named = {meaning for word in words if (meaning := names.get(word))}
        meaning = named.pop() if len(named) == 1 else None
        for word in words:
            found.setdefault(word, meaning)
    return found


def tokens(text: str) -> "list[tuple[int, str]]":
    """The tokens of a folded text, each with its place."""
    return [(match.start(), match.group()) for match in _TOKEN.finditer(text)]


class Words:
    """Looks words up at each token of a folded text, the longest first."""

    def __init__(self, meanings: "Mapping[str, Optional[Meaning]]") -> None:
        self._meanings = {word: meaning for word, meaning in meanings.items() if word}
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self._meanings:
            first = _TOKEN.match(word)
            if first:
                lengths[first.group()].add(len(word))
                if first.end() == len(word) and word[-1].isalpha() and word.isascii():
                    lengths[word + "s"].add(len(word))
        self._lengths = {first: sorted(some, reverse=True) for first, some in lengths.items()}

    def found(self, folded: Folded, tokens: "Sequence[tuple[int, str]]") -> "Iterator[Mention]":
        """The words in a text, given where its tokens begin."""
        past = 0
        for start, token in tokens:
            if token in self._lengths and start >= past:
                word, end = self._word_at(folded.text, start, self._lengths[token])
                past = end
                meaning = self._meanings.get(word)
                if meaning:
                    yield Mention(meaning, *folded.span(start, end))

    def _word_at(self, text: str, start: int, lengths: "Sequence[int]") -> "tuple[str, int]":
        """The longest word that begins at a place, and where it ends; "" when none does."""
        for length in lengths:
            word = text[start : start + length]
            if word in self._meanings and (end := _end(text, start + len(word))):
                return word, end
        return "", start


def _latin(sign: str) -> bool:
    """Whether a sign is a Latin letter or a digit: words of these end where no other follows."""
    return sign.isascii() and sign.isalnum()


def _end(text: str, end: int) -> int:
    """Where a word that goes to ``end`` ends, with the s of a plural; 0 when it goes on."""
    if not _latin(text[end - 1]) or not _latin(text[end : end + 1]):
        return end
    plural = text[end] == "s" and text[end - 1].isalpha() and not _latin(text[end + 1 : end + 2])
    return end + 1 if plural else 0

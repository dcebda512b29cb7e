"""The vocabulary of the knowledge: entries of seven kinds, their texts, facts and sources."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Mapping, Optional

from knowledge.appointments import Centre, Locality, PermitRules
from knowledge.identity import Requirement
from knowledge.text import VARIANTS as VARIANTS
from knowledge.text import Text
from knowledge.text import Variant as Variant

KINDS = ("service", "permit", "control_point", "place", "hotline", "clinic", "faq")


@dataclass(frozen=True)
class Source:
    """Where a fact comes from. ``addresses`` are shown only when their host is official."""

    title: str
    addresses: tuple[str, ...] = ()


#: What is known of one question about an entry: texts, or None when nobody knows.
Fact = Optional[tuple[Text, ...]]


@dataclass(frozen=True)
class Entry:
    """One thing that the assistant can answer about. A file holds exactly one.

    ``facts`` maps a question's name (fee, hours, …) to what is known of it: a missing key means
    that the question does not arise for this entry, None that the answer is unknown.
    """

    id: str
    name: Text
    answer: Text
    facts: Mapping[str, Fact]
    questions: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]
    as_of: str
    confidence: str
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    ask: Optional[str] = None
    link: Optional[str] = None
    cities: tuple[str, ...] = ()
    membership: Optional[str] = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.id.split(":", 1)[0]

    @staticmethod
    def of(raw: Mapping[str, Any]) -> "Entry":
        """Builds an entry from a file's content that has passed its schema."""
        cities = raw.get("cities") or ([raw["city"]] if raw.get("city") else [])
        return Entry(
            id=raw["id"],
            name=Text.of(raw["name"]),
            answer=Text.of(raw["answer"]),
            facts={name: _fact(value) for name, value in raw["facts"].items()},
            questions={name: tuple(lines) for name, lines in raw["questions"].items()},
            sources=tuple(
                Source(s["title"], tuple(s.get("addresses", ()))) for s in raw["sources"]
            ),
            as_of=raw["as_of"],
            confidence=raw["confidence"],
            aliases=tuple(raw.get("aliases", ())),
            related=tuple(raw.get("related", ())),
            ask=raw.get("ask"),
            link=raw.get("link"),
            cities=tuple(cities),
            membership=raw.get("membership"),
            details={
                key: raw[key]
                for key in ("department", "side", "number", "topic", "lists")
                if key in raw
            },
        )


def _fact(value: Any) -> Fact:
    if value is None:
        return None
    return tuple(Text.of(item) for item in (value if isinstance(value, list) else [value]))


@dataclass(frozen=True)
class Term:
    """A word that people use for something, and what it stands for."""

    colloquial: tuple[str, ...]
    formal: tuple[str, ...]
    en: str


@dataclass(frozen=True)
class Wording:
    """The words by which people say one of a few choices.

    ``hints`` fit other choices as well: they count only when no word of another one is said.
    """

    words: tuple[str, ...]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ambiguity:
    """Words that mean different things to different people: ask which, never guess.

    ``words`` trigger the question unless one of ``unless`` is said as well or the question has
    more than ``longest`` characters; ``choices`` are pairs of a short title and an entry id.
    """

    words: tuple[str, ...]
    unless: tuple[str, ...]
    question: Text
    choices: tuple[tuple[Text, str], ...]
    longest: int = 1000


@dataclass(frozen=True)
class Department:
    """A department's names and the hotline to ask."""

    name: Text
    ask: Optional[str]


@dataclass(frozen=True)
class FactName:
    """How a question about an entry is labelled, and the words by which people ask it."""

    label: Text
    words: tuple[str, ...]


@dataclass(frozen=True)
class Snapshot:
    """All the knowledge at one moment. Everything that answers is a pure function of it."""

    revision: str
    entries: Mapping[str, Entry]
    phrases: Mapping[str, Text]
    buttons: Mapping[str, tuple[tuple[Text, str], ...]]
    departments: Mapping[str, Department]
    fact_names: Mapping[str, FactName]
    cities: Mapping[str, Text]
    official_hosts: Mapping[str, Text]
    ambiguities: tuple[Ambiguity, ...]
    qualifiers: tuple[tuple[str, ...], ...]
    application_types: Mapping[str, Wording]
    applicant_sides: Mapping[str, Wording]
    terms: tuple[Term, ...]
    centres: Mapping[str, Centre]
    localities: Mapping[str, Locality]
    near_words: tuple[str, ...]
    permit_rules: Mapping[str, PermitRules]
    requirements: Mapping[str, Requirement]

    @cached_property
    def bookable(self) -> frozenset[str]:
        """The permits that can be booked: a centre takes them, and there are rules for them."""
        taken = {permit for centre in self.centres.values() for permit in centre.permits}
        return frozenset(taken & self.permit_rules.keys())

    @cached_property
    def in_city(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The ids of the entries of a kind in a city, so that no turn goes through them all."""
        found: dict[tuple[str, str], list[str]] = {}
        for entry in self.entries.values():
            for city in entry.cities:
                found.setdefault((entry.kind, city), []).append(entry.id)
        return {key: tuple(ids) for key, ids in found.items()}

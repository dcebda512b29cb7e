"""Decides what to do with a question: answer it, ask what is meant, or say that it is unknown.

Pure: findings and a snapshot in, an outcome out.
"""

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Union

from knowledge.model import Snapshot
from nlu.retrieval.search import related

#: From this probability an entry, with its near relations, is the answer.
_ANSWER = 0.55
#: An unrelated entry this near to the first makes the question ambiguous.
_NEAR = 0.8
#: Below this an entry is not worth offering.
_OFFER = 0.12
MAX_CHOICES = 4


@dataclass(frozen=True)
class Answer:
    """Answer with this entry; ``facts`` names what was asked about it."""

    entry: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """Answer with all entries of a kind in the city that was named."""

    entries: tuple[str, ...]
    city: str


@dataclass(frozen=True)
class Choose:
    """Ask which of these entries is meant."""

    entries: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Disambiguate:
    """Ask by who the person is: the ambiguity's place in the snapshot."""

    ambiguity: int
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Unknown:
    """Nothing answers this; these entries come nearest."""

    suggestions: tuple[str, ...]


Outcome = Union[Answer, Listing, Choose, Disambiguate, Unknown]


def decide(snapshot: Snapshot, findings: Mapping[str, Any]) -> Outcome:
    """What to do with a question.

    Args:
        findings: ``Findings.as_dict`` of the search.
    """
    facts = tuple(findings.get("facts", ()))
    if findings.get("ambiguity") is not None:
        return Disambiguate(findings["ambiguity"], facts)
    hits = [(h["id"], h["score"]) for h in findings.get("hits", ()) if h["id"] in snapshot.entries]
    if not hits:
        return Unknown(())
    best, score = hits[0]
    listed = _listing(snapshot, hits, findings.get("city"))
    if listed:
        return listed
    family = [(i, p) for i, p in hits if i == best or related(snapshot, (best, i))]
    rival = max((p for i, p in hits if (i, p) not in family), default=0.0)
    if sum(p for _, p in family) >= _ANSWER and rival < _NEAR * score:
        return Answer(_that_knows(snapshot, family, facts), facts)
    offered = tuple(entry for entry, p in hits if p >= _OFFER)[:MAX_CHOICES]
    if score >= _ANSWER / 2 and len(offered) > 1:
        return Choose(offered, facts)
    return Unknown(offered)


def _that_knows(
    snapshot: Snapshot, family: Sequence[tuple[str, float]], facts: Sequence[str]
) -> str:
    """Of entries about the same thing the likeliest, unless only a likely other has the fact."""
    likely = [i for i, p in family if p >= family[0][1] / 2]
    knowing = (i for i in likely if any(snapshot.entries[i].facts.get(fact) for fact in facts))
    return next(knowing, likely[0]) if facts else likely[0]


def _listing(
    snapshot: Snapshot, hits: Sequence[tuple[str, float]], city: Optional[str]
) -> Optional[Listing]:
    """The entries of a kind in ``city``, when the question is about the kind and not about one."""
    if city is None or not hits or hits[0][1] < _OFFER:
        return None
    near = [snapshot.entries[i] for i, p in hits if p >= hits[0][1] / 2]
    kind = next((e.details["lists"] for e in near if "lists" in e.details), None)
    best = near[0]
    if (
        kind is None
        and best.kind in ("place", "clinic")
        and sum(e.kind == best.kind for e in near) > 1
    ):
        kind = best.kind  # several of one kind in the city: the question names none of them
    there = snapshot.in_city.get((kind, city)) if kind else None
    return Listing(there, city) if there else None

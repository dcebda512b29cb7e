"""Finds centres by what a person says: a centre's name, an area, or a place that it is to be near.

The words are those of the live knowledge, in either script; a longer one wins over a shorter one
in it, and a smaller place over the larger one around it.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Iterator, Literal, Optional, Sequence

from knowledge.appointments import Centre, Locality
from knowledge.model import Snapshot
from knowledge.text import VARIANTS
from nlu.retrieval.gazetteer import Meaning, Words, tokens
from nlu.text.folded import fold

_EARTH_KM = 6371.0


@dataclass(frozen=True)
class Match:
    """The centres that fit what was said, the best first; all of them take the application.

    ``by`` tells how: their ``name`` was said, they lie in the ``area`` that was named, or they are
    ordered by their distance to a place (``near``). ``places`` are the keys of the localities that
    were named. ``refused`` are the centres that were named but do not take it.
    """

    centres: tuple[Centre, ...]
    by: Literal["name", "area", "near"]
    places: tuple[str, ...] = ()
    refused: tuple[Centre, ...] = ()


class CentreFinder:
    """Finds the centres of one snapshot. Built anew for each snapshot, in 20 ms or so."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        meant: dict[str, set[Meaning]] = defaultdict(set)
        for word, meaning in _words(snapshot):
            folded = fold(word).text
            meant[folded].add(meaning)
            if folded.isascii():  # Tuen Mun is written Tuenmun as well
                meant[folded.replace(" ", "")].add(meaning)
        self._meant = {word: frozenset(meanings) for word, meanings in meant.items()}
        self._index = Words({word: Meaning("word", word) for word in meant})

    def find(
        self, text: str, permit: str, application_type: Optional[str] = None
    ) -> Optional[Match]:
        """The centres for an application that a text speaks of; None when it names no place."""
        doing = centres_for(self._snapshot, permit, application_type)
        folded = fold(text)
        named, refused, places, near = [], [], [], False
        for mention in self._index.found(folded, tokens(folded.text)):
            meant = self._meant[mention.meaning.value]
            near = near or any(one.entity == "near" for one in meant)
            here = [one.value for one in meant if one.entity == "locality"]
            places += here
            for key in sorted(one.value for one in meant if one.entity == "centre"):
                centre = self._snapshot.centres[key]
                if centre in doing:
                    named.append(centre)
                elif not here:  # else the place is meant that has the same name
                    refused.append(centre)
        there = self._narrowest(places or [centre.locality for centre in (*named, *refused)])
        if not there and not named:
            return None
        found = self._nearest(doing, there)
        if named and not (near and there):
            others = [p for p in there if not any(self._within(one, [p]) for one in named)]
            there = self._narrowest(places)
            named += [one for one in found if self._within(one, others)]
            return Match(_once(named), "name", there, _once(refused))
        within = tuple(one for one in found if self._within(one, there))
        if within and not near and not refused:
            return Match(within, "area", there)
        return Match(found, "near", there, _once(refused))

    def _nearest(self, centres: "Sequence[Centre]", places: Sequence[str]) -> "tuple[Centre, ...]":
        """The centres, those within one of the places first, then by distance.

        What lies across the boundary comes last however near it is: without the permit nobody gets
        there.
        """
        there = [self._snapshot.localities[key] for key in places]
        sides = {one.side for one in there}

        def order(centre: Centre) -> "tuple[bool, bool, float, str]":
            here = self._snapshot.localities.get(centre.locality)
            away = min((distance_km(here, one) for one in there), default=0.0) if here else math.inf
            return not self._within(centre, places), centre.side not in sides, away, centre.id

        return tuple(sorted(centres, key=order))

    def _within(self, centre: Centre, places: Sequence[str]) -> bool:
        return any(place in places for place in self._chain(centre.locality))

    def _narrowest(self, places: Sequence[str]) -> "tuple[str, ...]":
        """The places without those around another one of them: Futian of “Shenzhen, Futian”."""
        around = {above for place in places for above in list(self._chain(place))[1:]}
        known = dict.fromkeys(place for place in places if place in self._snapshot.localities)
        return tuple(place for place in known if place not in around)

    def _chain(self, place: Optional[str]) -> "Iterator[str]":
        """A place and the larger places around it. Ends whatever the file says."""
        seen: set[str] = set()
        while place is not None and place in self._snapshot.localities and place not in seen:
            seen.add(place)
            yield place
            place = self._snapshot.localities[place].within


def centres_for(
    snapshot: Snapshot, permit: str, application_type: Optional[str] = None
) -> "tuple[Centre, ...]":
    """The centres that take an application for a permit, in no order."""
    rules = snapshot.permit_rules.get(permit)
    sides = rules.first_at if rules and application_type == "first" else None
    return tuple(
        one
        for one in snapshot.centres.values()
        if permit in one.permits and (sides is None or one.side in sides)
    )


def _once(centres: Sequence[Centre]) -> "tuple[Centre, ...]":
    return tuple({centre.id: centre for centre in centres}.values())


def distance_km(one: Locality, other: Locality) -> float:
    """The great-circle distance in kilometres (haversine formula)."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    part = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(part))


def _words(snapshot: Snapshot) -> "Iterator[tuple[str, Meaning]]":
    for centre in snapshot.centres.values():
        for variant in VARIANTS:
            yield _plain_name(centre.name.get(variant)), Meaning("centre", centre.id)
        yield from ((word, Meaning("centre", centre.id)) for word in centre.aliases)
    for key, locality in snapshot.localities.items():
        for word in (*locality.aliases, *map(locality.name.get, VARIANTS)):
            yield word, Meaning("locality", key)
    yield from ((word, Meaning("near", word)) for word in snapshot.near_words)


def _plain_name(name: str) -> str:
    """A centre's name without the remark in brackets that it is a demo."""
    return name.replace("（", "(").split("(")[0].strip()

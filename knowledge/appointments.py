"""The vocabulary of centres: where appointments are, when, for which permits, and by which rules.

They are files beside the entries because staff change them: a counter that opens on Saturdays is
in the next booking without anyone touching the code.
"""

from dataclasses import dataclass
from datetime import time
from typing import Any, Literal, Mapping, Optional

from knowledge.text import Text

Side = Literal["hong_kong", "macao", "mainland"]
#: The days of a week as the files name them, in the order of ``date.weekday()``.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SIDES: Mapping[str, Side] = {"Hong Kong": "hong_kong", "Macao": "macao"}


@dataclass(frozen=True)
class Opening:
    """Hours on some weekdays (0 is Monday).

    An appointment begins every ``minutes`` and ends at ``end`` at the latest; ``capacity`` people
    are seen at the same time.
    """

    days: frozenset[int]
    start: time
    end: time
    minutes: int
    capacity: int

    @staticmethod
    def of(raw: Mapping[str, Any]) -> "Opening":
        return Opening(
            days=frozenset(map(DAYS.index, raw["days"])),
            start=time.fromisoformat(raw["from"]),
            end=time.fromisoformat(raw["to"]),
            minutes=raw["every"],
            capacity=raw["capacity"],
        )

    @property
    def starts(self) -> tuple[time, ...]:
        """When appointments begin, earliest first."""
        first, last = _minute(self.start), _minute(self.end) - self.minutes
        return tuple(time(*divmod(at, 60)) for at in range(first, last + 1, self.minutes))


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


@dataclass(frozen=True)
class Centre:
    """Where an appointment is kept. ``side`` says whose public holidays count.

    ``demo`` says that no department knows of appointments there.
    """

    id: str
    name: Text
    address: Text
    side: Side
    locality: str
    permits: frozenset[str]
    demo: bool
    openings: tuple[Opening, ...]
    open_on_holidays: bool
    aliases: tuple[str, ...]

    @staticmethod
    def of(raw: Mapping[str, Any]) -> "Centre":
        return Centre(
            id=raw["id"],
            name=Text.of(raw["name"]),
            address=Text.of(raw["address"]),
            side=raw["side"],
            locality=raw["locality"],
            permits=frozenset(raw["permits"]),
            demo=raw["demo"],
            openings=tuple(map(Opening.of, raw["opening"])),
            open_on_holidays=raw["on_holidays"] == "open",
            aliases=tuple(raw["aliases"]),
        )


@dataclass(frozen=True)
class Locality:
    """A place by which people say where they are, from a whole city down to a station.

    ``latitude`` and ``longitude`` in degrees, to about a kilometre; ``within`` is the key of the
    larger place, None for a city.
    """

    name: Text
    aliases: tuple[str, ...]
    city: str
    within: Optional[str]
    latitude: float
    longitude: float

    @property
    def side(self) -> Side:
        return side_of(self.city)

    @staticmethod
    def of(raw: Mapping[str, Any]) -> "Locality":
        return Locality(
            name=Text.of(raw["name"]),
            aliases=tuple(raw.get("aliases", ())),
            city=raw["city"],
            within=raw.get("within"),
            latitude=raw["latitude"],
            longitude=raw["longitude"],
        )


def side_of(city: str) -> Side:
    """The side that a city lies on."""
    return _SIDES.get(city, "mainland")


@dataclass(frozen=True)
class PermitRules:
    """What an application for a permit here needs.

    ``name`` is short enough for a button.
    ``documents`` holds, for each side whose residents may apply, the kinds of document number that
    they may give, the likeliest first. Ages are in whole years; ``lead_days`` and ``window_days``
    are the first and the last bookable day, in working days of the centre's side after today.
    ``ask`` is the hotline that knows more. ``first_at`` are the sides whose centres take first
    applications, None for all. ``non_chinese`` is the permit that residents who are not Chinese
    get instead, None when there is none.
    """

    name: Text
    application_types: tuple[str, ...]
    documents: Mapping[str, tuple[str, ...]]
    guardian_below: Optional[int]
    min_age: Optional[int]
    lead_days: int
    window_days: int
    ask: str
    first_at: Optional[tuple[Side, ...]] = None
    non_chinese: Optional[str] = None

    @property
    def applicant_sides(self) -> tuple[str, ...]:
        return tuple(self.documents)

    @property
    def needs_birth_date(self) -> bool:
        """Whether age changes anything, so that the date of birth is asked at all."""
        return self.guardian_below is not None or self.min_age is not None

    @staticmethod
    def of(raw: Mapping[str, Any]) -> "PermitRules":
        return PermitRules(
            name=Text.of(raw["name"]),
            application_types=tuple(raw["application_types"]),
            documents={side: tuple(kinds) for side, kinds in raw["documents"].items()},
            guardian_below=raw["guardian_below"],
            min_age=raw["min_age"],
            lead_days=raw["lead_days"],
            window_days=raw["window_days"],
            ask=raw["ask"],
            first_at=tuple(raw["first_at"]) if "first_at" in raw else None,
            non_chinese=raw.get("non_chinese"),
        )

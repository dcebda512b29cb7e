"""When a person would like to come, read from the days and hours that a message names.

A wish is kept as text in the draft until a seat is found for it. What is ambiguous is never
decided here: the readings are handed back to be asked.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

#: From when to when a part of the day lasts.
_PARTS = {
    "dawn": (time(0), time(8)),
    "morning": (time(5), time(12)),
    "noon": (time(11, 30), time(14)),
    "afternoon": (time(12), time(18)),
    "evening": (time(17), time(23, 59)),
}
#: Nothing opens earlier.
_FIRST_OPEN = time(8)
_DAY_DOUBTS = frozenset(("week", "month", "year", "order", "century", "weekday"))


@dataclass(frozen=True)
class Wish:
    """Days from ``first`` to ``last`` and times from ``start`` to ``end``; None is any.

    ``exact`` says that ``start`` is the very time that was named. ``readings`` are the days or
    times between which only the person can decide.
    """

    first: Optional[date] = None
    last: Optional[date] = None
    start: Optional[time] = None
    end: Optional[time] = None
    exact: bool = False
    earliest: bool = False
    days_meant: Tuple[date, ...] = ()
    times_meant: Tuple[time, ...] = ()

    @property
    def has_day(self) -> bool:
        return self.first is not None or self.earliest

    @property
    def one_day(self) -> Optional[date]:
        """The day, when it is a single one."""
        return self.first if self.first == self.last else None

    @property
    def has_time(self) -> bool:
        return self.start is not None or self.end is not None

    def fits(self, moment: datetime) -> bool:
        """Whether a time of the day fits."""
        hour = moment.time().replace(tzinfo=None)
        if self.exact:
            return hour == self.start
        return (self.start is None or self.start <= hour) and (self.end is None or hour < self.end)

    def with_time_of(self, other: "Wish") -> "Wish":
        """This wish with the time of another one."""
        return replace(
            self,
            start=other.start,
            end=other.end,
            exact=other.exact,
            times_meant=other.times_meant,
        )

    def as_dict(self) -> Dict[str, str]:
        kept: Dict[str, str] = {}
        for name in ("first", "last", "start", "end"):
            value = getattr(self, name)
            if value is not None:
                kept[name] = value.isoformat()
        for name in ("exact", "earliest"):
            if getattr(self, name):
                kept[name] = "yes"
        for name in ("days_meant", "times_meant"):
            if getattr(self, name):
                kept[name] = ",".join(value.isoformat() for value in getattr(self, name))
        return kept

    @staticmethod
    def of(kept: Mapping[str, str]) -> "Wish":
        def each(name: str) -> Sequence[str]:
            return kept[name].split(",") if name in kept else ()

        return Wish(
            first=date.fromisoformat(kept["first"]) if "first" in kept else None,
            last=date.fromisoformat(kept["last"]) if "last" in kept else None,
            start=time.fromisoformat(kept["start"]) if "start" in kept else None,
            end=time.fromisoformat(kept["end"]) if "end" in kept else None,
            exact="exact" in kept,
            earliest="earliest" in kept,
            days_meant=tuple(map(date.fromisoformat, each("days_meant"))),
            times_meant=tuple(map(time.fromisoformat, each("times_meant"))),
        )


def on(day: date) -> Wish:
    """The wish for one day."""
    return Wish(first=day, last=day)


def at(hour: str) -> Wish:
    """The wish for one time, such as 15:30."""
    return Wish(start=time.fromisoformat(hour), exact=True)


class UnreadableDay(Exception):
    """A day was named that does not exist (``invalid``) or that is not understood."""

    def __init__(self, invalid: bool) -> None:
        super().__init__("invalid" if invalid else "unknown")
        self.invalid = invalid


def heard(entities: Sequence[Mapping[str, Any]]) -> Optional[Wish]:
    """The wish in a message's entities of days and times; None when it names neither.

    Raises:
        UnreadableDay: the only day that is named cannot be one.
    """
    named = [e for e in entities if e["entity"] in ("date", "time") and not e.get("rejected")]
    if not named:
        return None
    wish = Wish()
    if any(e.get("kind") == "earliest" for e in named):
        wish = replace(wish, earliest=True)
    for kind in ("invalid", "unknown"):
        if any(e.get("kind") == kind for e in named) and not any(e["value"] for e in named):
            raise UnreadableDay(kind == "invalid")
    wish = _days([e for e in named if e["entity"] == "date" and e["value"]], wish)
    return _times([e for e in named if e["entity"] == "time" and e["value"]], wish)


def _days(dates: List[Mapping[str, Any]], wish: Wish) -> Wish:
    found: List[Tuple[date, date]] = []
    for entity in dates:
        first, _, last = entity["value"].partition("..")
        found.append((date.fromisoformat(first), date.fromisoformat(last or first)))
        if _DAY_DOUBTS.intersection(entity.get("doubts", ())):
            others = [_day_of(other) for other in entity.get("alternatives", ())]
            meant = sorted({found[-1][0], *(day for day in others if day)})
            wish = replace(wish, days_meant=tuple(meant)) if len(meant) > 1 else wish
    if not found:
        return wish
    bound = dates[0].get("bound")
    first, last = min(f for f, _ in found), max(last for _, last in found)
    if bound == "after":
        return replace(wish, first=first, last=date.max)
    if bound == "before":
        return replace(wish, first=date.min, last=last)
    return replace(wish, first=first, last=last)


def _times(times: List[Mapping[str, Any]], wish: Wish) -> Wish:
    if not times:
        return wish
    value, bound = times[0]["value"], times[0].get("bound")
    if value in _PARTS:
        start, end = _PARTS[value]
        return replace(wish, start=start, end=end)
    hour = time.fromisoformat(value)
    if len(times) > 1 and times[1].get("link") == "to" and times[1]["value"] not in _PARTS:
        return replace(wish, start=hour, end=time.fromisoformat(times[1]["value"]))
    if {"meridiem", "night", "minute"}.intersection(times[0].get("doubts", ())):
        others = [_time_of(other) for other in times[0].get("alternatives", ())]
        meant = tuple(sorted({hour, *(other for other in others if other)}))
        if bound:  # “after three” can only be in the hours that anything is open
            hour = next((one for one in meant if one >= _FIRST_OPEN), hour)
        elif len(meant) > 1:
            return replace(wish, start=hour, exact=True, times_meant=meant)
    if bound == "after":
        return replace(wish, start=hour)
    if bound == "before":
        return replace(wish, end=hour)
    return replace(wish, start=hour, exact=True)


def _day_of(moment: str) -> Optional[date]:
    """The day of a reading such as “2026-11-25 15:00”; None for a range or a bare time."""
    first = moment.split(" ")[0]
    try:
        return date.fromisoformat(first)
    except ValueError:
        return None


def _time_of(moment: str) -> Optional[time]:
    try:
        return time.fromisoformat(moment.split(" ")[-1])
    except ValueError:
        return None

"""What an expression of time says: what is known, and what has to be asked."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal, Optional, Tuple

Part = Literal["dawn", "morning", "noon", "afternoon", "evening"]
Kind = Literal["moment", "earliest", "unknown", "invalid"]


@dataclass(frozen=True)
class Moment:
    """One reading. A day with `last` is a range, both days included; a part has no exact time."""

    day: Optional[date] = None
    last: Optional[date] = None
    part: Optional[Part] = None
    time: Optional[time] = None

    def __str__(self) -> str:
        days = f"{self.day}..{self.last}" if self.last else str(self.day or "")
        hour = f"{self.time:%H:%M}" if self.time else self.part or ""
        return f"{days} {hour}".strip()


@dataclass(frozen=True)
class When:
    """An expression at `start`..`end` of the text as it was sent.

    kind: a `moment`; the `earliest` there is; a time that is not understood, such as a lunar date
        (`unknown`); or one that does not exist, such as 31 February (`invalid`)
    value: the preferred reading of a moment
    alternatives: every other reading; none when `value` is certain
    doubts: why there are several: meridiem (am or pm), night (which side of midnight), minute,
        order (day or month first), week, month or year (this or the next), century, weekday (it is
        not the weekday of that date)
    bound: before, after or about the value
    link: how it follows the expression before it: or, and, to (a range from that one to this one)
    rejected: the person says that it is not this one
    """

    start: int
    end: int
    kind: Kind
    value: Optional[Moment] = None
    alternatives: Tuple[Moment, ...] = ()
    doubts: Tuple[str, ...] = ()
    bound: Literal["", "before", "after", "about"] = ""
    link: Literal["", "or", "and", "to"] = ""
    rejected: bool = False

    @property
    def settled(self) -> bool:
        """One day or time and nothing to ask: no range, no second reading."""
        value = self.value
        return value is not None and value.last is None and not (self.doubts or self.bound)

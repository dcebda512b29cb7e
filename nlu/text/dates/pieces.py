"""A piece of an expression, as one pattern finds it, before neighbours are put together."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Callable, Iterable, List, NamedTuple, Optional

from nlu.text.dates.clock import Clock
from nlu.text.dates.days import Days, single
from nlu.text.dates.numerals import NoNumber, Vague
from nlu.text.dates.values import Kind, Part


@dataclass
class Piece:
    """`weekday` is a bare one, which may narrow a date beside it. A piece that `leans` counts only
    beside another: "l" behind it, "b" on either side; with "r" and "?" also as the whole text."""

    start: int
    end: int
    kind: Kind = "moment"
    days: Optional[Days] = None
    weekday: int = 0
    part: Optional[Part] = None
    clock: Optional[Clock] = None
    day_number: int = 0  # 5號 without a month, which 七月3號或者5號 lends it
    bound: str = ""
    leans: str = ""
    later: int = 0  # days: "a week on" Monday


Reader = Callable[["re.Match[str]", datetime], Iterable[Piece]]


class Rule(NamedTuple):
    pattern: "re.Pattern[str]"
    read: Reader


def found(rules: Iterable[Rule], text: str, now: datetime) -> List[Piece]:
    """Every piece that a rule finds; what does not exist is invalid, what is vague unknown."""
    pieces: List[Piece] = []
    for pattern, read in rules:
        for match in pattern.finditer(text):
            try:
                pieces += read(match, now)
            except NoNumber:
                continue
            except Vague:
                pieces.append(Piece(*match.span(), kind="unknown"))
            except (ValueError, OverflowError):
                pieces.append(Piece(*match.span(), kind="invalid"))
    return pieces


def apart(pieces: List[Piece]) -> List[Piece]:
    """Pieces that do not overlap: the one that starts first, of these the longest."""
    kept: List[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def at(match: "re.Match[str]", moment: datetime, bound: str = "") -> Piece:
    """A moment that is known to the minute."""
    clock = Clock(moment.hour, (moment.minute,), "am" if moment.hour < 12 else "pm")
    return Piece(*match.span(), days=single(moment.date()), clock=clock, bound=bound)

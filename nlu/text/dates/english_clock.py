"""Hours in English: what the patterns mean."""

import re
from datetime import datetime
from typing import Iterator

from nlu.text.dates.clock import Clock
from nlu.text.dates.english_patterns import (
    AT,
    CLOCK,
    HOUR_IN,
    NUMBER_BEFORE,
    PAST,
    RANGE,
    SAID,
    TO,
    below_100,
)
from nlu.text.dates.numerals import number
from nlu.text.dates.pieces import Piece, Rule


def clock(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    hour, group = number(match["h"]), match.groupdict()
    said = group.get("m") or "0"
    minute = int(said) if said.isdigit() else below_100(said)
    if NUMBER_BEFORE.search(match.string, 0, match.start()):
        return  # ... fifty five pm
    half = {"a": "am", "p": "pm"}.get(group.get("ap") or "", "")
    if group.get("word"):
        half = "pm"
    start = match.start("h") if "at" in group else match.start()
    end = match.end("m") if group.get("m") else match.end("h")
    if "ap" in group:
        end = match.end()
    bound = "about" if group.get("ish") else ""
    yield Piece(start, end, clock=Clock(hour, (minute,), half), bound=bound)


def past(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    hour, said = number(match["h"]), match["q"] or "half"
    minute = 30 if said == "half" else 15 if "quarter" in said else number(said)
    if match["way"] in ("to", "till", "before"):
        hour, minute = (hour - 1) or 12, 60 - minute
    if match["way"] in ("before", "after") and "quarter" not in said:
        return  # ten before four are people
    if match["way"] in ("to", "till") and said.isdigit() and int(said) <= 12:
        if not match["minutes"] and not RANGE.match(match.string, match.start("q")):
            yield Piece(*match.span(), kind="unknown")  # 10 to 4: hours, or ten minutes before
        if not match["minutes"]:
            return
    half = {"a": "am", "p": "pm"}.get(match["ap"] or "", "")
    yield Piece(*match.span(), clock=Clock(hour, (minute,), half))


RULES = [
    *(Rule(pattern, clock) for pattern in (CLOCK, TO, SAID, AT, HOUR_IN)),
    Rule(PAST, past),
]

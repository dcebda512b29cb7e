"""Dates and hours in English: what the patterns mean."""

import re
from datetime import datetime, timedelta
from typing import Iterator, List, Optional, Tuple

from nlu.text.dates import days as calendar
from nlu.text.dates.english_patterns import (
    COMPOUND,
    DAY_MONTH,
    LONG_MONTHS,
    MONTH,
    MONTH_DAY,
    MONTHS,
    OFFSET,
    ON,
    ORDINAL,
    ORDINALS,
    SEGMENTS,
    SPAN_END,
    UNITS,
    WEEK,
    WEEK_ON,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    YEAR_FIRST,
    below_100,
)
from nlu.text.dates.numerals import number
from nlu.text.dates.pieces import Piece, Reader, Rule, at


def _value(text: str) -> int:
    text = re.sub(r"(?<=\d)(st|nd|rd|th)$", "", text)
    return ORDINALS[text] if text in ORDINALS else number(text)


def _years(match: "re.Match[str]", now: datetime) -> List[int]:
    said = match["y"]
    if not said:
        return []
    if said[-1].isdigit():
        return calendar.full_year(now.date(), int(said.lstrip("'")))
    century = 1900 if said.startswith("nineteen") else 2000
    rest = re.sub(r"^(?:nineteen|twenty|two thousand(?: and)?)[\s-]?", "", said)
    return [century + below_100(rest)]


def weekdays(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    which, value, today = match["which"] or "", WEEKDAYS[match["day"]], now.date()
    after, plain = (match["after"] or "").strip(), False
    if which in ("every", "each"):
        return
    if after in ("before last", "from now", "later", "ago") or (
        after[:2] in ("of", "in") and not after.endswith("week")
    ):
        yield Piece(*match.span(), kind="unknown")
        return
    if match["han"]:
        days = calendar.weekday(today, value, {"下": 1, "上": -1}.get(match["han"], 0))
    elif after == "after next":
        days = calendar.next_weekday(today, value, 2)
    elif which == "next next" or after.endswith("week after next"):
        days = calendar.weekday(today, value, 2)
    elif after.endswith("next week"):
        days = calendar.weekday(today, value, 1)
    elif which in ("next", "following"):
        days = calendar.next_weekday(today, value)
    elif which == "last":
        days = calendar.last_weekday(today, value)
    else:
        days, plain = calendar.weekday(today, value, None), not which
    if after == "week":
        moved = tuple((calendar.ahead(first, 7), last) for first, last in days.readings)
        days = days._replace(readings=moved)
    yield Piece(*match.span(), days=days, weekday=value if plain and not after else 0)


def week(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    today, which = now.date(), match["which"] or ""
    what = match["what"] or match["what2"] or "weekend"
    shift = (
        2
        if match["what2"]
        else {"next": 1, "next next": 2, "last": -1}.get(which, int("following" in which))
    )
    segment = SEGMENTS.get(match["segment"] or "")
    if what == "weekend":
        days = calendar.weekend(today, shift, either_next=which == "next")
    elif what == "month":
        days = calendar.month(today, *calendar.month_ahead(today, shift), segment)
    elif what == "year":
        days = calendar.year(today.year + shift, segment or "")
    else:
        days = _part_of_week(calendar.week(today, shift), segment)
    yield Piece(*match.span(), days=days)


def _part_of_week(days: calendar.Days, segment: Optional[str]) -> calendar.Days:
    first, last = {"early": (0, 1), "mid": (1, 3), "late": (3, 6)}.get(segment or "", (0, 6))
    return days._replace(readings=tuple(
        (calendar.ahead(a, first), calendar.ahead(a, last)) for a, _ in days.readings))  # fmt: skip


def day_month(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    month, years = MONTHS[match["month"]], _years(match, now)
    groups = [g for g in ("first", "d", "second") if g in match.re.groupindex and match[g]]
    for place, group in enumerate(groups):
        start = match.start() if place == 0 else match.start(group)
        end = match.end(group) if place < len(groups) - 1 else match.end()
        days = calendar.on(now.date(), years, month, _value(match[group]))
        yield Piece(start, end, days=days)


def month(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    name, which = match["long"] or match["short"], match["which"]
    segment = SEGMENTS.get((match["segment"] or match["segment2"] or "").replace("the ", ""))
    if match["long"] and match["long"] not in LONG_MONTHS and not (segment or match["y"]):
        return  # "may I", "dec"
    year = int(match["y"]) if match["y"] else None
    if which == "last":
        year = now.year if MONTHS[name] < now.month else now.year - 1
    start = match.start("short") if which in ("by", "until") else match.start()
    days = calendar.month(now.date(), year, MONTHS[name], segment)
    yield Piece(start, match.end(), days=days)


def span_end(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    what, said = match["what"] or match["what2"], match["segment"] or "end"
    segment = "late" if said in ("end", "late", "later") else "mid" if "mid" in said else "early"
    if what == "year":
        days = calendar.year(now.year, segment)
    elif what == "month":
        days = calendar.this_month(now.date(), segment)
    else:
        days = _part_of_week(calendar.week(now.date(), 0), segment)
    yield Piece(*match.span(), days=days)


def year(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    yield Piece(*match.span(), days=calendar.year(int(match["y"])))


def ordinal(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    value = _value(match["d"])
    if value in (0, 1, 2, 3) and match["d"].isalpha() and not match["month"]:
        return  # the second one
    if value <= 5 and re.match(r"\s(?:mon|tue|wed|thu|fri|sat|sun)", match.string[match.end() :]):
        return  # the second Monday
    if match["month"] and match.re is not ON:
        year, number_ = calendar.month_ahead(now.date(), int(match["which"] == "next"))
        days = calendar.on(now.date(), [year], number_, value)
    else:
        days = calendar.day_of_month(now.date(), value)
    if match.re is ON and value > 31:
        return
    named = match["month"] or match.group().startswith("the")
    leans = "b" if match.re is ON else "" if named else "?"
    yield Piece(*match.span(), days=days, day_number=value, leans=leans)


def offset(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    lead, tail, said = match["lead"], match["tail"], match["n"]
    if (
        lead == "within"
        or match.group() == "in a day"
        or not (lead or tail)
        or (tail in ("time", "after") and not lead)
    ):
        return
    if COMPOUND.search(match.string, 0, match.start()):
        yield Piece(*match.span(), kind="unknown")  # one month and 21 days ago
        return
    amount = _amount(said)
    sign, unit = (-1 if tail == "ago" else 1), match["unit"]
    bound = "about" if "couple" in said or match["about"] else ""
    if unit in ("month", "year"):
        days = calendar.months_later(now.date(), sign * int(amount * (12 if unit == "year" else 1)))
    elif UNITS[unit]:
        days = calendar.single(calendar.ahead(now.date(), sign * round(amount * UNITS[unit])))
    else:
        minutes = amount * (1 if unit.startswith("min") else 60)
        yield at(match, now + sign * timedelta(minutes=minutes), bound)
        return
    yield Piece(*match.span(), days=days, bound=bound)


def _amount(said: str) -> float:
    if said.startswith("half"):
        return 0.5
    if "couple" in said:
        return 2
    return 1 if said in ("a", "an") else number(said)


def week_on(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    weeks = (1 if match["n"] in ("a", "an") else number(match["n"])) * (
        2 if match["unit"] == "fortnight" else 1
    )
    yield Piece(*match.span(), later=7 * weeks)


_READERS: List[Tuple[Reader, Tuple["re.Pattern[str]", ...]]] = [
    (weekdays, (WEEKDAY,)), (week, (WEEK,)), (month, (MONTH,)), (span_end, (SPAN_END,)),
    (day_month, (DAY_MONTH, MONTH_DAY, YEAR_FIRST)), (year, (YEAR,)), (ordinal, (ORDINAL, ON)),
    (offset, (OFFSET,)), (week_on, (WEEK_ON,)),
]  # fmt: skip
RULES = [Rule(pattern, reader) for reader, patterns in _READERS for pattern in patterns]

"""Dates and hours in English, on folded (lower-case) text."""

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Iterator, List, Optional

from nlu.text.dates import days as calendar
from nlu.text.dates.chinese import at
from nlu.text.dates.clock import Clock
from nlu.text.dates.lexicon import names_of, numbers_of
from nlu.text.dates.numerals import ENGLISH_NUMBER, number
from nlu.text.dates.pieces import Piece, Rule

_ascii = partial(re.compile, flags=re.ASCII)  # a Chinese character beside a word ends it
_WEEKDAYS = names_of("weekdays") | {"sat": 6, "sun": 7}
_MONTHS = names_of("months")
_ORDINALS = numbers_of("en", "ordinals")


def _any(words: "dict[str, int]") -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<month>{_any(_MONTHS)})\.?"
_LONG_MONTHS = "|".join(w for w in _MONTHS if len(w) > 3 and w not in ("march", "sept"))
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_any(_ORDINALS)})"
_YEAR = r"(?:[\s,]*(?:of\s)?(?P<y>(?:19|20)\d\d|'\d\d)(?![\d:]))?"
_N = rf"(?:{ENGLISH_NUMBER}|an?|half an?|a couple of|couple of)"
_UNITS = {"min": 0, "minute": 0, "hour": 0, "hr": 0, "day": 1, "week": 7, "fortnight": 14}
_UNIT = r"(?P<unit>min(?:ute)?|hour|hr|day|week|fortnight|month|year)s?"
_SEGMENTS = {"early": "early", "beginning of": "early", "start of": "early", "mid": "mid",
             "middle of": "mid", "late": "late", "later": "late", "end of": "late"}  # fmt: skip
_SEGMENT = (
    r"(?:(?:the\s)?(?P<segment>early|mid|late|later|(?:the\s)?"
    r"(?:end|beginning|start|middle) of)[\s-](?:in\s)?(?:the\s)?)?"
)
_HOUR = r"(?P<h>\d{1,2}|" + "|".join(
    "one two three four five six seven eight nine ten eleven twelve".split()) + ")"  # fmt: skip

WEEKDAY = _ascii(
    r"(?<![\w'])(?:(?P<which>this coming|the coming|coming|this|next next|next|last|upcoming|following|every|each)\s|(?P<han>[下今呢这上本])一?个?\s?)?"
    rf"(?P<day>(?<!i )(?<!we )(?:{_any(names_of('weekdays'))})|(?<!i )(?<!we )(?<!they )(?<!the )(?<!早)(?:sat|sun)(?=\s*(?:$|[,.?!/&)-]|\d|"
    r"ok|is|works?|pl|or|and|to|at|am|pm|mor|aft|eve|noon|night|before|after|\W*[^\x00-\x7f]))"
    r")(?:'?s)?(?![\w'])\.?(?P<after>\s(?:week(?!\w)|after next|before last|(?:of |in )?next week|(?:the )?week after next"
    rf"|(?:of|in)\s(?:the\s)?(?:(?:this|next|last|each|every)\s)?(?:month|{_any(_MONTHS)})(?!\w)))?"
)
WEEK = _ascii(
    r"(?<!\w)(?:(?:the\s)?(?P<segment>early|mid|late|later|end of|beginning of|start of|middle of)[\s-](?:in\s)?(?:the\s)?)?"
    r"(?P<which>this|next next|next|last|coming|(?:the )?following)\s(?:coming\s)?(?P<what>week(?:end)?|month|year)(?!\w|\sof\s|\sin\s(?!the\s(?:mor|aft|eve)))"
    r"|(?<!\w)the (?P<what2>week(?:end)?|month) after next|(?<!\w)(?:the |on )?weekend(?!\w)"
)
DAY_MONTH = _ascii(
    rf"(?<![\w.:/$])(?:(?P<first>{_DAY})\s?(?P<link>or|and|to|-|&|/)\s?(?:the\s)?)?(?P<d>{_DAY})"
    rf"[\s-]*(?:of\s)?{_MONTH}(?![a-z']){'-?'}{_YEAR}"
)
MONTH_DAY = _ascii(
    rf"(?<!\w){_MONTH}[\s-]*(?:the\s)?(?P<d>{_DAY})(?![\w:]|[.,]\d(?!\d{{3}})|%|\s?(?:[ap]\.?m|people|persons?|of|days?|weeks?|"
    rf"months?|years?|times?|hours?|hrs)(?!\w)){_YEAR}"
    rf"(?:\s?(?P<link>or|and|to|-|&)\s?(?:the\s)?(?P<second>{_DAY})(?![\w:/]|\s?(?:[ap]\.?m)))?"
)
MONTH = _ascii(
    rf"(?<!\w)(?:{_SEGMENT}(?P<long>{_LONG_MONTHS}|may)|{_SEGMENT.replace('segment', 'segment2')}"
    rf"(?P<which>in|during|by|next|this|last|until)\s(?P<short>{_any(_MONTHS)}))(?![\w'])"
    r"(?:\s(?P<y>(?:19|20)\d\d)(?!\d))?"
)
SPAN_END = _ascii(
    r"(?<!\w)(?:the\s)?(?P<segment>end|beginning|start|middle|mid|late|later|early)[\s-](?:of\s)?(?:the\s|this\s)?(?P<what>month|year|week)(?!\w)"
    r"|(?<!\w)(?P<what2>month|year)[\s-]end(?!\w)"
)
YEAR = _ascii(r"(?<!\w)in (?P<y>20\d\d)(?!\w)")
ORDINAL = _ascii(
    rf"(?<!\w)(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)(?!\w)(?P<month>\sof\s(?P<which>this|next|the)\smonth)?"
    r"(?(month)|(?!\sof))(?=\s*(?:$|[,.?!)&/]|at|in the|or|and|to|of|please|pls|yes|but|i|we|if|so|then|instead|for|morning|afternoon|evening|is|works?|before|"
    r"after|noon|from|\d|mon|tue|wed|thu|fri|sat|sun|[^\x00-\x7f]))"
)
OFFSET = _ascii(
    rf"(?<!\w)(?:(?P<lead>in|after|within)\s)?(?P<n>{_N})(?:\s|-)?{_UNIT}(?!\w)"
    r"(?:['’]?s?\s(?P<tail>later|from now|from today|ago|time|after))?"
)
WEEK_ON = _ascii(
    rf"(?<!\w)(?P<n>an?|one|two|three|1|2|3)\s(?P<unit>week|fortnight)s?\s(?:(?:on|from|after)\s)?(?=(?:this\s|next\s)?(?:{_any(_WEEKDAYS)}|today|tomorrow|tmr)(?!\w))"
)
CLOCK = _ascii(
    rf"(?<![\w.:/$#]){_HOUR}(?:(?P<sep>[:.]|\s)(?P<m>[0-5]\d|thirty|fifteen|forty[ -]five|twenty))?\s?"
    r"(?:(?P<ap>[ap])\.?\s?m(?![a-z])\.?|(?P<oc>o'?\s?clock)(?!\w)|(?P<ish>ish)(?!\w)|(?P<word>noon)(?!\w))"
)
TO = _ascii(  # 2-4pm
    rf"(?<![\w.:/$#-]){_HOUR}(?:[:.](?P<m>[0-5]\d))?\s?(?:-|~|to|and|or|until|till|&|/)\s?"
    r"(?=\d{1,2}(?:[:.][0-5]\d)?\s?(?:[ap]\.?m|noon|o'?clock))"
)
PAST = _ascii(
    rf"(?<!\w)(?:(?P<q>a\s?quarter|quarter|half|{ENGLISH_NUMBER})(?P<minutes>\smin(?:ute)?s)?\s(?P<way>past|to|till|before|after)\s|(?P<half>half)\s){_HOUR}"
    r"(?!\w|\s(?:price|days?|hours?|an|of|people|persons?|weeks?|months?|years?)|[/.:]\d)(?:\s?(?P<ap>[ap])\.?m(?!\w))?"
)
_RANGE = _ascii(
    r"\d{1,2}\s?(?:to|till)\s?\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m|noon|o'?clock|[a-z]{3})"
)
SAID = _ascii(  # ten thirty
    r"(?<![\w-])(?P<h>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"\s(?P<m>thirty|fifteen|forty[ -]five)(?![\w-]|\s(?:people|dollars|days|minutes|per|percent))"
)
AT = _ascii(
    rf"(?<!\w)(?P<at>at|by|around|about|before|after|from|until|till|till|@)\s?{_HOUR}(?:\s(?P<m>thirty|fifteen|forty[ -]five))?"
    r"(?=\s*(?:$|[,?!)]|\.(?!\d)|on|to|or|and|-|please|pls|tomorrow|tmr|today|next|this|if|in the|mon|tue|wed|thu|fri|sat|sun|works|ok|[^\x00-\x7f]))"
)
HOUR_IN = _ascii(
    rf"(?<![\w.:/$#-]){_HOUR}\s(?=(?:in the|this|tomorrow|tmr)\s?(?:morning|afternoon|evening)|tonight|at night)"
)


def _value(text: str) -> int:
    text = re.sub(r"(?<=\d)(st|nd|rd|th)$", "", text)
    return _ORDINALS[text] if text in _ORDINALS else number(text)


def _years(match: "re.Match[str]", now: datetime) -> List[int]:
    said = match["y"]
    return calendar.full_year(now.date(), int(said.lstrip("'"))) if said else []


def weekdays(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    which, value, today = match["which"] or "", _WEEKDAYS[match["day"]], now.date()
    after, plain = (match["after"] or "").strip(), False
    if which in ("every", "each"):
        return
    if after == "before last" or (after[:2] in ("of", "in") and not after.endswith("week")):
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
    segment = _SEGMENTS.get(match["segment"] or "")
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
    month, years = _MONTHS[match["month"]], _years(match, now)
    groups = [g for g in ("first", "d", "second") if g in match.re.groupindex and match[g]]
    for place, group in enumerate(groups):
        start = match.start() if place == 0 else match.start(group)
        end = match.end(group) if place < len(groups) - 1 else match.end()
        days = calendar.on(now.date(), years, month, _value(match[group]))
        yield Piece(start, end, days=days)


def month(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    name, which = match["long"] or match["short"], match["which"]
    segment = _SEGMENTS.get((match["segment"] or match["segment2"] or "").replace("the ", ""))
    if match["long"] == "may" and not (segment or match["y"]):
        return  # "may I"
    year = int(match["y"]) if match["y"] else None
    if which == "last":
        year = now.year if _MONTHS[name] < now.month else now.year - 1
    start = match.start("short") if which in ("by", "until") else match.start()
    days = calendar.month(now.date(), year, _MONTHS[name], segment)
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
    if match["month"]:
        year, number_ = calendar.month_ahead(now.date(), int(match["which"] == "next"))
        days = calendar.on(now.date(), [year], number_, value)
    else:
        days = calendar.day_of_month(now.date(), value)
    leans = "" if match.group().startswith("the") else "?"
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
    amount = (
        0.5
        if said.startswith("half")
        else 2
        if "couple" in said
        else 1
        if said in ("a", "an")
        else number(said)
    )
    sign, unit = (-1 if tail == "ago" else 1), match["unit"]
    bound = "about" if "couple" in said else ""
    if unit in ("month", "year"):
        days = calendar.months_later(now.date(), sign * int(amount * (12 if unit == "year" else 1)))
    elif _UNITS[unit]:
        days = calendar.single(calendar.ahead(now.date(), sign * round(amount * _UNITS[unit])))
    else:
        minutes = amount * (1 if unit.startswith("min") else 60)
        yield at(match, now + sign * timedelta(minutes=minutes), bound)
        return
    yield Piece(*match.span(), days=days, bound=bound)


def week_on(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    weeks = (1 if match["n"] in ("a", "an") else number(match["n"])) * (
        2 if match["unit"] == "fortnight" else 1
    )
    yield Piece(*match.span(), later=7 * weeks)


_MINUTES = {"thirty": 30, "fifteen": 15, "twenty": 20, "forty five": 45, "forty-five": 45}


def clock(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    hour, group = number(match["h"]), match.groupdict()
    said = group.get("m") or "0"
    minute = _MINUTES[said] if said in _MINUTES else int(said)
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
        if not match["minutes"] and not _RANGE.match(match.string, match.start("q")):
            yield Piece(*match.span(), kind="unknown")  # 10 to 4: hours, or ten minutes before
        if not match["minutes"]:
            return
    half = {"a": "am", "p": "pm"}.get(match["ap"] or "", "")
    yield Piece(*match.span(), clock=Clock(hour, (minute,), half))


RULES: List[Rule] = [
    Rule(WEEKDAY, weekdays), Rule(WEEK, week), Rule(DAY_MONTH, day_month),
    Rule(MONTH_DAY, day_month), Rule(MONTH, month), Rule(SPAN_END, span_end), Rule(YEAR, year),
    Rule(ORDINAL, ordinal), Rule(OFFSET, offset), Rule(WEEK_ON, week_on), Rule(CLOCK, clock),
    Rule(TO, clock), Rule(PAST, past), Rule(SAID, clock), Rule(AT, clock), Rule(HOUR_IN, clock),
]  # fmt: skip

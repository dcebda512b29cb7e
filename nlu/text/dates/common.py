"""What is written alike in every language: words of the lexicon, 2026-07-01, 3/4, 15:30."""
# ruff: noqa: E501 -- a pattern is read as one piece

import re
from datetime import date, datetime
from functools import partial
from typing import Iterator, List

from nlu.text.dates import days as calendar
from nlu.text.dates.clock import Clock
from nlu.text.dates.lexicon import either, words
from nlu.text.dates.pieces import Piece, Rule

_ascii = partial(re.compile, flags=re.ASCII)
_WORDS = words()
_BEHIND = ("am", "pm")  # a part of the day only behind a day
WORD = _ascii(either(_WORDS))
# 今早, 星期五晚: one letter counts only behind a day
LETTER = _ascii(
    r"(?<=[日天号一二三四五六])[早朝晚夜](?![饭餐上点啲头早晨饮])|(?<=[日天号一二三四五六])早上?(?=\d)|(?<![周期拜])一大?早(?!上|晨)"
)
EARLIEST_NOT = _ascii(
    r"\s?(?:捷|嘅?路|的?路|要|需|方法|一?班|几点开|几耐|多久|几[天日]|几多|住|route|way|train|bus|possible date of)"
)
ISO = _ascii(
    r"(?<![\d/.-])(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d/-])(?:t(?=\d))?"
)
COMPACT = _ascii(r"(?<![\w.-])(?P<y>19\d\d|20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?![\w-])")
SLASH = _ascii(
    r"(?<![\w/.$-])(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})(?:(?P=s)(?P<y>\d{4}|\d\d))?"
    r"(?![\w/]|[.-]\d|%|\s?(?:of|的|嘅|个|hotline|service|support|hrs|inch|人))"
)
CLOCK = _ascii(
    r"(?<![a-su-z\d_.:/$])(?<![^\d]t)(?P<h>\d{1,2})(?P<s>[:.])(?P<m>\d\d)(?::\d\d)?(?![\d:./]|%)(?:\s?(?P<ap>[ap])\.?\s?m(?![a-z])\.?)?"
)
LUNAR = re.compile(
    r"(?:正月|腊月)(?:初?[一二三四五六七八九十廿]{1,3})?|(?:(?<![零一二三四五六七八九十\d])[一二三四五六七八九十\d]{1,2}月|年)?初(?:十|[一二三四五六七八九])(?![中生级年下上班次步])"
)
AM_PM = _ascii(r"(?<![\w.:/$-])(?P<h>1[0-2]|\d)(?P<m>[0-5]\d)\s?(?P<ap>[ap])\.?m(?![a-z])")
HOURS = _ascii(r"(?<![\w.:/$-])(?P<h>[01]\d|2[0-9])(?P<m>\d\d)\s?(?:hrs?|hours|h)(?!\w)")


def word(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    group, meaning = _WORDS[match.group()]
    span = match.span()
    if group == "days" and isinstance(meaning, list):  # 明後日
        middle = match.start() + 1
        for place, ahead in zip(((match.start(), middle), (middle, match.end())), meaning):
            yield Piece(*place, days=calendar.single(calendar.ahead(now.date(), ahead)))
    elif group == "days":
        yield Piece(*span, days=calendar.single(calendar.ahead(now.date(), meaning)))
    elif group == "day_parts":
        days = calendar.single(calendar.ahead(now.date(), meaning[0]))
        yield Piece(*span, days=days, part=meaning[1])
    elif group == "parts":
        if not _greeting(match):
            leans = "l" if match.group() in _BEHIND else "b" if match.group() == "早晨" else ""
            yield Piece(*span, part=meaning, leans=leans)
    elif group == "times":
        clock = Clock(12, half="pm") if meaning == "noon" else Clock(0, half="midnight")
        yield Piece(*span, clock=clock)
    elif group == "unknown" or not EARLIEST_NOT.match(match.string, match.end()):
        yield Piece(*span, kind=group)  # type: ignore[arg-type]


_GREETS = re.compile(
    r"(?:\b(?:good|gd|gud|lovely|nice|great|enjoy your|have a)\s|\bnight\s)$", re.ASCII
)


def _greeting(match: "re.Match[str]") -> bool:
    """早上好 and "good morning" are no times."""
    return bool(_GREETS.search(match.string, 0, match.start())) or match.string.startswith(
        ("好", "安", " night"), match.end()
    )


def letter(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    part = "morning" if match.group()[0] in "早朝一" else "evening"
    yield Piece(*match.span(), part=part, leans="l")  # type: ignore[arg-type]


def iso(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    yield Piece(*match.span(), days=calendar.single(day))


_BIRTH = re.compile(r"(?:出生|出世|生日|born|birth|dob|日期|on)\D{0,12}$")


def compact(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    before = match.string[: match.start()]
    if before.strip() and not _BIRTH.search(before):
        return  # a reference
    try:
        yield from iso(match, now)
    except ValueError:
        return  # some other number


def slash(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    first, second, text = int(match["a"]), int(match["b"]), match.group()
    if not match["y"]:
        alone = match.string.strip(" .,!?") == text
        if match["s"] != "/" and not (alone and len(text) >= 4):
            return
        if text == "24/7" and not alone:
            return
        if not (1 <= min(first, second) <= 12 and max(first, second) <= 31):
            return
        if match["s"] == "." and match["b"] in ("15", "30"):
            yield Piece(*match.span(), kind="unknown")  # 10.30 is a date or an hour
            return
    elif len(match["y"]) == 2 and match["s"] == ".":
        return  # a version
    years = calendar.full_year(now.date(), int(match["y"])) if match["y"] else []
    yield Piece(*match.span(), days=calendar.numeric(now.date(), first, second, years))


def clock(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    half = {"a": "am", "p": "pm"}.get(match["ap"] or "", "") if "ap" in match.re.groupindex else ""
    dotted = "s" in match.re.groupindex and match["s"] == "."
    leans = "b" if dotted and not half else ""  # 2.45 in the afternoon
    padded = match["h"][0] == "0" or match.re is HOURS
    hour = Clock(int(match["h"]), (int(match["m"]),), half, padded)
    if match.re is HOURS and not half:
        hour = (
            hour._replace(half="am" if int(match["h"]) < 12 else "pm")
            if int(match["h"]) <= 24
            else hour
        )
    yield Piece(*match.span(), clock=hour, leans=leans)


def lunar(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    yield Piece(*match.span(), kind="unknown")


RULES: List[Rule] = [
    Rule(LUNAR, lunar),
    Rule(WORD, word), Rule(LETTER, letter), Rule(ISO, iso), Rule(COMPACT, compact),
    Rule(SLASH, slash), Rule(CLOCK, clock), Rule(HOURS, clock), Rule(AM_PM, clock),
]  # fmt: skip

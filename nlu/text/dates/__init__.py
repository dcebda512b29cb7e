"""Dates and times in Cantonese, Mandarin and English, and what has to be asked about them.

A grammar of our own: recognizers-text, the obvious library, knows no Cantonese, resolves what is
ambiguous without saying so and takes milliseconds (benchmarks/dates.py).
"""
# ruff: noqa: E501 -- a pattern is read as one piece

import re
from dataclasses import replace
from datetime import datetime
from typing import List

from nlu.text.dates import chinese, chinese_clock, common, english, english_clock
from nlu.text.dates.context import in_context
from nlu.text.dates.joining import joined, value_of
from nlu.text.dates.lending import lent
from nlu.text.dates.pieces import apart, found
from nlu.text.dates.values import Moment, When
from nlu.text.folded import Folded, fold_dates

__all__ = ["Moment", "When", "find"]

_HAN = re.compile(r"[日号天拜钟月年周礼星点时晚早朝晨午昼晏夜后快初除儿礼阵排]")
_LATIN = re.compile(
    r"\d|(?<![a-z])(?:mon|tue|tes|wed|wen|thu|thr|fri|frd|fir|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|"
    r"tod|tdy|tom|tmr|tmw|yes|ton|noon|mid|morn|aft|eve|night|lunch|next|last|week|month|year|half|quarter|"
    r"in |the |a |at |by |asap|earl|soon|right|first|a\.s|gam|ting|hau|ha |seung|jiu|\w+ o'?\s?clock|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|another|some)"
)
_LUNAR = re.compile(r"农历|阴历|旧历|lunar")


def find(text: str, now: datetime) -> List[When]:
    """Every date and time in the text, in order.

    now: the clock of Hong Kong, which is the Mainland's too; a time zone is not looked at
    """
    signs = fold_dates(text)
    folded = signs.text
    latin = _LATIN.search(folded)
    han = _HAN.search(folded)
    if not latin and not han:
        return []
    rules = (
        common.RULES
        + (chinese.RULES + chinese_clock.RULES if han else [])
        + (english.RULES + english_clock.RULES if latin else [])
    )
    today = now.date()
    pieces = joined(apart(found(rules, folded, now)), folded, today)
    if _LUNAR.search(folded):
        for piece in pieces:
            piece.kind = "unknown" if piece.days else piece.kind
    whens = in_context([value_of(piece) for piece in pieces], pieces, folded)
    whens = lent(whens, pieces, today)
    return [_moved(when, signs) for when in whens]


def _moved(when: When, signs: Folded) -> When:
    """The same at its place in the text as it was written."""
    start, end = signs.span(when.start, when.end)
    return replace(when, start=start, end=end)

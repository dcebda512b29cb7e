"""Numbers as people write them: digits, Chinese numerals up to 99, English words up to 59."""
# ruff: noqa: E501 -- a pattern is read as one piece

import re

from nlu.text.dates.lexicon import numbers_of

DIGITS = {c: str(v) for v, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "两": "2",
    "幺": "1",
}
# 星期五三點 ends a weekday and begins an hour
HAN_NUMBER = r"(?:(?:(?<![零〇一二两三四五六七八九十廿卅周期拜])|(?<=[周期拜].))[零〇一二两三四五六七八九十廿卅]{1,4})"
NUMBER = rf"(?:(?<![\d.:/])\d{{1,2}}(?!\d)|{HAN_NUMBER})"
YEAR_DIGITS = r"(?:[二两]千(?:零?[一二三四五六七八九十]{1,3})?|\d{4}|\d{2}|[零〇一二三四五六七八九]{4}|[零〇一二三四五六七八九]{2})"

ENGLISH = numbers_of("en")
ENGLISH_NUMBER = r"(?:\d{1,2}|" + "|".join(sorted(ENGLISH, key=len, reverse=True)) + ")"


class NoNumber(ValueError):
    """Numerals that make no number, such as 五三."""


class Vague(ValueError):
    """Two or three: 兩三."""


_TENS = re.compile(r"(?:([二三四五六七八九])?(十)|(廿)|(卅))?零?([零一二三四五六七八九])?")


def number(text: str) -> int:
    """The value of a number; raises NoNumber or Vague."""
    text = text.replace("〇", "零").replace("两", "二")
    if text.isdigit() and text.isascii():
        return int(text)
    if text in ENGLISH:
        return ENGLISH[text]
    match = _TENS.fullmatch(text)
    if not match or not text:
        vague = len(text) > 1 and text[-2:] in "一二三四五六七八九"
        raise Vague(text) if vague else NoNumber(text)
    tens, ten, twenty, thirty, unit = match.groups()
    base = 20 if twenty else 30 if thirty else int(DIGITS[tens or "一"]) * 10 if ten else 0
    return base + int(DIGITS[unit or "零"])


def digits(text: str) -> int:
    """Digits said one by one: 一九五零 is 1950; and 二千."""
    if text[1:2] == "千":
        return 2000 + (number(text[2:].lstrip("零")) if text[2:] else 0)
    return int("".join(DIGITS.get(c, c) for c in text))

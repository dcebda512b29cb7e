"""Forms for finding words whose every sign knows where it stood in the text as it was written.

``normalise`` turns words into others, so that a place in its result is no place in the text. Here
each character is folded by itself: width, case, script; what is invisible vanishes. For names
quotation marks vanish as well, and spaces and hyphens become one space. For dates, whose grammar
reads punctuation, no character becomes more than one.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Callable, Dict, Sequence

from core.script import to_simplified

_REMEMBERED = 20_000  # distinct characters; more only come from somebody playing
_QUOTES = frozenset('「」『』“”"《》〈〉')
_GAPS = re.compile(r"[\s\-‐-―_]+")
#: What stays as long as it was in lower case: plain English.
_PLAIN = re.compile(r"(?:[!#-,./0-9:-^`-~]|[ \-_](?![ \-_]))*")
_PLAIN_GAPS = str.maketrans("-_", "  ")
#: Signs that people write for one another in dates.
_SAME_IN_DATES = dict(zip("–—−‐‑﹣’‘〜∼點。踏週隻𠮶", "------''~~点.搭周个嗰"))


@dataclass(frozen=True)
class Folded:
    """A folded text and, for each of its signs, the index of the character that it comes from."""

    text: str
    origins: "Sequence[int]"

    def span(self, start: int, end: int) -> "tuple[int, int]":
        """The place in the text as it was written of a part that is not empty."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Folds a text to find names in it; never fails, whatever the text."""
    if _PLAIN.fullmatch(text):
        return Folded(text.lower().translate(_PLAIN_GAPS), range(len(text)))
    signs: list[str] = []
    origins: list[int] = []
    last = ""
    for index, character in enumerate(text):
        for sign in _IN_NAMES[ord(character)]:
            if sign != " " or last != " ":
                signs.append(sign)
                origins.append(index)
            last = sign
    return Folded("".join(signs), origins)


def fold_dates(text: str) -> Folded:
    """Folds a text to find dates in it; never fails, whatever the text."""
    folded = text.translate(_IN_DATES)
    if len(folded) == len(text):
        return Folded(folded, range(len(text)))
    return Folded(folded, [place for place, c in enumerate(text) if _IN_DATES[ord(c)]])


class _Signs(Dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self, folded: Callable[[str], str]) -> None:
        self._folded = folded

    def __missing__(self, code: int) -> str:
        folded = self._folded(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


def _in_name(character: str) -> str:
    if character in _QUOTES or unicodedata.category(character) in ("Cf", "Cn", "Co", "Cs"):
        return ""
    return to_simplified(_GAPS.sub(" ", _narrow(character)))


def _in_date(character: str) -> str:
    if character in _SAME_IN_DATES:
        return _SAME_IN_DATES[character]
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    narrow = _narrow(character)
    plain = narrow if len(narrow) == 1 else character
    simplified = to_simplified(_SAME_IN_DATES.get(plain, plain))
    return _SAME_IN_DATES.get(simplified, simplified) if len(simplified) == 1 else plain


def _narrow(character: str) -> str:
    return unicodedata.normalize("NFKC", character).lower()


_IN_NAMES, _IN_DATES = _Signs(_in_name), _Signs(_in_date)

"""A form for finding words whose every sign knows where it stood in the text as it was written.

``normalise`` turns words into others, so that a place in its result is no place in the text. Here
each character is folded by itself: width, case, script; quotation marks and what is invisible
vanish, spaces and hyphens become one space.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Sequence

from core.script import to_simplified

_QUOTES = frozenset('「」『』“”"《》〈〉')
_GAPS = re.compile(r"[\s\-‐-―_]+")
#: What stays as long as it was in lower case: plain English.
_PLAIN = re.compile(r"(?:[!#-,./0-9:-^`-~]|[ \-_](?![ \-_]))*")
_PLAIN_GAPS = str.maketrans("-_", "  ")


@dataclass(frozen=True)
class Folded:
    """A folded text and, for each of its signs, the index of the character that it comes from."""

    text: str
    origins: "Sequence[int]"

    def span(self, start: int, end: int) -> "tuple[int, int]":
        """The place in the text as it was written of a part that is not empty."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Folds a text; never fails, whatever the text."""
    if _PLAIN.fullmatch(text):
        return Folded(text.lower().translate(_PLAIN_GAPS), range(len(text)))
    signs: list[str] = []
    origins: list[int] = []
    last = ""
    for index, character in enumerate(text):
        for sign in _folded(character):
            if sign != " " or last != " ":
                signs.append(sign)
                origins.append(index)
            last = sign
    return Folded("".join(signs), origins)


@lru_cache(maxsize=16384)
def _folded(character: str) -> str:
    if character in _QUOTES or unicodedata.category(character) in ("Cf", "Cn", "Co", "Cs"):
        return ""
    narrow = _GAPS.sub(" ", unicodedata.normalize("NFKC", character).lower())
    return to_simplified(narrow)

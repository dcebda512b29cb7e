"""Brings a text to the form that the grammar reads, with the place of each character kept."""

import unicodedata
from typing import Dict, List, Optional, Tuple

from core.script import to_simplified

_REMEMBERED = 20_000  # distinct characters; more only come from somebody playing
_SAME = dict(zip("–—−‐‑﹣’‘〜∼點。踏週隻𠮶", "------''~~点.搭周个嗰"))


class _Fold(Dict[int, str]):
    """Each character becomes exactly one, or none if it is invisible."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


def _folded(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    plain = unicodedata.normalize("NFKC", character).lower()
    plain = plain if len(plain) == 1 else character
    simplified = to_simplified(_SAME.get(plain, plain))
    return _SAME.get(simplified, simplified) if len(simplified) == 1 else plain


_FOLD = _Fold()


def fold(text: str) -> Tuple[str, Optional[List[int]]]:
    """Lower case, half width, Simplified; and the place of each character if any was dropped."""
    folded = text.translate(_FOLD)
    if len(folded) == len(text):
        return folded, None
    return folded, [place for place, c in enumerate(text) if _FOLD[ord(c)]]

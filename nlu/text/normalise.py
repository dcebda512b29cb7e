"""Brings what people write to one form: width, case, script, Cantonese words.

The same function runs on training text and on live text. The result is for matching only and is
never shown: Cantonese words become written Chinese, so that one model serves all who write Chinese.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from core.script import to_simplified

LEXICON = Path(__file__).parent.parent / "lexicon"

_SPACES = re.compile(r"\s+")
_ELONGATED = re.compile(r"([a-z!?。，~～…])\1{2,}")


@lru_cache(maxsize=64)
def clean(text: str) -> str:
    """Text that is safe to handle: NFKC, no control, zero-width or surrogate characters.

    Whatever a person sent, the result can be encoded as UTF-8.
    """
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = unicodedata.normalize("NFKC", text)
    kept = (c if c >= " " else " " for c in text if not _invisible(c))
    return _SPACES.sub(" ", "".join(kept)).strip()


def origins(text: str, cleaned: str) -> "list[int]":
    """Where each character of a cleaned text stood in the text, for places in what was sent.

    Empty when that cannot be told: an accent and its letter became one character.
    """
    found: list[int] = []
    for index, character in enumerate(text):
        for sign in clean(character) or " ":
            if cleaned[len(found) : len(found) + 1] == sign:
                found.append(index)
    return found if len(found) == len(cleaned) else []


def _invisible(character: str) -> bool:
    if character in "\t\n\r":
        return False
    # Cc control, Cf format (zero width, bidirectional marks), Co private use, Cn unassigned
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Cs")


@lru_cache(maxsize=64)
def normalise(text: str) -> str:
    """The form for matching: clean, lower case, Simplified, in written Chinese."""
    text = to_simplified(clean(text).lower())
    text = _ELONGATED.sub(r"\1", text)
    pattern, words = _cantonese()
    return pattern.sub(lambda match: words[match.group()], text)


@cache
def _cantonese() -> "tuple[re.Pattern[str], dict[str, str]]":
    """The lexicon as one pattern, longest words first, and what each word becomes."""
    words: dict[str, str] = {}
    for group in YAML(typ="safe").load(LEXICON / "cantonese.yml").values():
        for word, written in group.items():
            words[to_simplified(str(word).lower())] = str(written)
    longest_first = sorted(words, key=len, reverse=True)
    # A Latin word such as "ge" only counts when it stands alone.
    alternatives = (
        rf"(?<![a-z0-9]){re.escape(w)}(?![a-z0-9])" if w.isascii() else re.escape(w)
        for w in longest_first
    )
    return re.compile("|".join(alternatives)), words

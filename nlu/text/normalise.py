"""Brings what people write to one form: width, case, script, Cantonese words.

The same function runs on training text and on live text. The result is for matching only and is
never shown: Cantonese words become written Chinese, so that one model serves all who write Chinese.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any, Iterable, Iterator

from ruamel.yaml import YAML

from core.script import to_simplified

LEXICON = Path(__file__).parent.parent / "lexicon"

_SPACES = re.compile(r"\s+")
_HAN = "[\u3400-\u9fff]"
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
    """The form for matching: clean, lower case, Simplified, in written Chinese and full words."""
    text = to_simplified(clean(text).lower())
    text = _ELONGATED.sub(r"\1", text)
    pattern, words = _lexicon()
    return pattern.sub(lambda match: words[match.group()], text)


@cache
def _lexicon() -> "tuple[re.Pattern[str], dict[str, str]]":
    """All the words as one pattern, longest first, and what each becomes."""
    words: dict[str, str] = {}
    mixed: set[str] = set()
    for group, lines in {**_file("cantonese.yml"), **_file("english.yml")}.items():
        found = {_simple(word): str(written) for word, written in lines.items()}
        mixed.update(found if group == "beside_chinese" else ())
        for word, written in found.items():
            for spelling in _spellings(word):
                words.setdefault(spelling, written)
        words.update(found)
    latin = _any(word for word in words if word.isascii() and word not in mixed)
    beside, han = _any(mixed), [word for word in words if not word.isascii()]
    # Looking ahead spares a text in the other script the long lists.
    starts = "".join({re.escape(word[0]) for word in han})
    alternatives = (
        rf"(?=[a-z])(?<![a-z0-9.@/-])(?:{latin})(?![a-z0-9@]|[./-][a-z0-9])",
        rf"(?=[{starts}])(?:{_by_first(han)})",
        rf"(?=[a-z])(?:(?<={_HAN})|(?<={_HAN} ))(?:{beside})(?![a-z0-9])",
        rf"(?=[a-z])(?<![a-z0-9])(?<![a-z0-9] )(?:{beside})(?= ?{_HAN})",
    )
    return re.compile("|".join(alternatives)), words


def _file(name: str) -> Any:
    return YAML(typ="safe").load(LEXICON / name)


def _simple(word: object) -> str:
    return to_simplified(str(word).lower())


def _spellings(word: str) -> "Iterator[str]":
    """A Cantonese word with each sign also as people write it for another; short words as is."""
    if word.isascii() or len(word) < 2:
        return
    choices = ([*next((g for g in _variants() if c in g), c)] for c in word)
    yield from map("".join, product(*choices))


@cache
def _variants() -> "tuple[str, ...]":
    return tuple(map(_simple, _file("variants.yml")))


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _by_first(words: Iterable[str]) -> str:
    """Words sorted under their first sign, which the pattern finds much faster than a long list.

    A word that starts with a letter or digit starts there: “15使” has no “5使” in it.
    """
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"{'(?<![a-z0-9])' if first.isascii() else ''}{re.escape(first)}(?:{_any(rest)})"
        for first, rest in by_first.items()
    )

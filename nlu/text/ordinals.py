"""The number by which somebody chooses: 2, 第二個, “the second one”."""

import re
from functools import cache
from typing import Any, Iterable, Optional

from ruamel.yaml import YAML

from nlu.text.normalise import LEXICON, normalise


def ordinal(text: str) -> Optional[int]:
    """The number from 1 that a text is, with what people say around it; None for any other text."""
    pattern, numbers = _lexicon()
    found = pattern.fullmatch(normalise(text))
    if not found:
        return None
    word = found["number"]
    return numbers.get(word) or int(word) or None


def may_be_a_day(text: str) -> bool:
    """Whether a number is said as days of a month are: “3號”."""
    return normalise(text).endswith(tuple(_file()["counted"]))


@cache
def _file() -> "dict[str, Any]":
    words: "dict[str, Any]" = YAML(typ="safe").load(LEXICON / "choices.yml")
    return words


@cache
def _lexicon() -> "tuple[re.Pattern[str], dict[str, int]]":
    """The form of a choice, and the number that each word stands for."""
    words = _file()
    numbers = {word: n for n, some in enumerate(words["numbers"], 1) for word in some}
    pattern = (
        rf"{_any(words['before'])}?[\s.:#]*第?\s*(?P<number>\d|{_any(numbers)})"
        rf"[\s.)、。]*{_any(words['after'])}?[\s.。!]*"
    )
    return re.compile(pattern), numbers


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"

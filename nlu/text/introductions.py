"""A name without the words around it: of “我叫陳大文呀” a form keeps 陳大文."""

import re
from functools import cache
from typing import Iterable

from ruamel.yaml import YAML

from nlu.text.folded import fold
from nlu.text.normalise import LEXICON


def without_introduction(text: str) -> str:
    """What is left of ``text`` without such words; all of it when nothing would be left."""
    folded = fold(text)
    before, after = _patterns()
    opening = before.match(folded.text)
    start = opening.end() if opening else 0
    closing = after.search(folded.text, start)
    end = closing.start() if closing else len(folded.text)
    return text[slice(*folded.span(start, end))] if start < end else text


def is_sentence(text: str) -> bool:
    """Whether a text has words that stand in no name: “I would rather not say”."""
    return bool(_sentence().search(fold(text).text))


@cache
def _sentence() -> "re.Pattern[str]":
    words = YAML(typ="safe").load(LEXICON / "introductions.yml")["no_name"]
    return re.compile(
        "|".join(rf"(?<![a-z]){w}(?![a-z])" if w.isascii() else fold(w).text for w in words)
    )


@cache
def _patterns() -> "tuple[re.Pattern[str], re.Pattern[str]]":
    words = YAML(typ="safe").load(LEXICON / "introductions.yml")
    return (
        re.compile(rf"\s*(?:{_either(words['before'])})\s*[:,]?\s*"),
        re.compile(rf"(?:{_either(words['after'])}|[.!~。])*\s*$"),
    )


def _either(words: Iterable[str]) -> str:
    """Any of the words, the longest first; a Latin one ends where no other letter follows."""
    ordered = sorted((fold(word).text for word in words), key=len, reverse=True)
    return "|".join(re.escape(w) + (r"(?![a-z])" if w.isascii() else "") for w in ordered)

"""What a Chinese character sounds like, to people and recognisers who mix up like sounds.

A sound is a syllable without tone. ``merged`` brings those together that speakers of southern
Mandarin and of today's Cantonese do not tell apart. The readings come from a table, because the
libraries that know them take seconds to load (scripts/sounds.py writes it).
"""

import re
from functools import cache, lru_cache
from typing import Literal

from nlu.text.normalise import LEXICON

TABLE = LEXICON / "sounds.tsv"

Tongue = Literal["cmn", "yue"]
TONGUES: tuple[Tongue, ...] = ("cmn", "yue")

# 知/资 吃/次 诗/思, 蓝/难, 仁/能 and 福/湖 sound alike in the south, as do final n and ng.
_MANDARIN = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^[lr]"), "n"),
    (re.compile(r"^hu(?=[ao])|^h(?=u$)"), "f"),
    (re.compile(r"^hui$"), "fei"),
    (re.compile(r"^hun$"), "fen"),
    (re.compile(r"(?<=[aei])ng$"), "n"),
)
# “Lazy sounds”: 你/李, 我 without ng, 过/个, 冰/宾, 北/不.
_CANTONESE = (
    (re.compile(r"^n(?!g)"), "l"),
    (re.compile(r"^ng(?=[aeiou])"), ""),
    (re.compile(r"^(g|k)w(?=o)"), r"\1"),
    (re.compile(r"ng$"), "n"),
    (re.compile(r"k$"), "t"),
)


def sounds(character: str, tongue: Tongue) -> "tuple[str, ...]":
    """The toneless readings of a Simplified character, the usual one first; none if unknown."""
    return _table().get(character, ((), ()))[TONGUES.index(tongue)]


@lru_cache(maxsize=16384)
def merged(character: str, tongue: Tongue) -> "tuple[str, ...]":
    """The readings of a character as one hears them who mixes up like sounds."""
    return tuple(dict.fromkeys(_merge(syllable, tongue) for syllable in sounds(character, tongue)))


@lru_cache(maxsize=4096)
def _merge(syllable: str, tongue: Tongue) -> str:
    for pattern, replacement in _MANDARIN if tongue == "cmn" else _CANTONESE:
        syllable = pattern.sub(replacement, syllable)
    return syllable


@cache
def _table() -> "dict[str, tuple[tuple[str, ...], tuple[str, ...]]]":
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {c: (tuple(cmn.split()), tuple(yue.split())) for c, cmn, yue in rows}

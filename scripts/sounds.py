"""Writes nlu/lexicon/sounds.tsv: how each common Chinese character is read.

The libraries that know it take two seconds and 120 MB to load, which no process that answers
people should pay; the readings of characters do not change.

    .venv/bin/python -m scripts.sounds
"""

import re
import unicodedata
from typing import Iterator

import ToJyutping
from pypinyin.pinyin_dict import pinyin_dict

from core.script import to_simplified
from nlu.text.sounds import TABLE

#: Readings of a character that are kept in each language, the usual ones first.
_KEPT = 2
_HEAD = "# Written by scripts/sounds.py: a character, its pinyin and its Jyutping, without tones.\n"


def main() -> None:
    TABLE.write_text(table(), encoding="utf-8")


def table() -> str:
    """The whole file."""
    lines = (f"{c}\t{' '.join(mandarin(c))}\t{' '.join(cantonese(c))}\n" for c in characters())
    return _HEAD + "".join(lines)


def characters() -> "list[str]":
    """The characters of GB 2312 and of Big5, in Simplified script."""
    found = set()
    for code in (bytes([high, low]) for high in range(0xA1, 0xFA) for low in range(0x40, 0xFF)):
        for charset in ("gb2312", "big5hkscs"):
            text = code.decode(charset, "ignore")
            found |= {c for c in to_simplified(text) if "\u4e00" <= c <= "\u9fff"}
    return sorted(found)


def mandarin(character: str) -> "list[str]":
    readings = pinyin_dict.get(ord(character), "").split(",")
    return _first(_toneless(reading) for reading in readings if reading)


def _toneless(pinyin: str) -> str:
    """``zhèng`` becomes ``zheng``; ``lǜ`` becomes ``lv``."""
    apart = unicodedata.normalize("NFD", pinyin).replace("u\u0308", "v")
    return re.sub(r"[^a-z]", "", apart)


def cantonese(character: str) -> "list[str]":
    (_, readings), *_ = ToJyutping.get_jyutping_candidates(character)
    return _first(reading.rstrip("123456") for reading in readings)


def _first(readings: Iterator[str]) -> "list[str]":
    return list(dict.fromkeys(readings))[:_KEPT]


if __name__ == "__main__":
    main()

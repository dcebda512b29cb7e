"""The words of nlu/lexicon/dates.yml, as the grammar uses them."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Dict, Iterable, List, Tuple

from ruamel.yaml import YAML

from nlu.text.folded import fold_dates

LEXICON = Path(__file__).parent.parent.parent / "lexicon" / "dates.yml"


@cache
def _lexicon() -> Dict[str, Dict[str, Any]]:
    data: Dict[str, Dict[str, Any]] = YAML(typ="safe").load(LEXICON)
    return data


@cache
def words() -> Dict[str, Tuple[str, Any]]:
    """Each word, folded, with its group and meaning: 听日 is ("days", 1)."""
    found: Dict[str, Tuple[str, Any]] = {}
    for groups in _lexicon().values():
        for group in ("days", "parts", "day_parts", "times", "earliest", "unknown"):
            meanings = groups.get(group, {})
            pairs = (
                meanings.items() if isinstance(meanings, dict) else ((w, None) for w in meanings)
            )
            found.update({fold_dates(str(word)).text: (group, meaning) for word, meaning in pairs})
    return found


def either(choices: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a Latin one only when it stands alone."""
    ordered = sorted(choices, key=len, reverse=True)
    latin = "|".join(re.escape(w) for w in ordered if w.isascii())
    han = "|".join(re.escape(w) for w in ordered if not w.isascii())
    return "|".join(
        p for p in (rf"(?<![\w'])(?:{latin})(?![\w]|'(?!s))" if latin else "", han) if p
    )


def names_of(group: str) -> Dict[str, int]:
    """English weekdays or months by every spelling, counted from 1."""
    names: List[List[str]] = _lexicon()["en"][group]
    return {word: place for place, spellings in enumerate(names, 1) for word in spellings}


def numbers_of(language: str, group: str = "numbers") -> Dict[str, int]:
    """Number words; "twenty-one" may have a hyphen."""
    listed: List[str] = _lexicon()[language][group]
    numbers = {word: value for value, word in enumerate(listed)}
    return numbers | {word.replace(" ", "-"): value for word, value in numbers.items()}

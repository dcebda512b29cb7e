"""Tells whether a message is in a language that the assistant does not speak.

Scripts of their own tell it at once; among languages in Latin letters the small words do. It is
careful: English with a foreign name in it, and Cantonese written in letters, are none of these.
"""

import re
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from nlu.text.normalise import LEXICON, clean

_OTHER_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0400-\u04ff\u0590-\u05ff\u0600-\u06ff\u0900-\u0d7f\u0e00-\u0eff\u1000-\u109f"
    "\u1780-\u17ff\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]"
)
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-zà-öø-ÿ\u0100-\u024f\u1e00-\u1eff]+(?:'[a-z]+)?")
#: A sign of the Latin letters that only Vietnamese has.
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")

#: Share of letters in a script of its own from which a message is in that language. Signs in
#: Hong Kong write の for 的, so that one letter of many says nothing.
_SHARE = 0.25


def in_other_language(text: str) -> bool:
    """Whether ``text`` is in neither Chinese nor English."""
    text = clean(text).lower()
    letters = len(_LETTERS.findall(text))
    strange = len(_OTHER_SCRIPT.findall(text))
    if strange >= 2 and strange >= _SHARE * letters:
        return True
    words = _WORD.findall(text)
    if not words or any("\u3400" <= c <= "\u9fff" for c in text):
        return False
    if len(_VIETNAMESE.findall(text)) >= 2:
        return True
    english, others = _small_words(LEXICON)
    most = max(len(small.intersection(words)) for small in others)
    return most >= 2 and most > sum(word in english for word in words)


@cache
def _small_words(folder: Path) -> "tuple[frozenset[str], list[frozenset[str]]]":
    """English small words, and those of each other language."""
    read = YAML(typ="safe").load(folder / "other_languages.yml")
    small = {language: frozenset(map(str, words)) for language, words in read.items()}
    return small.pop("english"), list(small.values())

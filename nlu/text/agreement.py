"""Yes and no in anyone's words: 冇錯呀, “yes, that is all correct”, 确认取消.

A message is a yes when it is a row of words that agree, or that name what is to be done, with
nothing else among them; a no likewise. The words stand in nlu/lexicon/agreement.yml. They are
looked up, not learnt: a correction (唔啱, 改時間) must never be taken for a yes, and what is not
known is asked again.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Mapping, Optional

from ruamel.yaml import YAML

from core.script import to_simplified
from nlu.text import cues
from nlu.text.normalise import LEXICON, clean

#: What is asked: whether to do something with an appointment, to keep data, to go on,
#: to fill in what is known.
Doing = Literal["book", "cancel", "reschedule", "consent", "resume", "prefill"]

#: A yes or a no is short.
_LONGEST = 80
_BETWEEN = re.compile(r"[^\w?]+")


def agrees(text: str, doing: Optional[Doing] = None) -> Optional[bool]:
    """Whether a message says yes (True) or no (False) and nothing else.

    Args:
        doing: what the question is about. To “shall I cancel it?”, “cancel” says yes.
    """
    said = to_simplified(clean(text).lower()).replace("’", "'")
    if len(said) > _LONGEST or said.startswith(tuple(_file()["asks"])):
        return None
    words, at, found = _words(doing), 0, set()
    while at < len(said):
        match = _BETWEEN.match(said, at) or words.pattern.match(said, at)
        if match is None:
            return None
        found.add(words.meaning.get(match.group()))
        at = match.end()
    if (True in found) == (False in found):
        return None
    return True in found


@dataclass(frozen=True)
class _Words:
    """Every word with its meaning: True agrees, False refuses, None means nothing."""

    pattern: "re.Pattern[str]"
    meaning: Mapping[str, Optional[bool]]


@cache
def _words(doing: Optional[Doing]) -> _Words:
    file = _file()
    meaning: dict[str, Optional[bool]] = {}
    for group, value in (("filler", None), ("agree", True), ("refuse", False)):
        words = [word for row in file[group] for word in row]
        meaning.update(dict.fromkeys(map(_plain, words), value))
    for group, value in (("filler", None), ("agree", True), ("refuse", False)):
        words = file[doing].get(group, []) if doing else []
        meaning.update(dict.fromkeys(map(_plain, words), value))
    if doing == "book":  # “the date is right”; what is wrong with it is for others to see
        meaning.update(dict.fromkeys(map(_plain, cues.names_of_answers()), None))
    longest = sorted(meaning, key=len, reverse=True)
    either = (rf"{re.escape(w)}(?![a-z0-9'])" if w[-1].isascii() else re.escape(w) for w in longest)
    return _Words(re.compile("|".join(either)), meaning)


@cache
def _file() -> Mapping[str, Any]:
    content: Mapping[str, Any] = YAML(typ="safe").load(LEXICON / "agreement.yml")
    return content


def _plain(word: str) -> str:
    return to_simplified(clean(str(word)).lower())

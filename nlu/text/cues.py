"""What people say to steer a form: back, I do not know, any will do, change the phone number.

The words stand in nlu/lexicon/cues.yml. These are few and fixed, so they are looked up, not learnt:
inside a form a wrong guess would take a person's answer away.
"""

import re
from functools import cache
from typing import Any, Iterable, Literal, Mapping, Optional, Sequence, TypeVar, get_args

from ruamel.yaml import YAML

from core.script import to_simplified
from nlu.text.normalise import LEXICON, clean

Cue = Literal["back", "unknown", "any", "resume"]
Meaning = TypeVar("Meaning")

#: What may stand at the end of a message without meaning anything.
_ENDING = re.compile(
    r"(?:[\s。.,、!~…?]|(?<=.)[呀啊喎㖞囉咯啦喇吖嘅㗎架吧呢了啰噃]"
    r"|(?<=[a-z] )(?:please|pls|la|lah|thanks))$"
)


def cue(text: str) -> Optional[Cue]:
    """What a message says about the form, when it says nothing else."""
    return _lookup(text, _whole())


def named_slot(text: str) -> Optional[str]:
    """The answer that a message names: “電話”, “the date”."""
    said = _plain(text)
    return next((slot for slot, names in _slots().items() if names.search(said)), None)


def names_of_answers() -> Sequence[str]:
    """What the answers of the form are called."""
    return [name for names in _file()["slots"].values() for name in names]


def slot_to_change(text: str) -> Optional[str]:
    """The answer that a person wants to give anew: “改電話”, “wrong date”."""
    return named_slot(text) if changes(text) else None


def changes(text: str) -> bool:
    """Whether a message has a word of changing: “改做…”, “wrong”."""
    return bool(_any_of("change").search(_plain(text)))


def has_lost(text: str) -> bool:
    """Whether a message says that something is lost, forgotten, or was never there."""
    return bool(_any_of("lost").search(_plain(text)))


def has_lost_reference(text: str) -> bool:
    """Whether a message says so of the reference of an appointment."""
    return has_lost(text) and bool(_any_of("reference").search(_plain(text)))


def sides(text: str) -> Sequence[str]:
    """The sides of the boundary that a message names: “HK”, 大陸. Each once, in no order."""
    said = _plain(text)
    return [side for side, names in _sides().items() if names.search(said)]


def asks_something(text: str) -> bool:
    """Whether a message has the mark or the words of a question."""
    said = _plain(text)
    return "?" in said or bool(_any_of("question").search(said))


def _lookup(text: str, meanings: Mapping[str, Meaning]) -> Optional[Meaning]:
    """What a whole message means, whatever particles and signs stand at its end."""
    said = _plain(text)
    while said and said not in meanings:
        shorter = _ENDING.sub("", said)
        if shorter == said:
            return None
        said = shorter
    return meanings.get(said)


def _plain(text: str) -> str:
    return to_simplified(clean(text).lower()).replace("’", "'")


@cache
def _file() -> Mapping[str, Any]:
    content: Mapping[str, Any] = YAML(typ="safe").load(LEXICON / "cues.yml")
    return content


@cache
def _whole() -> Mapping[str, Cue]:
    whole = _file()["whole"]
    return {_plain(word): name for name in get_args(Cue) for word in whole[name]}


@cache
def _slots() -> Mapping[str, "re.Pattern[str]"]:
    return {slot: _pattern(names) for slot, names in _file()["slots"].items()}


@cache
def _sides() -> Mapping[str, "re.Pattern[str]"]:
    return {side: _pattern(names) for side, names in _file()["sides"].items()}


@cache
def _any_of(group: str) -> "re.Pattern[str]":
    return _pattern(_file()[group])


def _pattern(words: Iterable[str]) -> "re.Pattern[str]":
    """Any of the words; Latin ones only where they stand alone."""
    plain = [re.escape(_plain(word)) for word in words]
    return re.compile(
        "|".join(rf"(?<![a-z]){word}(?![a-z])" if word[0].isascii() else word for word in plain)
    )

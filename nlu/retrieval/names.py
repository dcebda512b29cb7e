"""The names that people say and recognisers write wrongly, taken from the live knowledge."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Iterator

from ruamel.yaml import YAML

from core.script import to_simplified
from knowledge.model import VARIANTS, Snapshot
from nlu.text.normalise import LEXICON, clean

_HAN = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,8}(?![\u4e00-\u9fff])")
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?(?: [a-z]+(?:'[a-z]+)?)*")


@dataclass(frozen=True)
class Lexicon:
    """What nlu/lexicon/heard.yml says."""

    short: "frozenset[str]"
    phrases: "frozenset[str]"
    beside: "dict[str, frozenset[str]]"


@cache
def lexicon() -> Lexicon:
    raw = YAML(typ="safe").load(LEXICON / "heard.yml")
    beside = {language: frozenset(words) for language, words in raw["beside"].items()}
    return Lexicon(frozenset(raw["short"]), frozenset(raw["phrases"]), beside)


def chinese_names(snapshot: Snapshot) -> "frozenset[str]":
    """Names of two to eight characters, as they are written in Simplified script."""
    places = _chinese_places(snapshot)
    names = {name for text in _written(snapshot) for name in _han(text) if len(name) > 2}
    kept = {name for name in names if not lexicon().phrases & set(name)}
    return frozenset(kept | places | lexicon().short)


def latin_names(snapshot: Snapshot) -> "frozenset[str]":
    """Cities and control points in Latin letters, without words such as “port”."""
    said = [text.en for text in snapshot.cities.values()]
    for entry in snapshot.entries.values():
        if entry.kind == "control_point":
            said += [entry.name.en, *entry.aliases]
    names = (_bare(name) for text in said for name in _LATIN.findall(clean(text).lower()))
    return frozenset(filter(None, names))


def _written(snapshot: Snapshot) -> Iterator[str]:
    for entry in snapshot.entries.values():
        if entry.kind != "faq":  # the name of an answer is a sentence
            yield from (entry.name.get(variant) for variant in VARIANTS)
        yield from entry.aliases
    for term in snapshot.terms:
        yield from (*term.colloquial, *term.formal)


def _chinese_places(snapshot: Snapshot) -> "set[str]":
    """Cities and control points, these also without 口岸 and the like."""
    kinds = "|".join(sorted(lexicon().beside["zh"], key=len, reverse=True))
    bare = re.compile(rf"(\w{{2,}}?)(?:{kinds})?")
    said = [text.zh_hans for text in snapshot.cities.values()]
    for entry in snapshot.entries.values():
        if entry.kind == "control_point":
            said += [entry.name.zh_hans, *entry.aliases]
    names = {name for text in said for name in _han(text)}
    return names | {match[1] for match in map(bare.fullmatch, names) if match}


def _han(text: str) -> "list[str]":
    return _HAN.findall(to_simplified(clean(text)))


def _bare(name: str) -> str:
    """A name up to its first word that any such place has; empty when nothing is left."""
    words = name.split()
    ends = [i for i, word in enumerate(words) if word in lexicon().beside["en"]]
    return " ".join(words[: ends[0]] if ends else words)

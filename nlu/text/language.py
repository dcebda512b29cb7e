"""Which language and script an utterance is in: Cantonese, Mandarin or English.

A linear classifier over the project's own examples decides; words that only Cantonese has count
extra, in both scripts. What is too short to tell is said to be so, and then the conversation's
language stays (core.reader).
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Optional, Sequence

from ruamel.yaml import YAML

from core.reader import DEFAULT, Guess, Language, Script, Strength
from core.script import to_simplified, to_traditional
from nlu.text.linear import LinearClassifier
from nlu.text.normalise import LEXICON, clean
from nlu.text.tokenise import grams, tokens

# Characters and words of written Cantonese that standard written Chinese does not use.
_CANTONESE = re.compile(
    "[喺嘅咗啲唔冇嚟佢哋嗰乜咩嘢咁噉搵攞俾畀睇瞓諗谂噃喎囉啩㗎嚿揸冧攰嬲靚靓咪閂闩]"
    "|点样|点算|点搞|点解|几钱|几多|几耐|几时|边度|边个|边间|边道|呢[个度张啲部次间条架]|晒你|左先|机黎|而家|依家"
    "|点(?=[登攞退申续改查交去约办计用拎取换补])|收工|出世|甘样|岩[啊呀]|系咪|系唔系|系米|使唔使|驶唔驶|得唔得|可唔可以|听日|琴日|寻日|噚日|朝早|下昼|晏昼|礼拜"
    "|唔该|吾该|5该|唔使|唔识|先至|定系|同埋|倾偈|阿妈|阿爸|细路|食饭|返工|返嚟|返去|就嚟"
)
# “To be” in Cantonese; Simplified script writes it as it writes 系 and 繫.
_HAI = re.compile("(?<![關聯体體干])係(?![數列統指])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_OTHER_SCRIPT = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]")
# Said in every language alike.
_NEUTRAL = frozenset(
    "ok okay okie k yes no hi hello hey bye byebye thanks thx thank you tks".split()
)

#: The classifier's lead over the runner-up from which its word is taken as sure.
_SURE = 0.6


def language_features(text: str) -> "list[str]":
    """Features of a raw utterance: its grams in Simplified script, and what it is made of."""
    simple = to_simplified(clean(text).lower())
    found = ["<cantonese>"] * (len(_CANTONESE.findall(simple)) + len(_HAI.findall(text)))
    han, latin = len(_HAN.findall(simple)), len(_LATIN.findall(simple))
    found.append("<han>" if han and not latin else "<latin>" if latin and not han else "<mixed>")
    if latin >= 3 and latin > han:
        found.append("<mostly latin>")
    found += ["<romanised>"] * sum(word in _romanised() for word in _LATIN.findall(simple))
    return [*grams(simple), *found]


@cache
def _romanised() -> "frozenset[str]":
    """Cantonese words in Latin letters."""
    return frozenset(YAML(typ="safe").load(LEXICON / "romanised.yml")["cantonese"])


class LanguageIdentifier:
    """Tells the language of an utterance."""

    def __init__(self) -> None:
        self._classifier = LinearClassifier([language_features], cost=1.0)

    def fit(self, texts: Sequence[str], languages: Sequence[Language]) -> "LanguageIdentifier":
        """Trains on utterances whose language is known."""
        self._classifier.fit(texts, languages)
        return self

    def save(self, folder: Path) -> None:
        self._classifier.save(folder)

    def load(self, folder: Path) -> "LanguageIdentifier":
        self._classifier.load(folder)
        return self

    def identify(self, text: str) -> Guess:
        """The best guess; never fails, whatever the text."""
        simple = to_simplified(clean(text).lower())
        han, latin = len(_HAN.findall(simple)), _LATIN.findall(simple)
        if not han and not latin:
            return Guess(DEFAULT.language, None, "none")
        (best, score), (_, second) = self._classifier.best(text, 2)
        script, cantonese = script_of(text), _CANTONESE.search(simple) is not None
        if best == "yue" and script == "Hans" and not cantonese:
            best = "cmn"  # Simplified script and no Cantonese word: nothing but names says so
        romanised = sum(word in _romanised() for word in latin)
        if han and len(latin) >= max(4, 2 * han) and romanised * 4 < len(latin):
            best = "en"  # English with a Chinese name in it
        elif not han and romanised >= 2 and romanised * 2 >= len(latin):
            best = "yue"
        elif not han and (best == "cmn" or not romanised):
            best = "en"
        strength: Strength = "weak"
        if _OTHER_SCRIPT.search(simple):
            pass  # Japanese, Korean, Thai …: answered in the language in use
        elif han <= 1 and all(word in _NEUTRAL for word in latin):
            strength = "none"
        elif (han >= 4 or len(latin) >= 3) and score - second >= _SURE:
            strength = "sure"
        elif best == "yue" and han >= 2 and cantonese:
            strength = "sure"
        language: Language = best  # type: ignore[assignment]
        return Guess(language, None if language == "en" else script, strength)


@lru_cache(maxsize=4096)
def _script_of_character(character: str) -> Optional[Script]:
    if to_simplified(character) != character:
        return "Hant"
    if to_traditional(character) != character:
        return "Hans"
    return None


def script_of(text: str) -> Optional[Script]:
    """The script of the Chinese characters, or None when they are the same in both."""
    votes = [_script_of_character(c) for c in _HAN.findall(clean(text))]
    traditional, simplified = votes.count("Hant"), votes.count("Hans")
    if traditional == simplified:
        return None
    return "Hant" if traditional > simplified else "Hans"


#: Names by which people ask for a language, in Simplified script and lower case.
_NAMES: "tuple[tuple[str, str], ...]" = (
    ("yue", r"广东话|广府话|粤语|粤文|白话|本地话|香港话|cantonese|gwong ?dung|canto\b"),
    ("zh_hant", r"繁体|繁中|正体|traditional"),
    ("zh_hans", r"简体|简中|普通话|国语|华语|mandarin|putonghua|simplified"),
    ("en", r"英文|英语|english|\beng\b"),
    ("chinese", r"中文|汉语|chinese"),
)


def named_language(text: str) -> Optional[str]:
    """The variant that a person asks for by name, or None when none or several are named.

    “Chinese” alone is Cantonese or Mandarin: the caller has to ask.
    """
    simple = to_simplified(clean(text).lower())
    named = [name for name, pattern in _NAMES if re.search(pattern, simple)]
    if len(named) == 2 and named[1] == "chinese" and named[0] != "en":
        named.pop()
    return named[0] if len(named) == 1 and named[0] != "chinese" else None


def words_in(text: str) -> int:
    """How many words or characters a text has; 0 for emoji, punctuation and the like."""
    return len(tokens(to_simplified(clean(text).lower())))

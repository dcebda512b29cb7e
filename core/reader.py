"""Who reads a reply: the language and script of the person, and how both follow a conversation."""

from dataclasses import dataclass
from typing import Literal, Optional

Language = Literal["yue", "cmn", "en"]
Script = Literal["Hant", "Hans"]
Strength = Literal["sure", "weak", "none"]


@dataclass(frozen=True)
class Guess:
    """What an utterance tells of its writer. ``none`` tells nothing: “1”, “ok”, an emoji."""

    language: Language
    script: Optional[Script]
    strength: Strength


@dataclass(frozen=True)
class Reader:
    """A language and, for Chinese, a script. Written ``yue-Hant``, ``cmn-Hans``, ``en`` …"""

    language: Language
    script: Optional[Script] = None

    @property
    def variant(self) -> Literal["yue", "zh_hant", "zh_hans", "en"]:
        """The variant of the texts to take. Cantonese exists in Traditional script alone."""
        if self.language == "cmn":
            return "zh_hans" if self.script == "Hans" else "zh_hant"
        return self.language

    @property
    def wants_simplified_cantonese(self) -> bool:
        return self.language == "yue" and self.script == "Hans"

    def __str__(self) -> str:
        return f"{self.language}-{self.script}" if self.script else self.language

    @staticmethod
    def parse(written: str) -> "Reader":
        """Reads a reader's written form or a variant's name.

        Raises:
            ValueError: it is neither.
        """
        if written in _BY_NAME:
            return _BY_NAME[written]
        raise ValueError(f"{written!r} is no language")


_BY_NAME = {
    "yue": Reader("yue", "Hant"),
    "yue-Hant": Reader("yue", "Hant"),
    "yue-Hans": Reader("yue", "Hans"),
    "cmn": Reader("cmn", "Hans"),
    "zh_hans": Reader("cmn", "Hans"),
    "cmn-Hans": Reader("cmn", "Hans"),
    "zh_hant": Reader("cmn", "Hant"),
    "cmn-Hant": Reader("cmn", "Hant"),
    "en": Reader("en"),
}
DEFAULT = Reader("yue", "Hant")


def resolve(
    choice: Optional[Reader],
    guess: Optional[Guess],
    last: Optional[Reader],
    default: Optional[Reader] = None,
) -> Reader:
    """The reader of the next reply.

    An explicit choice beats a sure detection, which beats the language last used, which beats a
    weak guess, which beats the default. A change of script, or from English to Chinese, counts as
    sure: people do not change their keyboard by chance, while English words stand in every
    Cantonese sentence. A word that tells nothing never changes anything.

    Args:
        choice: what the person chose.
        guess: what the present utterance tells, if anything.
        last: the reader of the last reply.
        default: what the channel knows, such as the language of the browser, if it knows any.
    """
    if choice:
        return choice
    if guess is None:
        return last or default or DEFAULT
    if guess.strength == "none" and (last or default):
        return last or default  # type: ignore[return-value]
    if guess.strength == "weak" and last and not _left(last, guess):
        return last
    if guess.strength == "weak" and not last and default and _fits(default, guess):
        return default
    known = last if last and last.script and guess.language != "en" else None
    script = guess.script or (known.script if known else _usual_script(guess.language, default))
    return Reader(guess.language, script)


def _fits(default: Reader, guess: Guess) -> bool:
    """Whether the guess may as well be what the channel expects: “通行證” is any Chinese."""
    both_chinese = default.language != "en" and guess.language != "en"
    return both_chinese and guess.script in (None, default.script)


def _left(last: Reader, guess: Guess) -> bool:
    """Whether even a weak guess shows that a person has left the language last used."""
    to_chinese = last.language == "en" and guess.language != "en"
    other_script = last.script and guess.script and last.script != guess.script
    return bool(to_chinese or other_script)


def _usual_script(language: Language, default: Optional[Reader]) -> Optional[Script]:
    if language == "en":
        return None
    if default and default.language == language and default.script:
        return default.script
    return "Hant" if language == "yue" else "Hans"

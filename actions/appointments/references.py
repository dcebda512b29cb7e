"""References of appointments: made so that they can be read out, found however they come back.

Three groups of letter, digit, letter, such as ``K4M-T7P-R2W``: no vowel, so that they spell no
word; no L, O, I, Y, 0 or 1, which are taken for one another; never two digits in a row, so that
the mask of personal numbers leaves them alone (core.privacy). That makes 2.4e10 of them: too many
to guess one by one, and a lookup needs more than the reference (tries.py).
"""

import re
import secrets
from functools import cache
from math import prod
from typing import Any, Mapping, Optional

from ruamel.yaml import YAML

from core import spoken
from core.script import to_simplified
from nlu.text.normalise import LEXICON, clean

LETTERS, DIGITS = "BCDFGHJKMNPQRSTVWXZ", "23456789"
_GROUPS = 3


def make() -> str:
    """A new reference, from the system's source of randomness."""
    kinds = (LETTERS, DIGITS, LETTERS) * _GROUPS
    number, signs = secrets.randbelow(prod(map(len, kinds))), []
    for kind in kinds:
        number, place = divmod(number, len(kind))
        signs.append(kind[place])
    return _written(signs)


def find(text: str) -> Optional[str]:
    """The first reference in what a person wrote or said, as it was given out, or None.

    Width, case, spaces, dashes, spelt digits and letters, and words around it do no harm.
    """
    pattern, signs = _grammar()
    match = pattern.search(to_simplified(clean(text)).lower())
    return _written([signs[said] for said in match.groups()]) if match else None


def _written(signs: "list[str]") -> str:
    return "-".join("".join(signs[i : i + 3]) for i in range(0, len(signs), 3))


@cache
def _grammar() -> "tuple[re.Pattern[str], Mapping[str, str]]":
    """What a reference looks like in a text, and the sign that each way of saying it stands for."""
    lexicon = YAML(typ="safe").load(LEXICON / "references.yml")
    letters, digits = _sayings(LETTERS, lexicon["letters"]), _sayings(DIGITS, {})
    said = {**spoken.DIGITS, **spoken.BETWEEN}
    digits |= {word: digit for word, digit in said.items() if digit in DIGITS}
    letter, digit = f"({_either(letters)})", f"({_either(digits)})"
    space = r"[\W_]{0,4}"
    numerals = "".join(said for said in digits if len(said) == 1)
    join = rf"(?:[^a-z{numerals}]{{0,6}}(?:{_either(lexicon['between'])}))?[^a-z{numerals}]{{0,6}}"
    group = space.join((letter, digit, letter))
    whole = rf"(?<![a-z0-9]){join.join([group] * _GROUPS)}(?![a-z0-9])"
    return re.compile(whole), {**letters, **digits}


def _sayings(signs: str, words: Mapping[Any, "list[str]"]) -> "dict[str, str]":
    """Each sign by every way of saying it."""
    said = {word: str(sign) for sign, several in words.items() for word in several}
    return {sign.lower(): sign for sign in signs} | said


def _either(sayings: "Mapping[str, str] | list[str]") -> str:
    """A pattern for any of them; a Latin word only where no letter touches it."""
    longest = sorted(sayings, key=len, reverse=True)
    words = [rf"(?<![a-z]){re.escape(s)}(?![a-z])" for s in longest if s.isascii() and len(s) > 1]
    return "|".join([*words, *(re.escape(s) for s in longest if len(s) == 1)])

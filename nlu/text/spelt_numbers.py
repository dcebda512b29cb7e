"""Makes document and telephone numbers plain that are written as they are said.

A speech recogniser writes 幺三八零零一三八零零零, “nine one double two …” or “A123456 bracket 3”,
and so do people who dictate. Those who look for numbers (documents, phones) read plain signs.
"""

import re
from functools import cache
from typing import Any, Mapping

from ruamel.yaml import YAML

from core import spoken
from core.privacy import narrow
from core.script import to_simplified
from core.spoken import any_of as _any
from core.spoken import sayings
from nlu.text.normalise import LEXICON, clean

#: Fewer digits in a row are no number of a document or a telephone, but a day, a price, a count.
_FEWEST = 6


def digits(text: str) -> str:
    """``text`` with the digits, letters and signs of its long numbers written plainly.

    ``A一二三四五六括號三`` becomes ``A123456(3)``. A text without such a number, or whose numbers
    are plain already, comes back as it was; the rest of one that has some may change its script.
    """
    read = to_simplified(narrow(clean(text)))
    spelt = _Spelt.load()
    written = spelt.pattern.sub(spelt.written, read)
    return text if written == read else written


class _Spelt:
    """The form of a number as it is said, and how each part of it is written."""

    def __init__(self, own: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        everyday = set(own["everyday"])
        digit = {**spoken.DIGITS, **spoken.BETWEEN}
        letter = {**sayings(own["letters"]), **sayings(shared["letters"])}
        self._times = spoken.TIMES
        self._letters = {said: sign for said, sign in letter.items() if said not in everyday}
        self._digits = digit
        sure = [said for said in digit if said not in everyday]
        one = rf"(?:(?:{_any(self._times)})[ ]?)?(?:\d|{_any(sure)})"
        between = rf"[ ,，、-]{{0,3}}(?:(?:{_any(shared['between'])})[ ,]{{0,2}})?"
        inside = rf"(?:{_any(digit.keys() & everyday)})(?={between}{one})"
        body = rf"{one}(?:{between}(?:{one}|{inside}))+"
        self._one = re.compile(rf"({_any(self._times)})|(\d|{_any(digit)})", re.I)
        named = rf"(?:(?:{_any(own['as_in'])})[ ](?:(?!{one})[a-z]+[ ,]{{1,2}}){{1,2}})"
        letters = rf"(?:{_any(self._letters)})(?:{between}(?:{_any(self._letters)}))?"
        sign = rf"(?P<check>\d|a|{_any([*sure, *own['letters']['A']])})"
        self.pattern = re.compile(
            # A capital, a letter that is spelt and one that touches its digits belong to them.
            rf"(?:(?<![a-z0-9])(?:(?P<named>[a-z])[ ]{named}|(?P<said>{letters}){between}"
            rf"|(?P<touching>[a-z]{{1,2}})(?={one})"
            rf"|(?P<capital>(?-i:[A-HJ-Z](?:[ ][A-HJ-Z])?)){between}"
            rf"|(?P<apart>[a-z]{{1,2}})[ ])|(?P<plus>[+]|{_any(own['plus'])})[ ]?)?"
            rf"(?<![0-9])(?P<body>{body})"
            rf"(?:[ ]{{0,2}}(?P<x>x|{_any(own['letters']['X'])}|(?<![a-z])ex)(?![a-z0-9])"
            rf"|[ ,]{{0,2}}(?P<open>[(/]|{_any(spoken.OPEN)})[ ,]{{0,2}}{sign}(?![a-z0-9])"
            rf"(?:[ ,]{{0,2}}(?:[)]|{_any(spoken.CLOSE)}))?)?",
            re.I,
        )

    @staticmethod
    @cache
    def load() -> "_Spelt":
        yaml = YAML(typ="safe")
        return _Spelt(*(yaml.load(LEXICON / f) for f in ("spelt_numbers.yml", "references.yml")))

    def written(self, match: "re.Match[str]") -> str:
        """A number that was found, in plain signs."""
        number = self._plain(match["body"])
        letters = match["named"] or match["touching"] or match["capital"] or ""
        letters = letters.replace(" ", "")
        if match["said"]:
            found = re.findall(_any(self._letters), match["said"], re.I)
            letters = "".join(self._letters[said.lower()] for said in found)
        if match["apart"] and match["open"]:  # only what has a check digit is sure to have letters
            letters = match["apart"]
        said_otherwise = match["said"] or match["named"] or match["open"] or match["x"]
        if len(number) < _FEWEST or (
            not said_otherwise and re.fullmatch(r"[\d -]+", match["body"])
        ):
            return match.group()
        if match["open"] == "/" and not letters:
            return match.group()
        before = f"{match['apart']} " if match["apart"] and not letters else letters.upper()
        check = f"({self._plain(match['check']) or 'A'})" if match["check"] else ""
        return f"{before}{'+' * bool(match['plus'])}{number}{'X' * bool(match['x'])}{check}"

    def _plain(self, said: str) -> str:
        """The digits that are said."""
        found, times = "", 1
        for many, one in self._one.findall(said):
            if many:
                times = int(self._times[many.lower()])
            else:
                found += self._digits.get(one.lower(), one) * times
                times = 1
        return found

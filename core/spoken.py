"""Numbers as they are said: 九一二三四五六七, “nine one double two …”, A一二三四五六括號三.

One table for whoever must not write them down (core.privacy) and for whoever reads them (nlu).
"""

import re
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, NamedTuple

from ruamel.yaml import YAML

_TABLE: Mapping[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("spoken_numbers.yml"))


def sayings(words: "Mapping[Any, list[str]]") -> "dict[str, str]":
    """What each way of saying a sign stands for."""
    return {said: str(sign) for sign, several in words.items() for said in several}


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of them; a Latin word only where no letter touches it."""
    longest = sorted(words, key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in longest if word.isascii())
    signs = "".join(word for word in longest if not word.isascii() and len(word) == 1)
    others = [word for word in longest if not word.isascii() and len(word) > 1]
    parts = [rf"(?<![a-z])(?:{latin})(?![a-z])"] if latin else []
    return "|".join([*others, *([f"[{signs}]"] if signs else []), *parts])


#: The digit that a word stands for, and how often a word says the digit after it.
DIGITS, TIMES = sayings(_TABLE["digits"]), sayings(_TABLE["times"])
#: The same of words that are a digit between digits alone.
BETWEEN = sayings(_TABLE["between"])
#: What is said for the brackets around a check digit.
OPEN: "list[str]" = _TABLE["open"]
CLOSE: "list[str]" = _TABLE["close"]

_GAP = r"[ \t,，、.\-‐-―]{0,3}"
_ONE = rf"(?:(?:{any_of(TIMES)})[ ]?)?(?:\d|{any_of(DIGITS)})"
_FEWEST = 6  # an identity card has no fewer
_RUN = re.compile(
    rf"(?:(?<![a-z0-9])(?P<letters>(?!{_ONE})[a-z]{{1,2}}){_GAP}(?={_ONE}))?(?<![0-9])"
    rf"(?P<body>{_ONE}(?:{_GAP}(?:{_ONE}|(?:{any_of(BETWEEN)})(?={_GAP}{_ONE})))"
    rf"{{{_FEWEST - 1},}})(?:[ ,]{{0,2}}(?P<x>{any_of(_TABLE['x'])})(?![a-z])"
    rf"|[ ,]{{0,2}}(?:[(/]|{any_of(OPEN)})[ ,]{{0,2}}(?P<check>{_ONE}|a(?:y)?(?![a-z])))?",
    re.I,
)
_ALL = {**DIGITS, **BETWEEN}
_SIGN = re.compile(rf"(?P<times>{any_of(TIMES)})|(?P<digit>\d|{any_of(_ALL)})|(?P<gap>.)", re.I)
_SAID = re.compile(any_of({**_ALL, **TIMES}), re.I)


class Run(NamedTuple):
    """Digits in a row, some of them said: where they stand, and how they are written plainly.

    ``plain`` has spaces where there were any, and the check digit in brackets; ``letters`` stand
    before it, at ``first``, and may as well be a word.
    """

    first: int
    start: int
    end: int
    letters: str
    plain: str


def runs(text: str) -> Iterator[Run]:
    """The rows of six digits or more in a text in which at least one is said.

    Args:
        text: with narrow signs (core.privacy.narrow).
    """
    if not _SAID.search(text):  # nearly always
        return
    for match in _RUN.finditer(text):
        if _SAID.search(match.group()):
            check = f"({written(match['check']) or 'A'})" if match["check"] else ""
            plain = written(match["body"]) + ("X" if match["x"] else "") + check
            yield Run(
                match.start(), match.start("body"), match.end(), match["letters"] or "", plain
            )


def written(said: str) -> str:
    """The digits that are said; what stands between them is a space."""
    parts, times = [], 1
    for match in _SIGN.finditer(said):
        if match["times"]:
            times = int(TIMES[match["times"].lower()])
        elif match["digit"]:
            parts.append(_ALL.get(match["digit"].lower(), match["digit"]) * times)
            times = 1
        else:
            parts.append(" ")
    return " ".join("".join(parts).split())

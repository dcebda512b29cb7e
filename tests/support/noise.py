"""Small harm that hurried people and other keyboards do to a line."""

import re
from random import Random

from core.script import to_simplified, to_traditional

_WORD = re.compile(r"(?<![\w'-])[A-Za-z]{7,}(?![\w'-])")
_GAP = re.compile(r"(?<=[A-Za-z]{3}) (?=[A-Za-z]{3})")
#: Characters that people write for one another.
_VARIANTS = ("俾畀", "裏里裡", "㗎架噶", "搵揾", "噉咁", "嘅既", "嚟黎", "咗左", "係系", "唔吾")
_GROUPS = {character: group for group in _VARIANTS for character in group}


def full_width(line: str) -> str:
    """Letters, digits and signs as a Chinese keyboard types them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in line)


def mixed_script(line: str, random: Random) -> str:
    """Each character in one of the two scripts."""
    return "".join(random.choice((to_simplified, to_traditional))(c) for c in line)


def with_variants(line: str, random: Random) -> str:
    """Characters of Cantonese replaced by others that people write for them."""
    return "".join(random.choice(_GROUPS.get(c, c)) for c in line)


def without_a_space(line: str, random: Random) -> str:
    gaps = [match.start() for match in _GAP.finditer(line)]
    if not gaps:
        return line
    gap = random.choice(gaps)
    return line[:gap] + line[gap + 1 :]


def with_a_typo(line: str, random: Random) -> str:
    """One letter of a long English word dropped, doubled or swapped with the next."""
    words = list(_WORD.finditer(line))
    if not words:
        return line
    word = random.choice(words)
    at = random.randrange(word.start() + 1, word.end() - 1)
    change = random.choice(("drop", "double", "swap"))
    if change == "drop":
        return line[:at] + line[at + 1 :]
    if change == "double":
        return line[:at] + line[at] + line[at:]
    return line[:at] + line[at + 1] + line[at] + line[at + 2 :]

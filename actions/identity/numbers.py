"""The numbers that a person carries between the chat and another device.

The chat shows two digits, and the page asks which of three they are: that stops who merely got a
link. The page of the login shows four, and the chat wants them typed: that stops who has the chat
and not the login, and to choose among three would let one guess in three through.
"""

import random
import re
import secrets
import unicodedata
from typing import Sequence

CODE_DIGITS = 4
_CODE = re.compile(rf"(?<!\d)\d{{{CODE_DIGITS}}}(?!\d)")
#: Who types a code types little else.
_LONGEST = 20


def draw_match() -> str:
    """The two digits in the chat."""
    return str(10 + secrets.randbelow(90))


def draw_code() -> str:
    """The four digits on the page of a login; 9,000 of them, and one try."""
    least = 10 ** (CODE_DIGITS - 1)
    return str(least + secrets.randbelow(9 * least))


def among_three(right: str, seed: str) -> Sequence[str]:
    """``right`` and two others, in the order of their size.

    Args:
        seed: a secret; the others are the same each time, so that who is shown them again and
            again does not see which one stays.
    """
    dice = random.Random(seed)  # noqa: S311 (the seed is a secret)
    others = [str(number) for number in range(10, 100) if str(number) != right]
    return sorted([right, *dice.sample(others, 2)])


def typed(text: str) -> str:
    """The digits of what a person typed, full-width ones included."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789")


def code_in(text: str) -> str:
    """The code that a message is about, or "": its only number, with few words around it.

    A time of day, or a number in a question, must not use up the one try.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    found = _CODE.findall(said)
    return found[0] if len(found) == 1 and len(said) <= _LONGEST and typed(said) == found[0] else ""

"""The two-digit numbers that a person compares between the chat and another device."""

import random
import secrets
from typing import Sequence


def draw() -> str:
    """A number that nobody can foresee."""
    return str(10 + secrets.randbelow(90))


def among_three(right: str, seed: str = "") -> Sequence[str]:
    """``right`` and two others, in the order of their size.

    Args:
        seed: a secret; with it the others are the same each time, so that who is shown them again
            and again does not see which one stays.
    """
    dice = random.Random(seed) if seed else random.SystemRandom()  # noqa: S311 (the seed is secret)
    others = [str(number) for number in range(10, 100) if str(number) != right]
    return sorted([right, *dice.sample(others, 2)])

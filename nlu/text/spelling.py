"""What a Latin word sounds like, and which known words a misspelt one may be.

The sound is a skeleton of consonants with ``a`` for any vowels, made for three things at once:
English words, pinyin, and the names of Hong Kong as their English spelling has it.
"""

import re
from functools import lru_cache
from typing import Iterable

_VOWELS = frozenset("aeiouy")
#: So many consonants tell a word by themselves.
_LONG = 6

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"'", ""),
        (r"^kn|^gn", "n"),
        (r"^wr", "r"),
        (r"^x", "S"),
        (r"ph|v", "f"),
        (r"(?<=[aiou])gh(?=t|$)", ""),
        (r"tch|dge", "J"),
        (r"[ts]ion|cian", "San"),
        (r"sch", "sk"),
        (r"sh", "S"),
        (r"[zcj]h", "J"),
        (r"th", "t"),
        (r"wh|hu(?=[aeio])", "w"),
        (r"qu(?=[aeio])", "kw"),
        (r"[gk]u(?=[aeio])", "kw"),
        (r"ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"ng|m(?=[bpt])", "n"),
        (r"[qjz]", "J"),
        (r"x", "ks"),
        (r"[cg]", "k"),
        (r"b", "p"),
        (r"d", "t"),
        (r"(?<=[^aeiou]{1}[^aeiou])e$|(?<=[aeiou][^aeiou])e$", ""),  # a silent e
        (r"[rwyh](?![aeiouy])", "a"),  # car, low, day, ah
        (r"S", "s"),
        (r"[aeiouy]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """The skeleton of one lower-case word."""
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word


def joined(words: "Iterable[str]") -> str:
    """The skeleton of words said without a pause; a long one is told by its consonants alone."""
    skeleton = ""
    for part in map(sound, words):
        skeleton += part[1:] if skeleton and skeleton[-1:] == part[:1] else part
    consonants = skeleton.replace("a", "")
    return consonants if len(consonants) >= _LONG else skeleton


def told_by_consonants(skeleton: str) -> bool:
    """Whether a skeleton is that of a long word."""
    return len(skeleton) >= _LONG and "a" not in skeleton


def distance(a: str, b: str, limit: int) -> int:
    """Letters to put in, take out, change or swap to make ``b`` of ``a``; at most ``limit`` + 1."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before, row = [], list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def shortened(word: str) -> "list[str]":
    """The word, and the word without each of its letters."""
    return [word, *dict.fromkeys(word[:i] + word[i + 1 :] for i in range(len(word)))]


def other_vowels(a: str, b: str) -> bool:
    """Whether two words of one length differ in vowels alone, or in the order of two letters."""
    return sorted(a) == sorted(b) or all(
        x == y or (x in _VOWELS and y in _VOWELS) for x, y in zip(a, b)
    )

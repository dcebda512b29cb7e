"""Tokens and features: a Han character or a whole Latin word or number is one token.

No dictionary decides where a Chinese word ends, so nothing drifts when dictionaries do; measured
against jieba it is more accurate and a hundred times faster (docs/understanding.md).
"""

import re
from typing import Iterator

#: How far apart two tokens may stand to make a pair.
_REACH = 12
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\W\d_a-z]")


def tokens(text: str) -> list[str]:
    """The tokens of a normalised text."""
    return _TOKEN.findall(text)


def grams(text: str) -> list[str]:
    """Runs of one to three tokens of a normalised text."""
    words = tokens(text)
    twos = map(" ".join, zip(words, words[1:]))
    threes = map(" ".join, zip(words, words[1:], words[2:]))
    return [*words, *twos, *threes]


def neighbours(text: str) -> list[str]:
    """Tokens and neighbouring tokens; the start and the end of the text are neighbours, too."""
    words = tokens(text)
    return [*words, *map(" ".join, zip(["^", *words], [*words, "$"]))]


def pairs(text: str) -> list[str]:
    """Every two tokens that stand near each other, each pair once, whichever comes first.

    What is said together tells more than in which order it is said (docs/understanding.md).
    """
    words = tokens(text)
    found = (
        f"{one}+{other}" if one < other else f"{other}+{one}"
        for place, one in enumerate(words)
        for other in words[place + 1 : place + 1 + _REACH]
    )
    return list(dict.fromkeys(found))


def pieces(text: str) -> list[str]:
    """Three to five letters in a row of each Latin word, so that a misspelt word is recognised."""
    return [piece for word in tokens(text) if word[0].isalpha() and word.isascii()
            for piece in _pieces(word)]  # fmt: skip


def _pieces(word: str) -> Iterator[str]:
    padded = f"<{word}>"
    for size in (3, 4, 5):
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


#: What tells the meaning of a text: the features of intents and of entries.
MEANING = (neighbours, pieces, pairs)

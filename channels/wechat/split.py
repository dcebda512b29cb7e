"""Cuts a long text into messages: at the end of a sentence, never inside a word's parts.

The platform counts bytes. A cut inside a character, an emoji of several, a web address or a number
would be read as something else, and a cut number is a wrong number.
"""

from typing import List, Sequence

import regex

_GRAPHEME = regex.compile(r"\X")
#: What stays whole: web addresses; numbers with what people put between their digits.
_WHOLE = regex.compile(r"https?://[!-~]+|[+(]?\d(?:[\d,.:/()~–-]|[ \u00a0](?=[\d(]))*")
#: Where to cut, best first: after a paragraph, a line, a sentence, a part of one, a word.
_ENDS = tuple(
    regex.compile(pattern)
    for pattern in (r"\n\n+", r"\n", r"[。！？!?…][”」』）)]*\s*|\.\s+", r"[；;，,、：]\s*", r"\s+")
)


def split(text: str, most: int) -> List[str]:
    """The pieces of a text, which joined are the text again.

    Args:
        most: bytes of UTF-8 that a piece may have, at least 4. A web address or a composed
            character that is longer is cut all the same.
    """
    sizes = [0]
    for sign in text:
        sizes.append(sizes[-1] + len(sign.encode()))
    allowed, pieces, start = _allowed(text), [], 0
    while sizes[-1] - sizes[start] > most:
        end = start
        while sizes[end + 1] - sizes[start] <= most:
            end += 1
        cut = _cut(text, start, end, allowed)
        pieces.append(text[start:cut])
        start = cut
    return [*pieces, text[start:]]


def _cut(text: str, start: int, end: int, allowed: Sequence[Sequence[bool]]) -> int:
    """The best place after ``start`` and not after ``end``; not in the first half, if possible."""
    half = start + (end - start) // 2
    whole, graphemes = allowed
    for pattern in _ENDS:
        ends = [m.end() for m in pattern.finditer(text, half, end) if whole[m.end()]]
        if ends:
            return ends[-1]
    for possible in (whole, graphemes):
        for place in range(end, start, -1):
            if possible[place]:
                return place
    return end


def _allowed(text: str) -> Sequence[Sequence[bool]]:
    """For each place of the text whether it may be cut there: nothing is torn; no character is."""
    graphemes = [False] * (len(text) + 1)
    for found in _GRAPHEME.finditer(text):
        graphemes[found.end()] = True
    whole = list(graphemes)
    for found in _WHOLE.finditer(text):
        whole[found.start() + 1 : found.end()] = [False] * (found.end() - found.start() - 1)
    return whole, graphemes

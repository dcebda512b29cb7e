"""Latin words and names that were heard or typed wrongly become those that were meant."""

import math
import re
from functools import lru_cache
from typing import Dict, Iterable, List, Mapping, Optional, Sequence

from nlu.retrieval.homophones import Knows
from nlu.text.spelling import distance, joined, other_vowels, shortened, told_by_consonants

_Index = Dict[str, List[str]]

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
#: As many words may have been heard for one name.
_MOST_WORDS = 4
#: From this length on a word tells enough to be put right; from the second on by two letters.
_LONG_WORD, _LONGER_WORD = 6, 8
#: The letters of what was meant may differ by this share; those of a short name by more.
_UNLIKE, _UNLIKE_SHORT, _SHORT_NAME = 0.4, 0.5, 5


class Misspelt:
    """Finds known words and names behind unknown ones.

    Args:
        words: the words of the training lines, with their rarities.
        names: names of places in lower-case Latin letters.
        beside: words that stand beside the name of a place, such as “port”.
        knows: tells known words, and known pairs of words, which are never replaced.
    """

    def __init__(
        self,
        words: Mapping[str, float],
        names: Iterable[str],
        beside: "frozenset[str]",
        knows: Knows,
    ) -> None:
        self._knows, self._beside = knows, beside
        self._names = _by_sound(names)
        # Words in one or two lines only may be misspelt themselves.
        rarest = max(words.values(), default=0.0) - math.log(2)
        self._words = {w: r for w, r in words.items() if len(w) > 1 and r <= rarest + 1e-6}
        self._sounds, self._shortened = _index(frozenset(self._words))

    def corrected(self, text: str) -> str:
        """A normalised text with the words that it means."""
        taken, parts = 0, []
        for start, end, meant in self.heard(text):
            parts += [text[taken:start], meant]
            taken = end
        return "".join([*parts, text[taken:]])

    def heard(self, text: str) -> "list[tuple[int, int, str]]":
        """What is to be replaced, from left to right: where it starts and ends, and by what."""
        found, result, i = list(_WORD.finditer(text)), [], 0
        words = [match.group() for match in found]
        strange = [not self._knows(word) for word in words]
        new = [not self._knows(f"{a} {b}") for a, b in zip(words, words[1:])]
        while i < len(found):
            count = _unbroken(text, found[i : i + _MOST_WORDS])
            while count > 1 and not (meant := self._several(words, strange, new, i, count)):
                count -= 1
            if count == 1:
                meant = self._single(words[i]) if strange[i] else None
            if meant:
                result.append((found[i].start(), found[i + count - 1].end(), meant))
            i += count
        return result

    def _several(
        self, words: "list[str]", strange: "list[bool]", new: "list[bool]", i: int, count: int
    ) -> Optional[str]:
        """What ``count`` words from the ``i``-th on mean together, if they make no sense."""
        run, around = words[i : i + count], words[max(0, i - 1) : i + count + 1]
        meant = None
        if any(strange[i : i + count]) or not self._beside.isdisjoint(around):
            meant = self._name(run)
        if not meant and all(new[i : i + count - 1]):
            meant = self._whole(run)
        return meant

    def _single(self, word: str) -> Optional[str]:
        if len(word) < _LONG_WORD - 1:
            return None
        return self._name([word]) or self._apart(word) or self._spelt(word)

    def _name(self, words: Sequence[str]) -> Optional[str]:
        """The place that the words sound like."""
        key = joined(words)
        names = self._names.get(key)
        if not names or key in (joined(words[1:]), joined(words[:-1])):
            return None  # nothing, or a word too many
        if len(words) > 1 and max(map(len, words)) > _LONG_WORD and " " not in names[0]:
            return None
        return None if " ".join(words) in names else _nearest("".join(words), names)

    def _whole(self, words: Sequence[str]) -> Optional[str]:
        """The one long word that was heard as several short ones."""
        whole = "".join(words)
        if len(whole) >= _LONG_WORD and whole in self._words:
            return whole
        if max(map(len, words)) >= _LONG_WORD or min(map(len, words)) == 1:
            return None
        key = joined(words)
        return _nearest(whole, self._sounds.get(key, ())) if told_by_consonants(key) else None

    def _apart(self, word: str) -> Optional[str]:
        """The two words that are written as one."""
        cuts = ((word[:i], word[i:]) for i in range(2, len(word) - 1))
        known = [f"{a} {b}" for a, b in cuts if a in self._words and b in self._words
                 and self._knows(f"{a} {b}")]  # fmt: skip
        return max(known, key=lambda pair: max(map(len, pair.split())), default=None)

    def _spelt(self, word: str) -> Optional[str]:
        """The known word that is a letter away, or two and sounds the same.

        Another consonant or another ending makes another word, such as “leases” of “lease”.
        """
        if len(word) < _LONG_WORD or "'" in word:
            return None
        near = {
            known: 1
            for form in shortened(word)
            for known in self._shortened.get(form, ())
            if distance(word, known, 1) <= 1
            and word[:-2] != known[: len(word) - 2]
            and (len(word) != len(known) or other_vowels(word, known))
        }
        for known in self._sounds.get(joined([word]), ()):
            near.setdefault(known, distance(word, known, 2))
        limit = 2 if len(word) >= _LONGER_WORD else 1
        return min(
            (known for known, apart in near.items() if apart <= limit and known[0] == word[0]),
            key=lambda known: (near[known], self._words[known]),
            default=None,
        )


def _unbroken(text: str, found: "list[re.Match[str]]") -> int:
    """How many of the words, from the first on, only one space separates."""
    for count, (left, right) in enumerate(zip(found, found[1:]), 1):
        if text[left.end() : right.start()] != " ":
            return count
    return len(found)


@lru_cache(maxsize=2)  # the words are those of the training, whatever staff edit
def _index(words: "frozenset[str]") -> "tuple[_Index, _Index]":
    """The long ones of the words by their sound, and by what is left without one letter."""
    by_form: _Index = {}
    long_words = [w for w in words if len(w) >= _LONG_WORD - 1 and "'" not in w]
    for word in long_words:
        for form in shortened(word):
            by_form.setdefault(form, []).append(word)
    return _by_sound(long_words), by_form


def _by_sound(words: Iterable[str]) -> "_Index":
    by_sound: _Index = {}
    for word in sorted(words):
        by_sound.setdefault(joined(word.split()), []).append(word)
    return by_sound


def _nearest(heard: str, names: Iterable[str]) -> Optional[str]:
    """The name whose letters are the nearest, if near enough."""
    ranked = sorted((distance(heard, name.replace(" ", ""), len(heard)), name) for name in names)
    if not ranked:
        return None
    apart, name = ranked[0]
    unlike = _UNLIKE_SHORT if len(name) <= _SHORT_NAME else _UNLIKE
    return name if apart <= unlike * max(len(heard), len(name)) else None

"""Chinese names that were heard wrongly: characters that sound like a name become the name."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Callable, Iterator

from nlu.text.normalise import normalise
from nlu.text.sounds import TONGUES, Tongue, merged, sounds

#: Whether the training has seen a run of tokens, separated by spaces.
Knows = Callable[[str], bool]


@dataclass(frozen=True)
class Heard:
    """A run of characters in a text that sounds like a name.

    ``distance`` counts 1 for each character that only sounds the same and 2 for each that only
    sounds alike (nlu.text.sounds).
    """

    start: int
    end: int
    name: str
    distance: int


class _Node(dict):  # type: ignore[type-arg]
    """What may follow a syllable; ``names`` end here."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []


class Homophones:
    """Finds names by their sound.

    Args:
        names: two to eight characters in Simplified script.
        knows: tells known wording, which is never replaced.
    """

    def __init__(self, names: "frozenset[str]", knows: Knows) -> None:
        self._names = names
        self._longest = max(map(len, names), default=0)
        self._knows = knows
        self._roots = _roots(names)

    def corrected(self, text: str) -> str:
        """A normalised text with the names that it means."""
        taken, parts = 0, []
        for found in self.heard(text):
            parts += [text[taken : found.start], normalise(found.name)]
            taken = found.end
        return "".join([*parts, text[taken:]])

    def heard(self, text: str) -> "list[Heard]":
        """What is to be replaced, from left to right; nothing over a name or over another."""
        kept: list[Heard] = []
        for found in sorted(self._alike(text), key=lambda h: (h.start - h.end, h.distance)):
            apart = all(found.end <= k.start or k.end <= found.start for k in kept)
            if apart and self._strange(text, found) and not self._over_name(text, found):
                kept.append(found)
        return sorted(kept, key=lambda found: found.start)

    def _alike(self, text: str) -> "Iterator[Heard]":
        """Each run that sounds like one name more than like any other, and is no name itself."""
        spans: dict[tuple[int, int], dict[str, int]] = {}
        for tongue, root in self._roots.items():
            syllables = [merged(character, tongue) for character in text]
            for start in range(len(text) - 1):
                for name in _walk(root, syllables, start):
                    end = start + len(name)
                    names = spans.setdefault((start, end), {})
                    distance = _distance(text[start:end], name, tongue)
                    names[name] = min(distance, names.get(name, distance))
        for (start, end), names in spans.items():
            least = min(names.values())
            best = [name for name, distance in names.items() if distance == least]
            if least and len(best) == 1:
                yield Heard(start, end, best[0], least)

    def _strange(self, text: str, found: Heard) -> bool:
        """Whether the run makes no sense of its own; the longer a name, the surer its sound."""
        said, left, right = text[found.start : found.end], text[: found.start], text[found.end :]
        news = [not self._knows(f"{a} {b}") for a, b in zip(said, said[1:])]
        before, after = self._known(left[-1:], said[0]), self._known(said[-1], right[:1])
        if len(said) == 2:
            return news[0] and found.distance == 1 and not before and not after
        # A character that would change and makes a word with its neighbour outside is right.
        bound = (before and said[0] != found.name[0]) or (after and said[-1] != found.name[-1])
        if len(said) == 3:
            return any(news) and found.distance <= 2 and not bound
        new = any(news) or not self._knows(" ".join(said[:3]))
        return new and found.distance <= len(said) // 2 and not (bound and found.distance > 1)

    def _known(self, left: str, right: str) -> bool:
        return bool(left and right) and self._knows(f"{left} {right}")

    def _over_name(self, text: str, found: Heard) -> bool:
        """Whether a name of three characters or more stands where a character would change."""
        changed = [i for i, c in enumerate(found.name, found.start) if text[i] != c]
        return any(
            text[start : start + size] in self._names
            for size in range(3, self._longest + 1)
            for place in changed
            for start in range(max(0, place - size + 1), place + 1)
        )


@lru_cache(maxsize=2)  # an edited answer changes no name
def _roots(names: "frozenset[str]") -> "dict[Tongue, _Node]":
    roots: dict[Tongue, _Node] = {tongue: _Node() for tongue in TONGUES}
    for tongue, root in roots.items():
        for name in names:
            nodes = [root]
            for character in name:
                syllables = merged(character, tongue)
                nodes = [node.setdefault(s, _Node()) for node in nodes for s in syllables]
            for node in nodes:
                node.names.append(name)
    return roots


def _walk(root: _Node, syllables: "list[tuple[str, ...]]", start: int) -> "Iterator[str]":
    """The names that sound like the text from ``start`` on."""
    nodes = [root]
    for possible in syllables[start:]:
        nodes = [node[s] for node in nodes for s in possible if s in node]
        if not nodes:
            return
        for node in nodes:
            yield from node.names


def _distance(said: str, name: str, tongue: Tongue) -> int:
    return sum(
        0 if a == b else 1 if set(sounds(a, tongue)) & set(sounds(b, tongue)) else 2
        for a, b in zip(said, name)
    )

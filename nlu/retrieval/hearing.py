"""Hears the names and words that a message means where it has others that sound like them.

Recognisers write 付田 for 福田 and “low woo” for Lo Wu, and people in a hurry do so too. Only
wording that neither the training nor the live knowledge has is ever replaced.
"""

import re
from typing import Callable, Iterator

from knowledge.model import Snapshot
from nlu.retrieval.homophones import Homophones
from nlu.retrieval.misspelt import Misspelt
from nlu.retrieval.names import chinese_names, latin_names, lexicon
from nlu.retrieval.ranker import EntryRanker

_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")


class Hearing:
    """Corrects what was heard, with the names of one snapshot.

    Args:
        written: whether a unit stands in lines that the ranker was not trained on.
    """

    def __init__(
        self, snapshot: Snapshot, ranker: EntryRanker, written: Callable[[str], bool]
    ) -> None:
        said = {word for text in _answers(snapshot) for word in _WORDS.findall(text.lower())}
        trained, dialogue = ranker.seen

        def knows(gram: str) -> bool:
            return gram in trained or gram in dialogue or gram in said or written(gram)

        self._chinese = Homophones(chinese_names(snapshot), knows)
        self._latin = Misspelt(ranker.words(), latin_names(snapshot), lexicon().beside["en"], knows)

    def corrected(self, text: str) -> str:
        """A normalised text with the names and words that it means."""
        return self._latin.corrected(self._chinese.corrected(text))


def _answers(snapshot: Snapshot) -> Iterator[str]:
    """All that the assistant itself says in English."""
    for entry in snapshot.entries.values():
        yield entry.answer.en
        for fact in entry.facts.values():
            yield from (text.en for text in fact or ())

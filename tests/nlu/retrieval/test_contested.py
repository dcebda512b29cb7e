"""Lines that another entry wins."""

import pytest

from nlu.retrieval.contested import Contested, contested
from nlu.retrieval.lines import Line
from nlu.retrieval.ranker import EntryRanker
from tests.support.entries import entry, snapshot_of


class Always(EntryRanker):
    """A ranker that gives one answer."""

    def __init__(self, answer):
        self._answer = answer

    def rank(self, text):
        return [(self._answer, 0.9)] if self._answer else []


KNOWN = snapshot_of(
    entry("faq:a"), entry("faq:b"), entry("faq:near", related=("faq:a",)), entry("faq:c")
)


@pytest.mark.parametrize("winner", ["faq:a", "faq:near", None, "faq:gone"])
def test_a_line_that_leads_home_or_nearby_is_fine(winner):
    assert list(contested(KNOWN, Always(winner), [Line("a line", "faq:a")])) == []


def test_a_line_that_leads_elsewhere_is_told_with_both_entries():
    found = list(contested(KNOWN, Always("faq:b"), [Line("a line", "faq:a")]))
    assert found == [Contested("a line", "faq:a", "faq:b")]


@pytest.mark.model
def test_hardly_a_line_of_the_knowledge_leads_elsewhere(content, model):
    """The knowledge's own lines, every fiftieth."""
    from nlu.retrieval.lines import training_lines

    lines = training_lines(content)[::50]
    assert len(list(contested(content, model.ranker(), lines))) <= 0.03 * len(lines)

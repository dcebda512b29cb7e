"""Entries newer than the training are found by the nearest of their lines."""

import pytest

from nlu.retrieval.fresh import FreshIndex
from nlu.retrieval.lines import Line

LINES = [
    Line("where can i hire a bicycle", "faq:bicycle"),
    Line("bicycle hire", "faq:bicycle"),
    Line("哪里可以租自行车", "faq:bicycle"),
    Line("how do i renew a library card", "faq:library"),
]


@pytest.fixture(scope="module")
def index():
    return FreshIndex(LINES, rarity=lambda unit: 1.0)


@pytest.mark.parametrize("line", LINES, ids=[line.text for line in LINES])
def test_a_line_itself_is_as_like_as_can_be(index, line):
    entry, likeness = index.rank(line.text)[0]
    assert entry == line.entry
    assert likeness == pytest.approx(1)


def test_a_like_question_finds_the_entry_before_others(index):
    ranked = index.rank("renew my library card")
    assert ranked[0][0] == "faq:library"
    assert ranked[0][1] > 0.5 > ranked[1][1]


def test_an_entry_stands_once_with_its_best_line(index):
    ranked = index.rank("bicycle hire")
    assert len(ranked) == 2
    assert dict(ranked)["faq:bicycle"] == pytest.approx(1)


def test_a_text_without_a_known_unit_finds_nothing(index):
    assert index.rank("qqqq") == []


def test_an_index_of_nothing_finds_nothing():
    assert FreshIndex([], rarity=lambda unit: 1.0).rank("bicycle") == []


def test_rare_words_count_for_more():
    lines = [Line("the bicycle", "faq:bicycle"), Line("the the library", "faq:library")]
    rare = FreshIndex(lines, rarity=lambda unit: 5.0 if unit == "bicycle" else 1.0)
    likeness = dict(rare.rank("the bicycle of the library"))
    assert likeness["faq:bicycle"] > likeness["faq:library"]

"""The trained ranking of entries."""

from dataclasses import replace

import pytest

from nlu.retrieval.ranker import EntryRanker, familiarity
from nlu.text.normalise import normalise

TOPICS = ("faq:bp01", "faq:bp02", "faq:hr03", "faq:rp02", "faq:ia06", "faq:ta01", "faq:eh02")
UNANSWERABLE = [
    "what is the weather",
    "今天天气怎么样",
    "tell me a joke",
    "讲个笑话",
    "我的猫不舒服",
]


@pytest.fixture(scope="module")
def small(content):
    """A snapshot of a few entries."""
    return replace(content, entries={i: content.entries[i] for i in TOPICS})


@pytest.fixture(scope="module")
def trained(small):
    return EntryRanker().fit(small, UNANSWERABLE)


def test_a_question_finds_its_entry(trained):
    ranked = trained.rank(normalise("罗湖口岸几点关门"))
    assert ranked[0][0] == "faq:bp01"
    assert ranked[0][1] > 0.5


def test_probabilities_are_shares_and_fall(trained):
    chances = [chance for _, chance in trained.rank("which crossing is open all night")]
    assert all(0 <= chance <= 1 for chance in chances)
    assert chances == sorted(chances, reverse=True)


def test_a_question_that_nothing_answers_has_no_likely_entry(trained):
    assert all(chance < 0.5 for _, chance in trained.rank("what is the weather"))


def test_only_entries_are_ranked(trained):
    assert {entry for entry, _ in trained.rank("tell me a joke")} <= set(TOPICS)


def test_what_is_saved_and_loaded_ranks_the_same(trained, small, tmp_path):
    trained.save(tmp_path)
    loaded = EntryRanker().load(tmp_path)
    for text in ("罗湖几点关", "how much is the permit", "", "qqq"):
        assert loaded.rank(text) == trained.rank(text)
    assert not any(loaded.is_new(entry) for entry in small.entries.values())


def test_an_entry_is_new_when_added_or_when_its_lines_changed(trained, content, small):
    known = small.entries["faq:bp01"]
    assert not trained.is_new(known)
    assert trained.is_new(replace(known, aliases=("one more name",)))
    assert trained.is_new(content.entries["faq:hr01"])


def test_an_untrained_ranker_finds_nothing_and_knows_nothing(content):
    untrained = EntryRanker()
    assert untrained.rank("罗湖") == []
    assert untrained.is_new(content.entries["faq:bp01"])


def test_familiarity_is_the_share_of_known_words_and_pairs():
    known = frozenset({"罗湖", "湖口", "permit"})
    assert familiarity("罗湖口", known) == 1
    assert familiarity("permit cat", known) == 0.5
    assert familiarity("？", known) == 0

"""Which entries the training takes."""

from nlu.retrieval.limit import TRAINED_ENTRIES, most_asked
from tests.support.entries import entry, snapshot_of

LITTLE = entry("faq:little", questions=["one"])
MUCH = entry("faq:much", questions=["one", "two"])
ALSO = entry("faq:also", questions=["one"])


def test_all_up_to_the_limit():
    snapshot = snapshot_of(LITTLE, MUCH)
    assert most_asked(snapshot, 2) is snapshot


def test_beyond_the_limit_those_with_most_questions_then_by_name():
    snapshot = snapshot_of(LITTLE, MUCH, ALSO)
    assert list(most_asked(snapshot, 1).entries) == ["faq:much"]
    assert list(most_asked(snapshot, 2).entries) == ["faq:much", "faq:also"]


def test_the_content_of_today_is_trained_whole(content):
    assert len(content.entries) <= TRAINED_ENTRIES
    assert most_asked(content) is content

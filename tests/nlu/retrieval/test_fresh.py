"""Entries that the classifier does not serve are found by the nearest of their lines."""

import pytest

from nlu.retrieval.fresh import FreshIndex

LINES = {
    "faq:bicycle": ["where can i hire a bicycle", "bicycle hire", "哪里可以租自行车"],
    "faq:library": ["how do i renew a library card"],
}


def alike(unit):
    return 1.0


@pytest.fixture(scope="module")
def index():
    return FreshIndex(alike).renewed(LINES)


def best(index, text):
    ranked = index.rank(text)
    return ranked[0][0] if ranked else None


@pytest.mark.parametrize("entry, line", [(e, line) for e in LINES for line in LINES[e]])
def test_a_line_itself_is_as_like_as_can_be(index, entry, line):
    found, likeness = index.rank(line)[0]
    assert found == entry
    assert likeness == pytest.approx(1)


def test_a_like_question_finds_the_entry_before_others(index):
    ranked = index.rank("renew my library card")
    assert ranked[0][0] == "faq:library"
    assert ranked[0][1] > 0.5 > dict(ranked).get("faq:bicycle", 0)


def test_an_entry_stands_once_with_its_best_line(index):
    ranked = index.rank("bicycle hire")
    assert [entry for entry, _ in ranked].count("faq:bicycle") == 1
    assert dict(ranked)["faq:bicycle"] == pytest.approx(1)


def test_no_more_than_asked_for(index):
    assert len(index.rank("how do i hire a bicycle", 1)) == 1


def test_a_text_without_a_known_unit_finds_nothing(index):
    assert index.rank("qqqq") == index.rank("") == index.rank("？") == []


def test_an_index_of_nothing_finds_nothing():
    assert FreshIndex(alike).rank("bicycle") == []
    assert FreshIndex(alike).renewed({}).rank("bicycle") == []
    assert FreshIndex(alike).renewed({"faq:a": ["？"], "faq:b": []}).rank("bicycle") == []


def test_rare_words_count_for_more():
    lines = {"faq:bicycle": ["the bicycle"], "faq:library": ["the the library"]}
    rare = FreshIndex(lambda unit: 5.0 if unit == "bicycle" else 1.0).renewed(lines)
    likeness = dict(rare.rank("the bicycle of the library"))
    assert likeness["faq:bicycle"] > likeness["faq:library"]


def test_words_that_no_line_has_make_a_question_less_like():
    index = FreshIndex(alike).renewed(LINES)
    ((_, likeness),) = index.rank("bicycle hire 咖啡", 1)
    assert likeness < 1


def test_a_changed_entry_is_found_by_its_new_lines_alone(index):
    later = index.renewed({"faq:bicycle": ["where can i rent a scooter"]})
    assert best(later, "rent a scooter") == "faq:bicycle"
    assert dict(later.rank("bicycle hire")).get("faq:bicycle", 0) < 0.5
    assert best(later, "renew a library card") == "faq:library"


def test_the_index_of_before_stays_as_it_is(index):
    index.renewed({"faq:scooter": ["where can i rent a scooter"]}, gone=["faq:library"])
    assert best(index, "library card") == "faq:library"
    assert best(index, "scooter") is None


def test_what_is_gone_is_not_found_and_may_come_back(index):
    without = index.renewed({}, gone=["faq:library", "faq:never-was"])
    assert best(without, "how do i renew a library card") != "faq:library"
    again = without.renewed({"faq:library": LINES["faq:library"]})
    assert best(again, "how do i renew a library card") == "faq:library"


def test_entries_added_one_by_one_are_found_like_entries_added_together():
    lines = {f"faq:{n}": [f"what is number {n}", f"{n} 号是什么"] for n in range(60)}
    together, one_by_one = FreshIndex(alike).renewed(lines), FreshIndex(alike)
    for entry in lines:
        one_by_one = one_by_one.renewed({entry: lines[entry]})
    assert len(one_by_one._segments) < 6
    for n in range(60):
        assert one_by_one.rank(f"what is {n}")[0] == pytest.approx(together.rank(f"what is {n}")[0])


def test_merging_leaves_out_what_is_gone_or_out_of_date():
    index = FreshIndex(alike).renewed({"faq:a": ["red"], "faq:b": ["blue"]})
    index = index.renewed({"faq:b": ["green"], "faq:c": ["pink"]}, gone=["faq:a"])
    assert len(index._segments) == 1
    assert [best(index, word) for word in ("red", "blue", "green", "pink")] == [
        None, None, "faq:b", "faq:c",
    ]  # fmt: skip

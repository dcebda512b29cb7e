"""The names that are listened for come from the live knowledge."""

from knowledge.model import Term
from nlu.retrieval.names import chinese_names, latin_names
from tests.support.entries import entry, snapshot_of


def test_places_are_heard_in_all_languages(content):
    assert {
        "福田口岸",
        "福田",
        "罗湖",
        "良民证",
        "智方便",
        "深圳",
        "签注",
        "港车北上",
    } <= chinese_names(content)
    assert {"lo wu", "futian", "huanggang", "shekou", "shenzhen"} <= latin_names(content)


def test_questions_and_words_that_any_place_has_are_no_names(content):
    assert not {"几多", "哪里", "边个", "多少钱", "哪一个"} & chinese_names(content)
    assert not {"port", "control point", "lo wu control point"} & latin_names(content)


def test_a_new_entry_is_heard_by_its_aliases():
    assert "单车证" in chinese_names(snapshot_of(entry("faq:bicycle", aliases=("單車證",))))


def test_terms_of_the_glossary_are_heard():
    term = Term(("寡佬證",), ("單身證明",), "certificate")
    assert {"寡佬证", "单身证明"} <= chinese_names(snapshot_of(terms=(term,)))

"""The sound of Latin words, and how far two spellings are apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text.spelling import distance, joined, other_vowels, shortened, sound

WORDS = st.text("abcdehinorstuz'", max_size=9)


@pytest.mark.parametrize(
    "heard, meant",
    [("low woo", "lo wu"), ("ching mao", "qingmao"), ("wang gang", "huanggang"), ("gong bay", "gongbei"),
     ("heng chin", "hengqin"), ("food tian", "futian"), ("lean tang", "liantang"), ("sar tau cock", "sha tau kok"),
     ("lock ma chow", "lok ma chau"), ("guang joe", "guangzhou"), ("shen zen", "shenzhen"), ("she kou", "shekou"),
     ("west cow loon", "west kowloon"), ("in doors meant", "endorsement"), ("servises", "services")],
)  # fmt: skip
def test_names_and_words_have_the_sound_that_is_heard(heard, meant):
    assert joined(heard.split()) == joined(meant.split())


def test_other_names_sound_different():
    names = "lo wu,luohu,futian,huanggang,qingmao,gongbei,hengqin,shekou,shenzhen,zhuhai".split(",")
    assert len({joined(name.split()) for name in names}) == len(names)


@pytest.mark.parametrize(
    "a, b, apart", [("permit", "permit", 0), ("permt", "permit", 1), ("pemrit", "permit", 1),
                    ("lisense", "licence", 2), ("visa", "permit", 3)],
)  # fmt: skip
def test_distance_counts_letters_up_to_its_limit(a, b, apart):
    assert distance(a, b, 2) == apart


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways(a, b):
    assert distance(a, b, 9) == distance(b, a, 9)
    assert (distance(a, b, 9) == 0) == (a == b)


@given(WORDS)
def test_every_word_has_a_sound_and_shorter_forms(word):
    assert isinstance(sound(word), str)
    assert word in shortened(word)
    assert all(distance(word, form, 1) <= 1 for form in shortened(word))


def test_only_vowels_or_order_may_differ():
    assert other_vowels("retern", "return")
    assert other_vowels("retrun", "return")
    assert not other_vowels("taxing", "taking")

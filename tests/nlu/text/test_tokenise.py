"""Tokens and what is made of them."""

from hypothesis import given
from hypothesis import strategies as st

from nlu.text.tokenise import grams, neighbours, pairs, pieces, tokens


def test_a_han_character_a_word_and_a_number_are_a_token_each():
    assert tokens("24小时口岸 lo wu") == ["24", "小", "时", "口", "岸", "lo", "wu"]


def test_a_word_keeps_its_apostrophe():
    assert tokens("can't cross") == ["can't", "cross"]


def test_marks_and_emoji_are_no_tokens():
    assert tokens("？！…👍_-") == []


def test_grams_are_runs_of_one_to_three_tokens():
    assert grams("罗湖关") == ["罗", "湖", "关", "罗 湖", "湖 关", "罗 湖 关"]


def test_the_ends_of_a_text_are_neighbours_of_its_tokens():
    assert neighbours("罗湖") == ["罗", "湖", "^ 罗", "罗 湖", "湖 $"]


def test_a_pair_is_the_same_whichever_token_comes_first():
    assert set(pairs("renew my permit")) == {"my+renew", "permit+renew", "my+permit"}
    assert set(pairs("permit renew")) <= set(pairs("renew my permit"))


def test_a_pair_stands_once_however_often_it_is_said():
    assert pairs("口 岸 口 岸").count("口+岸") == 1


def test_tokens_far_apart_make_no_pair():
    words = [f"w{chr(97 + n)}" for n in range(14)]
    found = pairs(" ".join(words))
    assert f"{words[0]}+{words[12]}" in found
    assert f"{words[0]}+{words[13]}" not in found


@given(st.text(max_size=60))
def test_pairs_are_of_tokens_of_the_text(text):
    known = set(tokens(text))
    assert all(set(pair.split("+")) <= known for pair in pairs(text))


def test_pieces_are_of_latin_words_alone_and_know_where_a_word_ends():
    found = pieces("罗湖 wu 24")
    assert {"<wu", "wu>", "<wu>"} == set(found)


def test_a_misspelt_word_shares_pieces_with_the_right_one():
    assert set(pieces("permit")) & set(pieces("permitt"))


@given(st.text(max_size=40))
def test_every_token_stands_in_the_text(text):
    assert all(token in text for token in tokens(text))

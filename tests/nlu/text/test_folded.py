import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.text.folded import fold, fold_dates


@pytest.mark.parametrize(
    "text, folded",
    [
        ("羅湖口岸", "罗湖口岸"), ("通行証", "通行证"), ("ＨＫＩＤ", "hkid"), ("Exit-Entry  Permit", "exit entry permit"),
        ("用「智方便」", "用智方便"), ("罗\u200b湖", "罗湖"), ("Lo Wu", "lo wu"), ("Lo\tWu", "lo wu"), ("", ""),
        ("…", "..."), ("Exit–Entry", "exit entry"), ("a - b", "a b"),
    ],
)  # fmt: skip
def test_one_form_for_all_ways_of_writing(text, folded):
    assert fold(text).text == folded


@pytest.mark.parametrize("text", ["…我用「智方便」", "  Lo   Wu", "ＨＫ 　ID…羅湖"])
def test_places_are_those_of_the_text_as_it_was_written(text):
    folded = fold(text)
    for index, sign in enumerate(folded.text):
        start, end = folded.span(index, index + 1)
        assert sign in fold(text[start:end]).text


@pytest.mark.parametrize(
    "text, folded",
    [
        ("６月３號", "6月3号"), ("下晝三點", "下昼三点"), ("今個禮拜", "今个礼拜"), ("NEXT  Friday", "next  friday"),
        ("3–5/6", "3-5/6"), ("o’clock", "o'clock"), ("三\u200b點", "三点"), ("3\t点", "3 点"), ("㋀", "㋀"), ("", ""),
    ],
)  # fmt: skip
def test_in_dates_no_sign_becomes_two_and_punctuation_stays(text, folded):
    assert fold_dates(text).text == folded


def test_places_of_dates_are_those_of_the_text_as_it_was_written():
    assert fold_dates("喺\u200b三\u200b點").span(1, 3) == (2, 5)
    assert fold_dates("三點半").span(1, 3) == (1, 3)


@pytest.mark.parametrize("fold", [fold, fold_dates])
@given(text=st.text(st.characters(), max_size=60))
@settings(max_examples=500)
def test_it_never_fails(fold, text):
    folded = fold(text)
    assert len(folded.origins) == len(folded.text)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= origin < len(text) for origin in folded.origins)


@given(st.text(st.characters(max_codepoint=126), max_size=60))
@settings(max_examples=500)
def test_plain_english_is_folded_like_any_other_text(text):
    other = fold(text + "“")  # a sign that vanishes, and is not plain
    plain = fold(text)
    assert (plain.text, list(plain.origins)) == (other.text, list(other.origins))

"""One form for all ways of writing the same thing."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.model import LANGUAGES, examples
from nlu.text.normalise import clean, normalise, origins
from tests.support.noise import full_width, mixed_script

#: What people say to the assistant, besides asking.
LINES = [text for language in LANGUAGES for _, text in examples(language)]

#: Any text at all, lone surrogates included.
ANYTHING = st.text(st.characters(), max_size=60)


def test_full_width_signs_become_narrow():
    assert clean("ＨＫ＄１００　／ｒｅｓｔａｒｔ") == "HK$100 /restart"


def test_control_and_zero_width_characters_vanish():
    assert clean("罗\u200b湖\u0000口\u202e岸\ufeff") == "罗湖口岸"


def test_lines_and_tabs_become_one_space():
    assert clean("  Lo\tWu \r\n hours  ") == "Lo Wu hours"


def test_lone_surrogates_vanish():
    assert clean("Lo\ud83d Wu\udfff") == "Lo Wu"


def test_whole_emoji_stay():
    assert clean("好👍") == "好👍"


@pytest.mark.parametrize(
    "text", ["  Lo\tWu \r\n hours  ", "好…HKID A123456(3)", "羅\u200b湖", "Ｌｏ Ｗｕ", "", "港 ①②x"]
)
def test_places_in_a_cleaned_text_are_known_in_the_text(text):
    cleaned = clean(text)
    places = origins(text, cleaned)
    assert len(places) == len(cleaned)
    for place, sign in zip(places, cleaned):
        assert sign == " " or sign in clean(text[place])


def test_places_that_cannot_be_told_are_not():
    assert origins("e\u0301 x", clean("e\u0301 x")) == []


@pytest.mark.parametrize("written", ["羅湖口岸", "罗湖口岸"])
def test_both_scripts_have_one_form(written):
    assert normalise(written) == "罗湖口岸"


def test_case_does_not_matter():
    assert normalise("Lo WU") == normalise("lo wu")


@pytest.mark.parametrize(
    "cantonese, written",
    [("喺邊度", "在哪里"), ("系边度", "在哪里"), ("點樣去", "怎么去"), ("边个", "谁")],
)
def test_cantonese_words_become_written_chinese(cantonese, written):
    assert normalise(cantonese) == written


def test_a_longer_word_wins_over_a_shorter_one_in_it():
    assert normalise("乜嘢") == "什么"


@pytest.mark.parametrize(
    "one, other",
    [("唔見咗", "吾見左"), ("可唔可以", "可m可以"), ("唔使", "5使"), ("５該", "唔該"), ("幾多$", "幾錢"),
     ("話俾我知", "話比我知"), ("係咪", "系咪"), ("呢啲", "呢d"), ("嗰度", "果度"), ("出嚟", "出黎"),
     ("我嘅證", "我ge證"), ("hai mai要book位", "係咪要預約"), ("攞咗未ar", "拎左未")],
)  # fmt: skip
def test_spellings_of_cantonese_have_one_form(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    "text",
    ["vitamin d 丸", "take vitamin d daily", "维他命d", "比较贵", "如果个人", "企业年报", "关系证明", "左右",
     "食品经营许可", "合同", "架构", "gov.hk", "e-visa", "type d visa", "15使", "ge", "结果", "野生动物"],
)  # fmt: skip
def test_mandarin_and_english_stay_as_they_are(text):
    assert normalise(text) == text


def test_hurried_english_becomes_whole_words():
    assert normalise("pls cancel my appt, no docs, hw abt hk id card") == (
        "please cancel my appointment, no documents, how about hkid card"
    )


def test_stretched_words_and_marks_shrink():
    assert normalise("helpppp!!!!") == "help!"


@settings(max_examples=300)
@given(ANYTHING)
def test_whatever_comes_in_can_be_written_out(text):
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn", "Co") for c in cleaned)
    assert cleaned == cleaned.strip()


@settings(max_examples=300)
@given(line=st.sampled_from(LINES))
def test_full_width_signs_change_nothing(line):
    assert normalise(full_width(line)) == normalise(line)


@settings(max_examples=300)
@given(line=st.sampled_from(LINES), random=st.randoms(use_true_random=False))
def test_a_mix_of_scripts_changes_nothing(line, random):
    assert normalise(mixed_script(line, random)) == normalise(line)


@settings(max_examples=300)
@given(ANYTHING)
def test_normalising_never_fails_and_leaves_no_capital(text):
    assert not any(c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for c in normalise(text))

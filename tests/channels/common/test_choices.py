"""Answering a choice by number, by word or by tap."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.common.choices import (
    SHORTCUTS,
    Choices,
    Offered,
    looks_tapped,
    match,
    no_such_choice,
)

BUTTONS = [
    {"title": "回鄉證：港澳居民返內地用", "payload": '/choose{"entry": "a"}'},
    {"title": "往來港澳通行證", "payload": '/choose{"entry": "b"}'},
    {"title": "Talk to a person", "payload": "/talk_to_human"},
]
FIRST, SECOND, THIRD = (button["payload"] for button in BUTTONS)


@pytest.mark.parametrize(
    "text",
    ["1", "１", "1.", "一", "第一個", "第一个", "第1個", "選1", "我要第一個", "揀一", "first",
     "First one", "the first one", "number 1", "option 1", "one", "1 please", "#1", " 1 "],
)  # fmt: skip
def test_the_first_choice_by_its_number(text):
    assert match(text, BUTTONS) == FIRST


@pytest.mark.parametrize(
    "text", ["2", "二", "兩", "第二個", "第二项", "second", "the second one", "two"]
)
def test_the_second_choice_by_its_number(text):
    assert match(text, BUTTONS) == SECOND


@pytest.mark.parametrize("text", ["第四個", "fourth", "99", "1 2", "12", "-1"])
def test_a_number_that_was_not_offered_chooses_nothing(text):
    assert match(text, BUTTONS) is None


@pytest.mark.parametrize("text", ["4", "8", "５"])
def test_a_number_beyond_the_choices_is_told_how_many_there_are(text):
    assert match(text, BUTTONS) == no_such_choice(3)
    assert match(text, []) is None


@pytest.mark.parametrize(
    "text",
    ["回鄉證：港澳居民返內地用", "回鄉證:港澳居民返內地用", "回乡证：港澳居民返内地用", "回鄉證"],
)
def test_a_title_whole_or_in_part_in_either_script(text):
    assert match(text, BUTTONS) == FIRST


def test_a_word_that_two_titles_share_chooses_neither():
    both = [{"title": "回鄉證續期", "payload": "/a"}, {"title": "回鄉證補領", "payload": "/b"}]
    assert match("回鄉證", both) is None
    assert match("補領", both) == "/b"


def test_a_title_in_any_case():
    assert match("talk to A PERSON", BUTTONS) == THIRD


@pytest.mark.parametrize("text", ["港澳", "a", "證", "", "?", "回鄉證幾錢呀"])
def test_words_of_two_titles_of_none_or_too_few_choose_nothing(text):
    assert match(text, BUTTONS) is None


@pytest.mark.parametrize("payload", [FIRST, SECOND, THIRD])
def test_a_tap_on_what_was_offered(payload):
    assert match(payload, BUTTONS) == payload


@pytest.mark.parametrize(
    "payload",
    ['/choose{"entry": "c"}', "/restart", "/delete_my_data", "／talk_to_human", "/talk_to_human "],
)
def test_a_payload_that_was_not_offered_is_not_honoured(payload):
    assert match(payload, BUTTONS) is None


@pytest.mark.parametrize("key", sorted(SHORTCUTS))
def test_a_shortcut_is_always_there(key):
    assert match(key, []) == SHORTCUTS[key]


def test_the_number_of_a_choice_goes_before_a_shortcut():
    nine = [{"title": str(n), "payload": f"/n{n}"} for n in range(9)]
    assert match("9", nine) == "/n8"


@settings(max_examples=300)
@given(st.text(st.characters(), max_size=40))
def test_whatever_is_said_only_an_offered_payload_comes_out(text):
    offered = {FIRST, SECOND, THIRD, *SHORTCUTS.values(), no_such_choice(3)}
    assert match(text, BUTTONS) in {None, *offered}


async def test_choices_are_remembered_for_each_person(redis):
    choices = Choices(redis)
    await choices.remember("someone", BUTTONS)
    assert await choices.payload_for("someone", "2") == SECOND
    assert await choices.payload_for("other", "2") is None
    assert await choices.payload_for("other", SECOND) is None


async def test_numbers_choose_among_the_last_choices_taps_among_all(redis):
    choices = Choices(redis)
    await choices.remember("someone", BUTTONS)
    await choices.remember("someone", BUTTONS[2:])
    assert await choices.payload_for("someone", "1") == THIRD
    assert await choices.payload_for("someone", FIRST) == FIRST
    assert await choices.payload_for("other", FIRST) is None


async def test_a_reply_without_choices_leaves_the_last_ones(redis):
    choices = Choices(redis)
    await choices.remember("someone", BUTTONS)
    await choices.remember("someone", [])
    assert await choices.payload_for("someone", "1") == FIRST


async def test_choices_are_forgotten_on_request_and_after_their_time(redis):
    choices = Choices(redis)
    await choices.remember("someone", BUTTONS)
    assert 0 < await redis.ttl("choices:someone") <= 24 * 3600
    await choices.forget("someone")
    assert await choices.payload_for("someone", "1") is None


async def test_a_text_with_a_lone_surrogate_chooses_nothing(redis):
    assert await Choices(redis).payload_for("someone", "\ud800") is None


TIMES = [
    {"title": "下晝2點半", "payload": '/answer{"slot": "time", "value": "14:30"}'},
    {"title": "朝早9點", "payload": '/answer{"slot": "time", "value": "09:00"}'},
    {"title": "2026年12月4日（星期五）", "payload": '/answer{"slot": "date", "value": "x"}'},
]


@pytest.mark.parametrize("text", ["2點", "2點半", "9", "3號", "3号", "30", "星期五", "#"])
def test_an_answer_that_is_part_of_a_title_is_an_answer_of_its_own(text):
    assert Offered(TIMES, (), "time").payload_for(text) is None


@pytest.mark.parametrize(
    "text, place", [("2", 1), ("第二個", 1), ("朝早9點", 1), ("下昼2点半", 0), ("３", 2)]
)
def test_numbers_and_whole_titles_choose_a_time(text, place):
    assert Offered(TIMES, (), "time").payload_for(text) == TIMES[place]["payload"]


def test_a_person_can_be_reached_from_any_question():
    assert Offered(TIMES, (), "time").payload_for("0") == SHORTCUTS["0"]


async def test_a_question_without_choices_takes_the_earlier_ones_away(redis):
    choices = Choices(redis)
    await choices.remember("someone", BUTTONS)
    await choices.remember("someone", [], asks="name")
    offered = await choices.offered("someone")
    assert (offered.asks, offered.payload_for("1")) == ("name", None)
    assert offered.payload_for(FIRST) == FIRST  # a tap on what still stands on the page
    await choices.remember("someone", BUTTONS)
    assert (await choices.offered("someone")).payload_for("1") == FIRST


@pytest.mark.parametrize(
    "text",
    ['/answer{"slot": "confirm", "value": "book"}', "/stop", "/talk_to_human", "/cancel_appointment",
     '/choose{"entry": "faq:bp01"}', '/book_appointment{"permit": "permit:eep"}'],
)  # fmt: skip
def test_what_a_button_once_sent(text):
    assert looks_tapped(text)


@pytest.mark.parametrize("text", ["/restart", "/session_start", "/answer", "/answer{}", "stop", "/x{}",
                                  '/unusable_input{"reason": "x"}', "/stop now"])  # fmt: skip
def test_what_no_button_sends(text):
    assert not looks_tapped(text)

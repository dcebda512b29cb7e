import pytest

from nlu.text.cues import (
    asks_something,
    cue,
    named_slot,
    slot_to_change,
)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("返上一步", "back"),
        ("返转头", "back"),
        ("Go back please", "back"),
        ("唔知呀", "unknown"),
        ("我唔知喎…", "unknown"),
        ("不清楚", "unknown"),
        ("I don’t know!", "unknown"),
        ("ＩＤＫ", "unknown"),
        ("是但啦", "any"),
        ("都可以吧", "any"),
        ("doesn't matter", "any"),
        ("繼續", "resume"),
        ("唔知道個地址喺邊", None),
        ("back pain clinic", None),
        ("陳大文", None),
        ("", None),
        ("。。。", None),
        ("呀", None),
    ],
)
def test_a_cue_is_a_whole_message(text, expected):
    assert cue(text) == expected


@pytest.mark.parametrize(
    "text, slot",
    [
        ("改電話", "phone"),
        ("我想改个日期", "date"),
        ("change the time", "time"),
        ("wrong phone number", "phone"),
        ("打錯咗個名", "name"),
        ("身份證號碼寫錯咗", "document_number"),
        ("監護人個名錯咗", "guardian_name"),
        ("轉第二間中心", "centre"),
        ("我個名係陳大文", None),
        ("exchange", None),
    ],
)
def test_what_is_to_be_changed(text, slot):
    assert slot_to_change(text) == slot


def test_a_name_of_an_answer():
    assert named_slot("the date") == "date"
    assert named_slot("update") is None


@pytest.mark.parametrize("text", ["幾錢呀", "要帶乜嘢", "怎么去", "how long is it", "is it free?"])
def test_questions(text):
    assert asks_something(text)


@pytest.mark.parametrize("text", ["聽日朝早", "陳大文", "A123456(3)", "next Wed 3pm", "上水附近"])
def test_answers_are_no_questions(text):
    assert not asks_something(text)

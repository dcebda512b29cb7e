import pytest

from nlu.text.cues import (
    asks_something,
    cue,
    has_lost_reference,
    named_slot,
    sides,
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


@pytest.mark.parametrize(
    "text, expected",
    [
        ("HK", ["hong_kong"]), ("I am a HKer", ["hong_kong"]), ("from Hong Kong", ["hong_kong"]),
        ("the Mainland", ["mainland"]), ("mainland China", ["mainland"]), ("大陸", ["mainland"]),
        ("內地", ["mainland"]), ("国内的", ["mainland"]), ("澳門", ["macao"]), ("Macau", ["macao"]),
        ("中国香港", ["hong_kong"]), ("香港同大陸都有", ["hong_kong", "mainland"]), ("港澳", []),
        ("HKD", []), ("唔知", []),
    ],
)  # fmt: skip
def test_sides(text, expected):
    assert list(sides(text)) == expected


@pytest.mark.parametrize(
    "text", ["唔記得編號", "我唔見咗個預約編號", "忘了预约号", "找不到预约编号了", "I lost the reference",
             "I don't have the booking number", "can't find my ref"],
)  # fmt: skip
def test_a_lost_reference(text):
    assert has_lost_reference(text)


@pytest.mark.parametrize(
    "text", ["我唔見咗回鄉證", "I lost my card", "預約編號係乜", "my reference"]
)
def test_something_else_is_lost(text):
    assert not has_lost_reference(text)

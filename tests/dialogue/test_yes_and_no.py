"""Yes and no at the four places where they decide something, on the real model."""

import pytest

from tests.dialogue.test_booking import THE_REST, TO_NAME, booked, person, to_confirm  # noqa: F401

pytestmark = pytest.mark.model

YES = [
    ("yue", "無錯"), ("yue", "冇錯呀"), ("yue", "啱晒"), ("yue", "都啱"), ("yue", "可以，約啦"),
    ("yue", "個名啱，電話啱"), ("yue", "冇問題，幫我約"), ("yue", "就咁啦"), ("yue", "冇嘢改喇，約啦"),
    ("cmn", "没问题，就这样"), ("cmn", "对，都对"), ("cmn", "好的，预约吧"), ("cmn", "确认无误，提交"),
    ("cmn", "麻烦您了，约吧"), ("cmn", "时间对的"), ("en", "Yes, that is all correct"),
    ("en", "ok confirm"), ("en", "go ahead"), ("en", "please book it"), ("en", "no changes"),
    ("en", "That is all correct, thank you."), ("en", "the date and time are right"),
]  # fmt: skip


@pytest.mark.parametrize("language, words", YES)
async def test_yes_to_the_summary_books(person, language, words):  # noqa: F811
    somebody = person(language)
    await to_confirm(somebody, language)
    await somebody.say(words, None)
    assert [row.status for row in somebody.rows()] == ["booked"]


@pytest.mark.parametrize(
    "language, words, asks",
    [("yue", "唔啱", "confirm"), ("yue", "改啦", "confirm"), ("yue", "改時間", "time"),
     ("yue", "電話唔啱", "phone"), ("cmn", "不对", "confirm"), ("cmn", "手机号不对", "phone"),
     ("en", "the date is wrong", "date"), ("en", "no, that's not right", "confirm"),
     ("en", "yes but change the phone", "phone"), ("yue", "係，但係電話錯咗", "phone")],
)  # fmt: skip
async def test_a_correction_is_no_yes(person, language, words, asks):  # noqa: F811
    somebody = person(language)
    await to_confirm(somebody, language)
    await somebody.say(words, asks)
    assert not somebody.rows()


@pytest.mark.parametrize("words", ["好，取消", "ok, cancel", "好的，取消"])
async def test_yes_cancel_to_the_summary_books_nothing(person, words):  # noqa: F811
    somebody = person()
    await to_confirm(somebody)
    await somebody.say(words)
    assert not somebody.rows()


@pytest.mark.parametrize(
    "words, status",
    [("是的，取消", "cancelled"), ("确认取消", "cancelled"), ("cancel it please", "cancelled"),
     ("取消啦", "cancelled"), ("取消", "cancelled"), ("cancel", "cancelled"),
     ("Yes cancel it", "cancelled"), ("幫我取消", "cancelled"), ("對，取消預約", "cancelled"),
     ("唔好取消", "booked"), ("保留", "booked"), ("keep it", "booked"), ("不取消", "booked"),
     ("please don't cancel it", "booked"), ("唔改", "booked"), ("never mind", "booked")],
)  # fmt: skip
async def test_to_cancel_or_not(person, words, status):  # noqa: F811
    somebody = person()
    await booked(somebody)
    await somebody.say_all([{"cancel my appointment": "reference"}])
    await somebody.say("{reference}, {document}", "confirm")
    await somebody.say(words, None)
    assert [row.status for row in somebody.rows()] == [status]


@pytest.mark.parametrize("words", ["改啦", "yes, move it", "好的，改时间", "ok, reschedule"])
async def test_to_move(person, words):  # noqa: F811
    somebody = person()
    await booked(somebody)
    await somebody.say_all([{"reschedule my appointment": "reference"}])
    await somebody.say("{reference}, {document}", "date")
    await somebody.say("Thursday 10am", "confirm")
    await somebody.say(words, None)
    assert [row.changes for row in somebody.rows() if row.status == "booked"] == [1]


@pytest.mark.parametrize(
    "words, asks",
    [("可以儲存", "confirm"), ("同意", "confirm"), ("yes you may", "confirm"), ("sure, store it", "confirm"),
     ("好的，存吧", "confirm"), ("唔好儲存", None), ("I do not agree", None), ("不要保存", None)],
)  # fmt: skip
async def test_consent(person, words, asks):  # noqa: F811
    somebody = person()
    await somebody.say_all([*TO_NAME["en"], *THE_REST])
    await somebody.say(words, asks)


@pytest.mark.parametrize(
    "words, asks",
    [("continue my booking", "name"), ("好，繼續", "name"), ("yes, let's continue", "name"),
     ("继续预约", "name"), ("start over", "permit"), ("重新嚟過", "permit"), ("从头开始", "permit")],
)  # fmt: skip
async def test_to_resume(person, words, asks):  # noqa: F811
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    await somebody.say("stop", None)
    await somebody.say("I want to book", "confirm")
    await somebody.say(words, asks)

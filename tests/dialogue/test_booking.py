"""What people do while they book: correct, go back, ask, stop, refuse, come back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.dialogue.conftest import MONDAY
from tests.support import applicants

pytestmark = pytest.mark.model

TO_NAME = {
    "yue": [
        {"唔該，我想約時間續回鄉證": "applicant_side"},
        {"香港居民": "birth_date"},
        {"1958年3月5日": "centre"},
        {"旺角": "date"},
        {"星期三下晝三點": "name"},
    ],
    "cmn": [
        {"您好，我想预约回乡证换证": "applicant_side"},
        {"香港居民": "birth_date"},
        {"1958年3月5日": "centre"},
        {"旺角": "date"},
        {"星期三下午三点": "name"},
    ],
    "en": [
        {"Hello, I would like to book an appointment to renew my Home Return Permit": "applicant_side"},
        {"I live in Hong Kong": "birth_date"},
        {"5 March 1958": "centre"},
        {"Mong Kok": "date"},
        {"Wednesday 3pm": "name"},
    ],
}  # fmt: skip
THE_REST = [{"{name}": "document_number"}, {"{document}": "phone"}, {"{phone}": "consent"}]
NAMES = {"yue": "陳大文", "cmn": "张伟", "en": "Chan Tai Man"}
AGREE = {"yue": "好", "cmn": "同意", "en": "yes"}
LANGUAGES = list(TO_NAME)


@pytest.fixture
def person(talk):
    """Begins the talk of somebody with a document of his own."""
    numbers = iter(range(1, 1000))

    def begin(language="en"):
        document = applicants.hkid(next(numbers))
        return talk(name=NAMES[language], document=document, phone="9123 4567")

    return begin


async def to_confirm(somebody, language="en"):
    await somebody.say_all([*TO_NAME[language], *THE_REST])
    await somebody.say(AGREE[language], "confirm")


async def booked(somebody, language="en"):
    await to_confirm(somebody, language)
    await somebody.say(AGREE[language], None)
    (row,) = somebody.rows()
    assert row.status == "booked"
    return row


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everything_is_unknown_to_somebody(person, language):
    unknown = {"yue": "唔知呀", "cmn": "不知道", "en": "I don't know"}[language]
    somebody = person(language)
    await somebody.say(
        {"yue": "我想預約", "cmn": "我要预约", "en": "I want to book"}[language], "permit"
    )
    for words in (
        {"yue": "回鄉證", "cmn": "回乡证", "en": "Home Return Permit"}[language],
        {"yue": "續期", "cmn": "到期换证", "en": "Renewal"}[language],
        *[next(iter(pair)) for pair in TO_NAME[language][1:]],
        *[next(iter(pair)) for pair in THE_REST],
        AGREE[language],
    ):  # fmt: skip
        asked = somebody.turn.asks
        await somebody.say(unknown, asked)
        assert somebody.turn.reader.language == language
        assert somebody.text.count("\n") >= 1, "help, and the question again"
        await somebody.say(words)
        assert somebody.turn.asks != asked
    await somebody.say(unknown, "confirm")
    await somebody.say(AGREE[language], None)
    assert [row.status for row in somebody.rows()] == ["booked"]


@pytest.mark.parametrize(
    "language, wrong, again",
    [("yue", "唔係星期三，星期五", "改電話"), ("cmn", "不是星期三，是星期五", "手机号错了"),
     ("en", "not Wednesday, Friday", "wrong phone number")],
)  # fmt: skip
async def test_any_answer_can_be_corrected(person, language, wrong, again):
    somebody = person(language)
    await somebody.say_all(TO_NAME[language])
    await somebody.say(wrong, "name")
    (held,) = somebody_holds(somebody)
    assert held.starts_at.startswith("2026-11-27 07:00")  # Friday, three o'clock in Hong Kong
    await somebody.say_all(THE_REST)
    await somebody.say(AGREE[language], "confirm")
    await somebody.say(again, "phone")
    await somebody.say("6123 9999", "confirm")
    assert somebody.text.count("999") == 1
    await somebody.say(AGREE[language], None)
    (row,) = somebody.rows()
    assert (row.status, row.slot) == ("booked", held.slot)


def somebody_holds(somebody):
    """The seats that are held for nobody else: tests run one after another."""
    query = text(
        "SELECT a.*, s.starts_at FROM appointments a JOIN slots s ON s.id = a.slot"
        " WHERE a.status = 'held'"
    )
    with somebody._assistant.database.connect() as connection:
        return list(connection.execute(query))


async def test_back_takes_answers_away_one_by_one(person):
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    for asked in ("time", "date", "centre", "birth_date", "applicant_side"):
        await somebody.say("go back", asked)
    assert not somebody_holds(somebody) or somebody.turn.asks == "applicant_side"


@pytest.mark.parametrize(
    "language, question, said",
    [("yue", "要帶咩文件？", "香港身份證"), ("cmn", "要带什么材料？", "身份证"),
     ("en", "What should I bring?", "Hong Kong identity card")],
)  # fmt: skip
async def test_a_question_in_the_middle_is_about_the_permit_in_hand(
    person, language, question, said
):
    somebody = person(language)
    await somebody.say_all(TO_NAME[language][:4])
    for asked in ("date", "name", "document_number"):
        assert somebody.turn.asks == asked
        choices = somebody.titles
        await somebody.say(question, asked)
        assert said in somebody.turn.replies[0]["text"]
        assert somebody.turn.knowledge == ["permit:home_return_permit"]
        assert somebody.titles == choices
        if asked == "date":
            await somebody.say(next(iter(TO_NAME[language][4])), "name")
        elif asked == "name":
            await somebody.say("{name}")


async def test_a_question_about_something_else_is_answered_too(person):
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    await somebody.say("What time does the Lo Wu crossing close?", "name")
    assert somebody.turn.knowledge
    await somebody.say("speak Cantonese please", "name")
    assert somebody.turn.reader.language == "yue"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_stops_goes_on_the_next_day(person, monday, language):
    somebody = person(language)
    await somebody.say_all([*TO_NAME[language], THE_REST[0]])
    await somebody.say({"yue": "停", "cmn": "停止", "en": "stop"}[language], None)
    assert not somebody_holds(somebody)
    await somebody.forget()
    monday.set(MONDAY + timedelta(days=1))
    await somebody.say(
        {"yue": "我想預約呀", "cmn": "我要预约", "en": "I want to book"}[language], "confirm"
    )
    assert len(somebody.choices) == 2
    # Wednesday is only one working day away now, and still there
    await somebody.say("tap 1", "document_number")
    assert len(somebody_holds(somebody)) == 1
    await somebody.say_all(THE_REST[1:])
    await somebody.say(AGREE[language], "confirm")
    await somebody.say(AGREE[language], None)
    assert somebody.rows()[0].status == "booked"


async def test_who_comes_back_too_late_is_asked_for_another_day(person, monday):
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    await somebody.say("stop", None)
    await somebody.forget()
    monday.set(MONDAY + timedelta(days=3))
    await somebody.say("book an appointment", "confirm")
    await somebody.say("continue", "date")
    assert "passed" in somebody.text


async def test_who_starts_anew_has_nothing_kept(person):
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    await somebody.say("stop", None)
    await somebody.say("I want to book", "confirm")
    await somebody.say("Start again", "permit")


async def test_two_who_want_one_seat_get_one(person, assistant):
    first, second = person(), person()
    await to_confirm(first)
    held = somebody_holds(first)[-1]
    with assistant.database.begin() as connection:
        connection.execute(
            text("UPDATE slots SET taken = capacity WHERE id = :slot"), {"slot": held.slot}
        )
    await second.say_all(TO_NAME["en"][:4])
    await second.say("Wednesday 3pm", "time")
    assert "full" in second.text
    await first.say("yes", None)
    assert first.rows()[0].status == "booked"


async def test_no_consent_no_appointment(person):
    somebody = person()
    await somebody.say_all([*TO_NAME["en"], *THE_REST])
    await somebody.say("no", None)
    assert not somebody.rows()
    assert not somebody_holds(somebody)
    await somebody.say("I want to book", "permit")


async def test_a_second_appointment_for_the_same_document_is_refused(person, talk):
    somebody = person()
    await booked(somebody)
    other = talk(**somebody.values)
    await to_confirm(other)
    await other.say("yes", None)
    assert "already" in other.text
    assert [row.status for row in other.rows()] == []


async def test_old_buttons_and_repeats_do_no_harm(person):
    somebody = person()
    await to_confirm(somebody)
    yes = somebody.choices[0]["payload"]
    await somebody.say("tap 2", "confirm")  # change something
    await somebody.say("tap 1", "date")
    turn = await somebody._assistant.conversation.turn(somebody.sender, yes, "web")
    assert turn.asks == "date", "a yes to a question that does not stand"
    await somebody.say("Friday 10am", "confirm")
    for _ in range(3):  # who sends it again has not seen the answer
        turn = await somebody._assistant.conversation.turn(somebody.sender, yes, "web")
        assert turn.asks is None
        (row,) = somebody.rows()
        assert row.reference in turn.replies[0]["text"]
    await somebody.say("view my appointment", "reference")
    await somebody.say("stop", None)
    turn = await somebody._assistant.conversation.turn(somebody.sender, yes, "web")
    assert "That was an earlier question" in turn.replies[0]["text"]


async def test_five_wrong_answers_offer_a_person(person):
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    for _ in range(5):
        assert not somebody.choices
        await somebody.say("12345", "name")
    assert somebody.titles == ["Talk to a person"]
    await somebody.say("Chan Tai Man", "document_number")


BAD = [
    ("document_number", "K000001(0)", "last digit"),
    ("document_number", "K00001(9)", "digits"),
    ("document_number", "12345678", "letters"),
    ("document_number", "hello", "no document number"),
    ("phone", "1234", "8 digits"),
    ("phone", "+1 415 555 0000", "8 digits"),
    ("date", "31 June", "no such day"),
    ("date", "yesterday", "already passed"),
    ("date", "Sunday", "closed"),
    ("date", "25 December", "public holiday"),
    ("date", "30 June 2027", "until"),
    ("time", "Tuesday 3am", "no appointment at 3:00 am"),
    ("centre", "Shenzhen Bay", None),
    ("centre", "Fo Tan Immigration", "does not do this"),
    ("birth_date", "31 June 1990", "no such day"),
    ("birth_date", "1 Jan 1850", "120 years"),
    ("birth_date", "1 Jan 2030", "not come yet"),
    ("name", "x", "no name"),
]  # fmt: skip


@pytest.mark.parametrize("asked, words, said", BAD, ids=[f"{one[0]}: {one[1]}" for one in BAD])
async def test_bad_input_is_refused_and_asked_again(person, asked, words, said):
    somebody = person()
    for pair in [*TO_NAME["en"], *THE_REST]:
        if somebody.turn and somebody.turn.asks == asked:
            break
        if asked == "time" and "Wednesday 3pm" in pair:
            break
        await somebody.say_all([pair])
    await somebody.say(words, asked)
    if said:
        assert said in somebody.text
    assert "K000001(0)" not in somebody.text
    assert not somebody.turn.replies[0]["text"].startswith("Sorry, something went wrong")


async def test_too_young(person):
    somebody = person()
    await somebody.say("I want to book an appointment for my daughter's Hong Kong identity card")
    if somebody.turn.asks == "application_type":
        await somebody.say("first application", "birth_date")
    await somebody.say("1 May 2020", "birth_date")
    assert "at least 11" in somebody.text


@pytest.mark.parametrize(
    "language, titles",
    [("yue", ["Yes", "Change something", "電話"]), ("cmn", ["唔好", None, None]),
     ("en", ["是", "有嘢要改", "姓名"])],
)  # fmt: skip
async def test_titles_may_be_typed_in_any_language(person, language, titles):
    somebody = person(language)
    await somebody.say_all([*TO_NAME[language], *THE_REST])
    if titles[1] is None:
        await somebody.say(titles[0], None)
        return
    await somebody.say(titles[0], "confirm")
    await somebody.say(titles[1], "confirm")
    await somebody.say(titles[2], {"電話": "phone", "姓名": "name"}[titles[2]])


@pytest.mark.parametrize("name", ["Ng", "Ng Ka Yan", "Chan How Ming", "How Do Yin", "May Wong",
                                  "何以琪", "Back Wai Lam", "CHAN, Tai Man Peter", "陳細明"])  # fmt: skip
async def test_names_are_names(person, name):
    somebody = person()
    await somebody.say_all(TO_NAME["en"])
    await somebody.say(name, "document_number")
    assert somebody.turn.reader.language == "en"


async def test_days_and_hours_in_anyones_words(person):
    somebody = person()
    await somebody.say_all(TO_NAME["en"][:4])
    await somebody.say("any morning next week", "date")
    assert somebody.titles[0].startswith("Mon 30 Nov")
    await somebody.say("the week after next", "date")
    assert somebody.titles[0].startswith("Mon 7 Dec")
    await somebody.say("tap 1", "time")
    await somebody.say("after 3pm", "time")
    assert somebody.titles == ["3:00 pm", "3:30 pm", "4:00 pm", "4:30 pm"]
    await somebody.say("half past ten", "name")
    await somebody.say("back", "time")
    await somebody.say("10", "name")
    assert "10:00 am" in somebody.text
    await somebody.say("Tuesday at noon instead of Monday, change it", "name")
    await somebody.say("back", "time")
    await somebody.say("the earliest", "name")
    assert somebody.turn.reader.language == "en"


async def test_several_answers_at_once_and_ahead_of_time(person):
    somebody = person()
    await somebody.say(
        "I want to book an appointment for a Home Return Permit renewal for a Hong Kong resident"
        " born 3 March 1980 in Sheung Wan, the earliest please",
        "name",
    )
    await somebody.say("{name}, {document}, {phone}", "consent")
    await somebody.say("yes", "confirm")
    await somebody.say("yes", None)
    assert somebody.rows()[0].centre == "cts_sheung_wan"


async def test_no_at_the_end_asks_which_answer_and_yes_does_not_book_then(person):
    somebody = person()
    await to_confirm(somebody)
    await somebody.say("no", "confirm")
    assert "Which answer" in somebody.text
    await somebody.say("I don't know", "confirm")
    await somebody.say("no", "confirm")
    await somebody.say("yes", "confirm")
    assert {row.status for row in somebody_holds(somebody)} == {"held"}
    assert not somebody.rows()


async def test_a_seat_whose_time_has_come_is_not_booked(person, monday):
    somebody = person()
    await to_confirm(somebody)
    monday.set(MONDAY + timedelta(days=3))
    await somebody.say("yes", "date")
    assert "passed" in somebody.text
    assert not [row for row in somebody.rows() if row.status == "booked"]


async def test_a_number_or_a_permit_that_is_mentioned_does_not_change_the_booking(person):
    somebody = person("yue")
    await somebody.say_all(TO_NAME["yue"][:4])
    await somebody.say("我冇帶身份證喎", "date")
    await somebody.say_all([TO_NAME["yue"][4], *THE_REST])
    await somebody.say("好", "confirm")
    assert "回鄉證" in somebody.text


async def test_another_centre_may_be_named_while_a_number_is_asked(person):
    somebody = person()
    await somebody.say_all([*TO_NAME["en"], THE_REST[0]])
    await somebody.say("change the centre to Sheung Wan", "date")
    await somebody.say("the earliest", "document_number")


@pytest.mark.parametrize(
    "language, words",
    [("en", "HK"), ("en", "HKer"), ("yue", "香港㗎"), ("cmn", "香港的"), ("en", "from Hong Kong"),
     ("yue", "澳門"), ("en", "Macau")],
)  # fmt: skip
async def test_a_side_in_a_word(person, language, words):
    somebody = person(language)
    await somebody.say_all(TO_NAME[language][:1])
    await somebody.say(words, "birth_date")


@pytest.mark.parametrize("words", ["內地", "大陸", "the Mainland", "mainland China"])
async def test_the_other_side_in_a_word(person, words):
    somebody = person()
    await somebody.say_all(TO_NAME["en"][:1])
    await somebody.say(words, "applicant_side")
    assert "not for Mainland residents" in somebody.text or "內地居民" in somebody.text


@pytest.mark.parametrize("words", ["一點", "1點", "1 o'clock", "1点", "下晝一點"])
async def test_one_oclock_is_in_the_afternoon(person, words):
    somebody = person()
    await somebody.say_all([*TO_NAME["en"][:4], {"Wednesday": "time"}])
    await somebody.say(words, "name")
    (held,) = somebody_holds(somebody)
    assert held.starts_at.startswith("2026-11-25 05:00")


@pytest.mark.parametrize(
    "words",
    ["hi 我想book時間辦非中國籍嗰種回鄉證", "我係外國人，想預約辦回鄉證",
     "I want to book an appointment for the Home Return Permit for non-Chinese permanent residents"],
)  # fmt: skip
async def test_who_is_not_chinese_gets_the_other_permit(person, words):
    somebody = person()
    await somebody.say(words, "application_type")
    assert "non-Chinese" in somebody.text or "非中國籍回鄉證" in somebody.text


async def test_two_numbers_at_once_are_asked_back(person):
    somebody = person()
    await somebody.say_all([*TO_NAME["en"], THE_REST[0]])
    await somebody.say("A123456(3) and B123456(3)", "document_number")
    assert "more than one" in somebody.text
    await somebody.say("{document}", "phone")
    await somebody.say("91234567 or 61234567", "phone")
    assert "more than one" in somebody.text

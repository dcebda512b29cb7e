"""Ages, names, phones and document numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.appointments.rules import (
    GUARDIAN_DOCUMENTS,
    age_on,
    check_age,
    check_applicant_side,
    check_application_type,
    check_birth_date,
    check_document,
    check_name,
    check_phone,
    guardian_needed,
    sole,
)
from tests.actions.appointments.made import rules

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


def fault(key):
    return f"appointments.fault_{key}"


@pytest.mark.parametrize(
    "birth, day, age",
    [
        (date(2008, 11, 22), date(2026, 11, 21), 17), (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17), (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20), (date(2026, 11, 22), date(2026, 11, 22), 0),
        (date(2007, 12, 31), date(2026, 1, 1), 18),
    ],
)  # fmt: skip
def test_age(birth, day, age):
    assert age_on(birth, day) == age


@given(DAYS, st.integers(0, 120))
def test_age_grows_by_one_on_the_birthday_alone(birth, years):
    try:
        birthday = birth.replace(year=birth.year + years)
    except ValueError:  # 29 February
        birthday = date(birth.year + years, 3, 1)
    assert age_on(birth, birthday) == years
    assert age_on(birth, birthday - timedelta(days=1)) == years - 1


def test_a_guardian_comes_along_until_the_day_before_the_birthday():
    minor = rules(guardian_below=18)
    assert guardian_needed(minor, date(2008, 11, 23), TODAY)
    assert not guardian_needed(minor, date(2008, 11, 22), TODAY)
    assert not guardian_needed(rules(), date(2020, 1, 1), TODAY)


def test_the_least_age_is_that_on_the_day_of_the_appointment():
    adult = rules(min_age=18)
    assert check_age(adult, date(2008, 11, 23), TODAY) == fault("too_young")
    assert check_age(adult, date(2008, 11, 23), TODAY + timedelta(days=1)) is None
    assert check_age(rules(), TODAY, TODAY) is None


@pytest.mark.parametrize(
    "birth, key",
    [
        (TODAY, None), (TODAY + timedelta(days=1), "birth_future"), (date(1905, 11, 23), None),
        (date(1905, 11, 22), "birth_too_long_ago"), (date(1, 1, 1), "birth_too_long_ago"),
    ],
)  # fmt: skip
def test_days_of_birth(birth, key):
    assert check_birth_date(birth, TODAY) == (fault(key) if key else None)


def test_what_a_permit_has_no_application_for():
    assert check_application_type(rules(), "lost") is None
    assert check_application_type(rules(), "damaged") == fault("application_type")
    assert check_applicant_side(rules(), "hong_kong") is None
    assert check_applicant_side(rules(), "foreign") == fault("applicant_side")


def test_a_question_with_one_answer_is_not_asked():
    assert sole(("hong_kong",)) == "hong_kong"
    assert sole(("hong_kong", "macao")) is None


@pytest.mark.parametrize(
    "name",
    ["陳大文", "陈文", "歐陽·娜娜", "古丽娜尔·买买提", "𠮷田", "Chan Tai Man", "CHAN, Tai-man", "O’Brien", "Li",
     "Nguyễn Thị Hoa", "José Jr", "陳大文 CHAN Tai Man", "CHAN Tai Man 陳大文", "陳" * 20, "a" * 60],
)  # fmt: skip
def test_names(name):
    assert check_name(f" {name} ").value == name
    assert check_name(name).fault is None


def test_a_name_is_written_in_one_way():
    assert check_name("我叫陳大文呀").value == "陳大文"
    assert (
        check_name("古丽娜尔•买买提").value
        == check_name("古丽娜尔・买买提").value
        == "古丽娜尔·买买提"
    )
    assert check_name("Ｃｈａｎ　Tai\tMan").value == "Chan Tai Man"


@pytest.mark.parametrize(
    "text",
    ["", "陳", "A", "·陳文", "陳文·", "陳大文1", "Chan 2", "<b>Chan</b>", "陳{name}文", "a@b.com", "Chan/Tai", "😀😀",
     "...", "- -", "陳" * 21, "a" * 62, "/restart", "Иван Петров", "山田たろう"],
)  # fmt: skip
def test_what_is_no_name(text):
    assert check_name(text) == check_name("1")
    assert check_name(text).fault == fault("name")


@pytest.mark.parametrize(
    "text, number",
    [
        ("9123 4567", "+85291234567"), ("電話係+852 5123 4567呀", "+85251234567"),
        ("2824 6111", "+85228246111"), ("6612 3456", "+85266123456"),
        ("+853 6612 3456", "+85366123456"), ("138 0013 8000", "+8613800138000"),
        ("+86 159-0000-1234", "+8615900001234"), ("９１２３４５６７", "+85291234567"),
        ("九一二三四五六七", "+85291234567"), ("幺三八零零一三八零零零", "+8613800138000"),
        ("it is nine one two three, four five six seven", "+85291234567"),
    ],
)  # fmt: skip
def test_phones(text, number):
    assert (check_phone(text).value, check_phone(text).fault) == (number, None)


@pytest.mark.parametrize(
    "text", ["", "唔知", "一二三四五六七", "九一二三四五六七同九二三四五六七八", "1234567", "12345678", "912345678", "1380013800", "+44 20 7946 0958",
             "0755 8888 8888", "91234567 92345678", "999"],
)  # fmt: skip
def test_what_is_no_phone_that_can_be_reached(text):
    assert check_phone(text).fault == fault("phone")
    assert check_phone(text).value == ""


@pytest.mark.parametrize(
    "kinds, text, kind, number",
    [
        (["hkid"], "A123456(3)", "hkid", "A123456(3)"),
        (["hkid"], "A一二三四五六括號三", "hkid", "A123456(3)"),
        (["hkid"], "A123456三", "hkid", "A123456(3)"),
        (["hkid"], "A123456 bracket 3", "hkid", "A123456(3)"),
        (["hkid"], "A123456/3", "hkid", "A123456(3)"),
        (["mainland_id"], "四四零三零一一九九零零一零一零零一二", "mainland_id", "440301199001010012"),
        (["hrp"], "H for Hong Kong one two three four five six double seven", "hrp", "H12345677"),
        (["hkid", "hrp"], "my permit is h12345678", "hrp", "H12345678"),
        (["hkid", "hksar_passport"], "H12345678", "hksar_passport", "H12345678"),
        (["hrp", "residence_permit"], "810000199001010019", "residence_permit",
         "810000199001010019"),
        (["macao_id", "hrp"], "5123456(7)", "macao_id", "5123456(7)"),
        (["mainland_id", "eep"], "CA1234567", "eep", "CA1234567"),
        (["hkid", "hrp"], "HKID A123456(3) 回鄉證 H12345678", "hkid", "A123456(3)"),
    ],
)  # fmt: skip
def test_document_numbers(kinds, text, kind, number):
    found = check_document(text, kinds, TODAY)
    assert (found.kind, found.value, found.fault) == (kind, number, None)


@pytest.mark.parametrize(
    "kinds, text, key",
    [
        (["hkid"], "A123456(4)", "document_check"), (["hkid"], "A12345(3)", "document_length"),
        (["hkid"], "A123456", "document_length"), (["hkid"], "ABC123456(7)", "document_letters"),
        (["hkid"], "12345678", "document_letters"), (["hkid"], "1123456(3)", "document_kind"),
        (["hkid"], "H12345678", "document_kind"), (["hkid"], "唔知喎", "document_none"),
        (["hkid"], "", "document_none"), (["hkid"], "room 12", "document_none"),
        (["hrp"], "H123456789", "document_length"), (["hrp"], "12345678", "document_letters"),
        (["hrp"], "A123456(3)", "document_kind"), (["eep"], "CAB123456", "document_letters"),
        (["mainland_id"], "440301199001010013", "document_check"),
        (["mainland_id"], "440106198513150020", "document_date"),
        (["mainland_id"], "440300190002290010", "document_date"),
        (["mainland_id"], "44030119900101001", "document_length"),
        (["mainland_id"], "810000199001010019", "document_kind"),
        (["residence_permit"], "440301199001010012", "document_kind"),
        (["hrp", "residence_permit"], "810000199001010018", "document_check"),
    ],
)  # fmt: skip
def test_faults_of_document_numbers_say_which_part(kinds, text, key):
    assert check_document(text, kinds, TODAY).fault == fault(key)


def test_the_date_of_birth_in_a_number_must_be_the_one_that_was_given():
    number, kinds = "440301199001010012", ["mainland_id", "eep"]
    assert check_document(number, kinds, TODAY, date(1990, 1, 1)).value == number
    refused = check_document(number, kinds, TODAY, date(1990, 1, 2))
    assert (refused.value, refused.fault) == ("", fault("document_birth"))
    assert check_document("C12345678", kinds, TODAY, date(1990, 1, 2)).value == "C12345678"


@given(st.text(max_size=40) | st.text("0123456789ABCHMKWEX()（） -/", max_size=30))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_there_is_a_value_or_a_fault_and_neither_shows_it(text):
    for found in (
        check_name(text), check_phone(text), check_document(text, GUARDIAN_DOCUMENTS, TODAY),
    ):  # fmt: skip
        assert bool(found.value) != bool(found.fault)
        assert "value" not in repr(found)


@pytest.mark.parametrize(
    "text, name",
    [
        ("陳 肥 女", "陳肥女"),
        ("陳大文 (Chan Tai Man)", "陳大文 Chan Tai Man"),
        ("陳大文先生", "陳大文"),
        ("我囉 陳美芬", "陳美芬"),
        ("Ng", "Ng"),
    ],
)
def test_a_name_as_people_write_it(text, name):
    assert check_name(text).value == name


@pytest.mark.parametrize(
    "text", ["I would rather not say", "唔話你知", "個名錯咗", "his mother name is Ng", "为什么"]
)
def test_a_sentence_is_no_name(text):
    assert check_name(text).fault == "appointments.fault_name"


@pytest.mark.parametrize(
    "text",
    [
        "A123456(3)同B123456(3)",
        "A123456(3), B123456(3)",
        "A一二三四五六括號三同B一二三四五六括號三",
    ],
)
def test_of_two_numbers_none_is_taken(text):
    checked = check_document(text, ("hkid",), TODAY)
    assert (checked.value, checked.fault) == ("", "appointments.fault_document_several")


@pytest.mark.parametrize("text", ["A123456(3)，即係A1234563", "H12345678 A123456(3)"])
def test_one_number_said_twice_or_beside_another_kind_is_taken(text):
    assert check_document(text, ("hkid",), TODAY).value == "A123456(3)"

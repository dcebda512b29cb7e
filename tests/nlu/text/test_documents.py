"""Document numbers: the catalogue's examples, what people make of them, and numbers made up."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.privacy import mask
from nlu.text import check_digits
from nlu.text.documents import check, find

TODAY = date(2026, 11, 22)

#: The examples of ``id_rules`` in the catalogue; those of telephones are in test_phones.
VALID = {
    "hkid": ["A123456(3)", "D288754(2)", "E364912(5)", "G123456(A)", "AB987654(3)", "WX123456(9)",
             "A000000(3)", "B6543214", "t125876(6)"],
    "mainland_id": ["440301199001010012", "440106198505150023", "440300200002290019",
                    "11010519491231002X", "442000197807031234"],
    "residence_permit": ["810000199001010019", "810000198506300017", "820000199512310023",
                         "830000198808080033", "81000020080229001X", "81000019650102005X"],
    "hrp": ["H12345678", "M00000001", "H1234567801", "h87654321"],
    "eep": ["C12345678", "CA1234567", "W12345678"],
    "hksar_passport": ["K12345678", "H12345678", "KJ1234567"],
    "br_number": ["12345678"],
}  # fmt: skip
INVALID = {
    "hkid": {"A123456(4)": "check_digit", "K034169(1)": "check_digit", "K034178(2)": "check_digit",
             "A12345(3)": "shape", "ABC123456(7)": "shape", "A1234567": "check_digit",
             "A123456(B)": "shape", "1123456(3)": "shape"},
    "mainland_id": {"440301199001010013": "check_digit", "440300190002290010": "birth_date",
                    "440106198513150020": "birth_date", "44030119900101001": "shape",
                    "44030119900101001A": "shape", "810000199001010019": "region"},
    "residence_permit": {"810000199001010018": "check_digit", "820000199013010027": "birth_date",
                         "840000199001010012": "region", "440301199001010012": "region"},
    "hrp": dict.fromkeys(
        ["H1234567", "H123456789", "12345678", "A12345678", "H1234567A"], "shape"),
    "eep": dict.fromkeys(["C1234567", "H12345678", "CAB123456", "12345678"], "shape"),
    "hksar_passport": {"K1234567": "shape", "A12345678": "shape"},
    "br_number": {"1234567": "shape", "1234567A": "shape"},
}  # fmt: skip


@pytest.mark.parametrize("kind, text", [(kind, t) for kind in VALID for t in VALID[kind]])
def test_the_valid_examples(kind, text):
    assert check(kind, text, TODAY).valid


@pytest.mark.parametrize(
    "kind, text, fault", [(k, t, fault) for k in INVALID for t, fault in INVALID[k].items()]
)
def test_the_invalid_examples(kind, text, fault):
    assert check(kind, text, TODAY).fault == fault


def test_all_examples_but_those_of_telephones_are_here():
    counted = [sum(map(len, kinds.values())) for kinds in (VALID, INVALID)]
    assert sum(counted) == 74 - 12


@pytest.mark.parametrize(
    "kind, text", [(k, t) for k in VALID for t in VALID[k] if k != "br_number"]
)
@pytest.mark.parametrize("around", ["{}", "我嘅係{}呀", "it is {}, ok?", "（{}）"])
def test_valid_examples_are_found_in_a_text(kind, text, around):
    written = around.format(text)
    (found,) = find(written, TODAY)
    assert kind in found.kinds and found.valid
    assert written[found.start : found.end] == text


@pytest.mark.parametrize(
    "kind, text",
    [(k, t) for k in INVALID for t, fault in INVALID[k].items() if fault in
     ("check_digit", "birth_date")],
)  # fmt: skip
def test_a_number_of_the_right_form_that_cannot_be_right_is_told_not_dropped(kind, text):
    (found,) = find(f"number {text}", TODAY)
    assert kind in found.kinds
    assert found.fault == INVALID[kind][text]


@pytest.mark.parametrize(
    "written, number",
    [
        ("Ａ１２３４５６（３）", "A123456(3)"), ("a123456 ( 3 )", "A123456(3)"),
        ("A 123 456 (3)", "A123456(3)"), ("A-123456-(3)", "A123456(3)"),
        ("A123456-3", "A123456(3)"), ("A000O00(3)", "A000000(3)"), ("a0oooo0(3)", "A000000(3)"),
        ("440301 19900101 0012", "440301199001010012"),
        ("440301-1990-0101-0012", "440301199001010012"),
        ("４４０３０１１９９００１０１００１２", "440301199001010012"),
        ("44O3O119900101OO12", "440301199001010012"), ("11010519491231002x", "11010519491231002X"),
        ("H 12345678", "H12345678"), ("h1234 5678", "H12345678"), ("H1234567O", "H12345670"),
        ("C-12345678", "C12345678"), ("Ｃ１２３４５６７８", "C12345678"), ("ca1234567", "CA1234567"),
        ("KJ 1234567", "KJ1234567"), ("E12345678", "E12345678"), ("EA1234567", "EA1234567"),
        ("5123456(7)", "5123456(7)"), ("5/123456/7", "5123456(7)"), ("１５２３４５６（８）", "1523456(8)"),
    ],
)  # fmt: skip
def test_ways_of_writing(written, number):
    for around in ("{}", "係{}，"):
        text = around.format(written)
        (found,) = find(text, TODAY)
        assert (found.number, found.valid) == (number, True)
        assert text[found.start : found.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "", "你好", "91234567", "打1823", "is 138 0013 8000", "HK 2824 6111", "no 1234567", "2026-11-22",
        "plan c 12345678", "I'm 91234567", "H123456789", "6222 0212 3456 7890 123", "HK$12345678",
        "A123456", "flight BC123456 a day", "IR56B", "20261122", "4111111111111111",
    ],
)  # fmt: skip
def test_what_is_no_document_number(text):
    assert find(text, TODAY) == []


def test_a_number_can_be_of_two_kinds():
    (found,) = find("H12345678", TODAY)
    assert found.kinds == ("hrp", "hksar_passport")


def test_several_numbers_come_in_the_order_of_the_text():
    found = find("HKID A123456(3) 同回鄉證 H12345678 91234567", TODAY)
    assert [(one.kinds[0], one.number) for one in found] == [
        ("hkid", "A123456(3)"), ("hrp", "H12345678"),
    ]  # fmt: skip


def test_a_business_number_needs_its_name_before_it():
    (found,) = find("商業登記號碼係 1234 5678", TODAY)
    assert (found.kinds, found.number) == (("br_number",), "12345678")
    assert find("BR number: 12345678", TODAY)
    assert not find("number: 12345678", TODAY)


def test_nobody_is_born_after_today():
    def born(day):
        number = f"440301{day:%Y%m%d}001"
        return check("mainland_id", number + check_digits.mainland(number), TODAY).fault

    assert born(TODAY) is None
    assert born(TODAY + timedelta(days=1)) == "birth_date"
    assert born(date(1850, 1, 1)) == "birth_date"


def test_a_form_takes_a_number_with_words_around_it():
    taken = check("hkid", "我嘅身份證係 A123456(3)", TODAY)
    assert (taken.number, taken.valid) == ("A123456(3)", True)
    assert check("hrp", "ｈ１２３４５６７８", TODAY).number == "H12345678"
    assert check("macao_id", "51234567", TODAY).number == "5123456(7)"
    assert check("hrp", "下次先講", TODAY).fault == "shape"


DAYS = st.dates(date(1930, 1, 1), TODAY)
LETTER = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@st.composite
def hkids(draw):
    head = (
        draw(LETTER) + draw(st.just("") | LETTER) + draw(st.from_regex(r"[0-9]{6}", fullmatch=True))
    )
    return f"{head}({check_digits.hong_kong(head)})"


@st.composite
def people(draw, regions):
    head = draw(st.sampled_from(regions)) + f"{draw(DAYS):%Y%m%d}"
    head += draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    return head + check_digits.mainland(head)


NUMBERS = {
    "hkid": hkids(),
    "mainland_id": people(["440301", "110105", "650101"]),
    "residence_permit": people(["810000", "820000", "830000"]),
}


@pytest.mark.parametrize("kind", NUMBERS)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_what_keeps_the_rule_is_accepted_and_one_wrong_digit_is_refused(kind, data):
    number = data.draw(NUMBERS[kind])
    assert check(kind, number, TODAY).valid
    place = data.draw(st.sampled_from([i for i, sign in enumerate(number) if sign.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != number[place])
    assert not check(kind, number[:place] + digit + number[place + 1 :], TODAY).valid


ANYTHING = st.text(st.characters(), max_size=60)
WRITTEN = st.text("0123456789０９ABCHMKWEJXabhxoOｘ()（）/+-–. 　係", max_size=40)


@given(ANYTHING | WRITTEN)
@settings(max_examples=1500, deadline=None)
def test_it_never_fails_and_whatever_is_found_is_masked_when_it_is_written(text):
    for found in find(text, TODAY):
        assert 0 <= found.start < found.end <= len(text)
        assert found.number
        if found.kinds != ("br_number",):
            written = mask(text)[found.start : found.end]
            assert sum(sign.isdigit() for sign in written) <= 1, text
            assert not any(sign.isdigit() for sign in mask(found.number)[1:])
    for kind in VALID:
        check(kind, text, TODAY)


@pytest.mark.parametrize(
    "text",
    ["1" * 1000, "A1" * 500, "1-" * 500, "12o" * 333, "(" * 1000, "BR" * 500],
    ids=lambda text: text[:4],
)
def test_a_long_text_takes_no_long_time(text):
    started = time.process_time()
    find(text, TODAY)
    assert time.process_time() - started < 0.1

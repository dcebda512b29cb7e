"""Telephone numbers: the catalogue's examples, what people make of them, and what is none."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.privacy import mask
from nlu.text.phones import check, find

#: The examples of ``id_rules`` in the catalogue.
VALID = {
    "CN": ["13800138000", "+86 159-0000-1234", "19912345678"],
    "HK": ["91234567", "+852 5123 4567", "2824 6111"],
}
INVALID = ["12345678901", "1380013800", "23800138000", "1234567", "12345678", "912345678"]


@pytest.mark.parametrize("region, text", [(r, t) for r in VALID for t in VALID[r]])
@pytest.mark.parametrize("around", ["{}", "打{}搵我", "call {}, please", "（{}）"])
def test_the_valid_examples(region, text, around):
    written = around.format(text)
    (found,) = find(written)
    assert (found.region, found.valid) == (region, True)
    assert written[found.start : found.end] == text


@pytest.mark.parametrize("text", INVALID)
def test_the_invalid_examples(text):
    assert check(text) is None


@pytest.mark.parametrize(
    "written, number, region",
    [
        ("９１２３　４５６７", "+85291234567", "HK"), ("+852-9123-4567", "+85291234567", "HK"),
        ("00852 91234567", "+85291234567", "HK"), ("85291234567", "+85291234567", "HK"),
        ("(852) 2998 7888", "+85229987888", "HK"), ("9123–4567", "+85291234567", "HK"),
        ("9123 456O", "+85291234560", "HK"),
        ("00８６ 138 0013 8000", "+8613800138000", "CN"), ("8613800138000", "+8613800138000", "CN"),
        ("138-0013-8000", "+8613800138000", "CN"), ("0755 8888 8888", "+8675588888888", "CN"),
        ("020-12345678", "+862012345678", "CN"), ("（0755）88888888", "+8675588888888", "CN"),
        ("+86 (0755) 8888 8888", "+8675588888888", "CN"), ("86 755 8888 8888", "+8675588888888", "CN"),
        ("+853 6612 3456", "+85366123456", "MO"), ("853-66123456", "+85366123456", "MO"),
        ("+44 20 7946 0958", "+442079460958", "GB"), ("+1 202 456 1111", "+12024561111", "US"),
    ],
)  # fmt: skip
def test_ways_of_writing(written, number, region):
    for around in ("{}", "係{}，"):
        text = around.format(written)
        (found,) = find(text)
        assert (found.number, found.region) == (number, region)
        assert text[found.start : found.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "", "你好", "1823", "打1868或者12345", "12367", "+852 1868", "999", "2026-11-22", "20261122",
        "22/11/2026", "2026 11 22 10 30", "06:30-24:00", "0630-2400", "HK$30000000", "30000000元",
        "RMB 30000000", "人民幣 30000000", "HK$1,234,567", "6222 0212 3456 7890 123",
        "5111 2222 3333 4444", "440301199001010012", "H91234567", "A123456(3)", "183天",
    ],
)  # fmt: skip
def test_what_is_no_telephone_number(text):
    assert find(text) == []


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("9123 4567/6123 4567", ["+85291234567", "+85261234567"]),
        ("2026-11-22 91234567", ["+85291234567"]),
        ("91234567 2026-11-22", ["+85291234567"]),
        ("91234567 10:30", ["+85291234567"]),
        ("A123456(3) 91234567", ["+85291234567"]),
        ("A1234563 91234567", ["+85291234567"]),
        ("HK$260，91234567", ["+85291234567"]),
    ],
)
def test_beside_other_numbers(text, numbers):
    assert [found.number for found in find(text)] == numbers


def test_a_number_that_cannot_be_right_is_told():
    for written, number in (
        ("+86 138 0013 80001", "+86138001380001"), ("+852 1234 5678", "+85212345678"),
        ("0000 1234 5678", None),
    ):  # fmt: skip
        found = find(written)
        assert [(one.number, one.region, one.valid) for one in found] == (
            [(number, None, False)] if number else []
        )


@pytest.mark.parametrize("written", ["6789 0123", "+852 6000 1234", "91112222"])
def test_a_range_that_the_library_does_not_know_is_no_reason_to_refuse(written):
    assert check(written).region == "HK"


def test_a_place_that_is_taken_holds_no_telephone_number():
    assert find("H 9123 4567", taken=[(0, 11)]) == []


def test_a_form_needs_one_number():
    assert check("我電話係９１２３ ４５６７").number == "+85291234567"
    assert check("91234567 / 61234567") is None
    assert check("聽日先講") is None


ANYTHING = st.text(st.characters(), max_size=60)
WRITTEN = st.text("0123456789０９+-–()（） 　oO.係h", max_size=40)


@given(ANYTHING | WRITTEN)
@settings(max_examples=1500, deadline=None)
def test_it_never_fails_and_whatever_is_found_is_masked_when_it_is_written(text):
    for found in find(text):
        assert 0 <= found.start < found.end <= len(text)
        written = text[found.start : found.end]
        codes = 8 if set("()（）") & set(written) else 1  # those of country and area in brackets
        assert sum(sign.isdigit() for sign in mask(text)[found.start : found.end]) <= codes, text
        assert sum(sign.isdigit() for sign in mask(found.number)) <= 1


@pytest.mark.parametrize(
    "text",
    ["1" * 1000, "+8" * 500, "1-" * 500, "(86)" * 250, "12 " * 333],
    ids=lambda text: text[:4],
)
def test_a_long_text_takes_no_long_time(text):
    started = time.process_time()
    find(text)
    assert time.process_time() - started < 0.1

"""Numbers that are written as they are said."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.text import check_digits, documents, phones
from nlu.text.spelt_numbers import digits

TODAY = date(2026, 11, 22)
#: How people say the digits 0 to 9, one line a way.
WAYS = [
    "零一二三四五六七八九", "〇幺两三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零壹貳叁肆伍陸柒捌玖",
    "0123456789", "０１２３４５６７８９",
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    ["oh", "One", "Two", "THREE", "Four", "Five", "Six", "Seven", "eight", "Nine"],
]  # fmt: skip


@pytest.mark.parametrize(
    "said, written",
    [
        ("四四零一零六一九九零零三零七一二三一", "440106199003071231"), ("幺三八零零一三八零零零", "13800138000"),
        ("一一零一零五一九四九一二三一零零二X", "11010519491231002X"), ("一一零一零五一九四九一二三一零零二叉", "11010519491231002X"),
        ("A一二三四五六括號三", "A123456(3)"), ("A一二三四五六（三）", "A123456(3)"), ("A123456三", "A1234563"),
        ("A123456 bracket 3", "A123456(3)"), ("A123456/3", "A123456(3)"), ("G123456 slash A", "G123456(A)"),
        ("A one two three four five six, open bracket three close bracket", "A123456(3)"),
        ("a one two three four five six bracket three", "A123456(3)"),
        ("zed six eight three three six five bracket ay", "Z683365(A)"), ("W X 一二三四五六 括號 九", "WX123456(9)"),
        ("aitch one two three four five six seven eight", "H12345678"), ("C九一二三四五六七", "C91234567"),
        ("H for Hong Kong one two three four five six seven eight", "H12345678"), ("A as in apple 1 2 3 4 5 6", "A123456"),
        ("nine one two three four five six seven", "91234567"), ("double eight nine one triple two", "8891222"), ("孖八九一二三四五", "88912345"),
        ("nine one to three for five six seven", "91234567"), ("plus eight five two nine one two three four five six seven", "+85291234567"),
        ("九一二三 四五六七", "91234567"), ("九一二三，四五六七", "91234567"), ("nine one two three dash four five six seven", "91234567"),
        ("我電話係九一二三四五六七", "我电话系91234567"), ("it is nine one two three four five six seven, thanks", "it is 91234567, thanks"),
        ("is 九一二三四五六七", "is 91234567"), ("I 九一二三四五六七", "I 91234567"), ("一二三四五六七括號八", "1234567(8)"),
    ],
)  # fmt: skip
def test_what_is_said_is_written_plainly(said, written):
    assert digits(said) == written


@pytest.mark.parametrize(
    "text",
    ["", "唔知", "二零一八年六月九日", "十二月三號下晝三點", "one two three", "一二三四五", "double five", "H for Hong Kong",
     "9123 4567", "91234567 92345678", "2026-11-22 10:30", "A123456(3)", "1/123456/7", "我要約時間", "see you at one or two",
     "ten past one", "一一得一", "for one to be", "someone123456", "$1000000", "二〇二六", "電話"],
)  # fmt: skip
def test_what_stays_as_it_is(text):
    assert digits(text) == text


@st.composite
def spoken(draw, number):
    """A number, each digit said in one of the ways, the same kind of word in a row or not."""
    return " ".join(draw(st.sampled_from(WAYS))[int(digit)] for digit in number)


@given(st.data(), st.from_regex(r"[569][0-9]{7}", fullmatch=True))
@settings(max_examples=50, deadline=None)
def test_a_telephone_number_is_found_however_it_is_said(data, number):
    found = phones.check(digits("係" + data.draw(spoken(number))))
    assert found and found.number == phones.check(number).number


@given(
    st.data(), st.sampled_from("ABCDEFGHJKMNPRSTVWXYZ"), st.from_regex(r"[0-9]{6}", fullmatch=True)
)
@settings(deadline=None)
def test_an_identity_card_is_found_however_it_is_said(data, letter, number):
    right = check_digits.hong_kong(letter + number)
    check = right if right == "A" else data.draw(spoken(right))
    bracket = data.draw(
        st.sampled_from(["({})", "（{}）", " bracket {}", "括號{}", "括号{}括号", "/{}"])
    )
    said = f"{letter} {data.draw(spoken(number))}" + bracket.format(check)
    found = documents.check("hkid", digits(said), TODAY)
    assert (found.number, found.fault) == (f"{letter}{number}({right})", None)


@given(st.text(max_size=60) | st.text("零一二九8A(（）/ x括號加孖", max_size=40))
@settings(max_examples=500, deadline=None)
def test_it_never_fails_and_what_is_plain_stays(text):
    assert digits(digits(text)) == digits(text)


@given(st.data(), st.from_regex(r"[0-9]{1,5}", fullmatch=True))
@settings(max_examples=50, deadline=None)
def test_fewer_than_six_digits_are_left_alone(data, number):
    said = data.draw(spoken(number))
    assert digits(said) == said


@pytest.mark.parametrize("part", ["一", "one ", "a ", "double ", "A for b ", "bracket 3 "])
def test_a_long_text_is_read_in_time(part):
    started = time.process_time()
    digits(part * 1000)
    assert time.process_time() - started < 0.5

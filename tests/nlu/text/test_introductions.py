import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text.introductions import without_introduction


@pytest.mark.parametrize(
    "text, name",
    [
        ("我叫陳大文", "陳大文"), ("我叫陈大文", "陈大文"), ("我個名係陳大文呀", "陳大文"), ("姓名：陳大文", "陳大文"),
        ("係陳大文啊。", "陳大文"), ("申請人係 歐陽·娜娜", "歐陽·娜娜"), ("My name is Chan Tai Man.", "Chan Tai Man"),
        ("I'm Li Na", "Li Na"), ("NAME: CHAN, Tai Man", "CHAN, Tai Man"), ("it's O'Brien", "O'Brien"),
        ("陳大文", "陳大文"), ("Ian Nameth", "Ian Nameth"), ("Names Ltd", "Names Ltd"), ("Itai Levi", "Itai Levi"),
        ("我叫", "我叫"), ("", ""), ("Robert Jr.", "Robert Jr"),
    ],
)  # fmt: skip
def test_what_is_left_is_the_name(text, name):
    assert without_introduction(text) == name


@given(st.text(max_size=30))
def test_it_never_fails_and_only_cuts(text):
    assert without_introduction(text) in text

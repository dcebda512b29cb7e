import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.text.ordinals import ordinal


@pytest.mark.parametrize(
    "text, number",
    [
        ("1", 1), ("１", 1), ("①", 1), ("一", 1), ("壹", 1), ("第一個", 1), ("揀一", 1), ("the first one", 1), ("#1", 1),
        ("兩", 2), ("二", 2), ("第2項", 2), ("我要第二個。", 2), ("Second", 2), ("no. 2", 2), ("option two please", 2),
        ("三", 3), ("third", 3), ("选3号吧", None), ("选3号", 3), ("四", 4), ("fourth choice", 4), ("9", 9), ("99", None),
    ],
)  # fmt: skip
def test_the_number_that_is_chosen(text, number):
    assert ordinal(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "12", "第", "one two", "一二", "第一個係乜", "五", "the", "1 2"]
)
def test_what_is_no_number_of_a_choice(text):
    assert ordinal(text) is None


@settings(max_examples=300)
@given(st.text(st.characters(), max_size=20))
def test_it_never_fails(text):
    assert ordinal(text) in (None, *range(1, 10))

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.script import cantonese_in_simplified, to_simplified, to_traditional


@pytest.mark.parametrize(
    "traditional, simplified",
    [
        ("羅湖口岸開放時間", "罗湖口岸开放时间"),
        ("長者醫療券", "长者医疗券"),
        ("駕駛執照", "驾驶执照"),
    ],
)
def test_the_scripts_are_told_apart(traditional, simplified):
    assert to_simplified(traditional) == simplified
    assert to_traditional(simplified) == traditional


def test_simplified_text_stays_simplified():
    assert to_simplified("办回乡证要多少钱") == "办回乡证要多少钱"


def test_cantonese_is_written_in_simplified_script_with_its_own_words():
    assert cantonese_in_simplified("喺邊度攞醫療券㗎？") == "喺边度攞医疗券㗎？"


def test_everything_else_stays():
    text = "Lo Wu 06:30–24:00 🙂 HK$260\n"
    assert to_simplified(text) == to_traditional(text) == cantonese_in_simplified(text) == text


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_simplified_twice(text):
    assert to_simplified(to_simplified(text)) == to_simplified(text)

"""Yes, no and neither, as people say them to each question, in three languages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nlu.text.agreement import agrees

SAID = YAML(typ="safe").load(Path(__file__).with_name("agreement.yml"))
MEANING = {"yes": True, "no": False, "neither": None}


@pytest.mark.parametrize(
    "doing, text, expected",
    [
        pytest.param(doing, str(text), MEANING[meaning], id=f"{doing}: {text}")
        for doing, meanings in SAID.items()
        for meaning, rows in meanings.items()
        for row in rows
        for text in row
    ],
)
def test_what_people_say(doing, text, expected):
    assert agrees(text, doing) is expected


@pytest.mark.parametrize(
    "text, expected",
    [("好呀", True), ("yes please", True), ("同意", True), ("唔同意", False), ("No", False),
     ("no idea", None), ("cancel", None), ("book it", None), ("", None), ("。。。", None),
     ("呀", None), ("please", None), ("啱 " * 50, None)],
)  # fmt: skip
def test_without_a_question(text, expected):
    assert agrees(text) is expected


@given(st.text(max_size=200), st.sampled_from([None, *SAID]))
def test_any_text_is_read(text, doing):
    assert agrees(text, doing) in (True, False, None)


@given(
    st.sampled_from(["但係電話錯咗", "但改时间", "but change the date", "?", "改", "唔啱", "wrong"])
)
def test_a_yes_with_a_correction_is_no_yes(correction):
    for yes in ("係，", "好的，", "yes, "):
        assert agrees(yes + correction, "book") is not True

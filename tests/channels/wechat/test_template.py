"""A reminder as a form of the platform's: nothing leaves that would be refused."""

from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wechat.simulator.checks import template_fault
from channels.wechat.template import FACTS, DoesNotFit, Template
from core.errors import SettingsError

WRITTEN = "T_1-x;thing1=permit;time2=moment;thing3=centre;character_string4=reference"
MOMENT = datetime(2026, 11, 30, 1, 30, tzinfo=timezone.utc)
TOLD = {"permit": "香港身份證", "moment": MOMENT, "centre": "灣仔", "reference": "K4M-T7P-R2W"}


def test_the_form_is_filled_in():
    assert Template.parse(WRITTEN).body(TOLD) == {
        "template_id": "T_1-x",
        "data": {
            "thing1": {"value": "香港身份證"},
            "time2": {"value": "2026年11月30日 09:30"},
            "thing3": {"value": "灣仔"},
            "character_string4": {"value": "K4M-T7P-R2W"},
        },
    }


@pytest.mark.parametrize(
    "written",
    ["", ";", "T", "T;", "T;thing1", "T;thing1=", "T;=permit", "T;thing1=wage", "T;thing=permit",
     "T;thing1=permit;thing1=centre", "T;unheard1=permit", "T T;thing1=permit", "T;Thing1=permit",
     "a" * 65 + ";thing1=permit", "T;thing123=permit"],
)  # fmt: skip
def test_what_is_no_template_is_told_at_the_start(written):
    with pytest.raises(SettingsError, match="ONESTOP_WECHAT_REMINDER_TEMPLATE does not fit"):
        Template.parse(written)


def test_spaces_do_not_matter():
    assert Template.parse(" T ; thing1 = permit ;") == Template("T", (("thing1", "permit"),))


def filled(field, value):
    return Template("T", ((f"{field}1", "permit"),)).body({"permit": value})["data"][f"{field}1"][
        "value"
    ]


def test_a_thing_that_is_too_long_is_cut_and_says_so():
    assert filled("thing", "x" * 20) == "x" * 20
    assert filled("thing", "x" * 21) == "x" * 19 + "…"
    assert filled("thing", "two\nlines\t and space ") == "two lines and space"


@pytest.mark.parametrize(
    "field, fits, does_not",
    [
        ("thing", ["a", "香港"], ["", " "]),
        ("number", ["0", "12.5", "9" * 32], ["", "1.", ".5", "a", "9" * 33, "1.2.3"]),
        ("letter", ["ABc"], ["a1", "香", "a" * 33]),
        ("symbol", ["!?"], ["a", "!!!!!!"]),
        ("character_string", ["K4M-T7P", "a" * 32], ["香", "a" * 33, ""]),
        ("time", [MOMENT], ["soon", "", "9點"]),
        ("date", [MOMENT], ["30 Nov", ""]),
        ("amount", ["$460", "460.5", "¥10元"], ["HK$460", "a", "1" * 11]),
        ("phone_number", ["+852 2598 0888"], ["call", "1" * 18]),
        ("name", ["陳大文", "Chan Tai Man"], ["陳" * 11, "a" * 21, "R2D2"]),
        ("phrase", ["已預約"], ["已預約了嗎呀", "ok", ""]),
    ],
)
def test_the_rules_of_each_field(field, fits, does_not):
    for value in fits:
        assert filled(field, value)
    for value in does_not:
        with pytest.raises(DoesNotFit, match=f"^{field}1$"):
            filled(field, value)


def test_a_moment_stands_in_any_field_that_can_hold_it():
    assert filled("date", MOMENT) == filled("time", MOMENT) == "2026年11月30日 09:30"
    assert filled("character_string", MOMENT) == filled("thing", MOMENT) == "2026-11-30 09:30"
    with pytest.raises(DoesNotFit):
        filled("phrase", MOMENT)


def test_a_fact_that_is_missing_is_not_told_as_nothing():
    with pytest.raises(DoesNotFit, match="thing3"):
        Template.parse(WRITTEN).body({**TOLD, "centre": ""})
    with pytest.raises(DoesNotFit, match="time2"):
        Template.parse(WRITTEN).body({k: v for k, v in TOLD.items() if k != "moment"})


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries({name: st.text(max_size=40) for name in FACTS}),
    st.sampled_from(["thing", "number", "character_string", "time", "date", "phrase", "name"]),
    st.sampled_from(FACTS),
)
def test_what_fits_here_is_taken_there(facts, field, fact):
    name = f"{field}9"
    try:
        body = Template("T", ((name, fact),)).body({**facts, "moment": MOMENT})
    except DoesNotFit:
        return
    assert template_fault(body["data"], (name,)) == 0

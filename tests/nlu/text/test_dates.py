"""Dates and times: whole utterances in dates.yml, offsets, and what must hold for any text."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nlu.text.dates import Moment, When, find

NOW = datetime(2026, 6, 10, 10)
HAN = "零一二三四五六七八九"
GROUPS = YAML(typ="safe").load(Path(__file__).with_name("dates.yml"))
LINES = [
    (datetime.fromisoformat(str(group["now"])), str(text), str(expected))
    for group in GROUPS
    for text, expected in group["lines"].items()
]
TEXTS = [text for _, text, _ in LINES]
MONTHS = "January February March April May June July August September October November December"
anyday = st.dates(date(1920, 1, 1), date(2031, 12, 31))
fragments = st.lists(
    st.one_of(st.sampled_from(TEXTS), st.text(st.characters(), max_size=8)), max_size=4
).map("".join)


def shown(when: When) -> str:
    """An expression as dates.yml writes it."""
    readings = " | ".join(map(str, (when.value, *when.alternatives)))
    if when.kind != "moment":
        readings = when.kind
    elif set(when.doubts) == {"meridiem"}:
        readings = f"{when.value}?"
    said = ("not" if when.rejected else "", when.link, when.bound, readings)
    return " ".join(filter(None, said))


@pytest.mark.parametrize("now, text, expected", LINES, ids=TEXTS)
def test_an_utterance(now, text, expected):
    assert (" ; ".join(map(shown, find(text, now))) or "-") == expected


def test_places_are_those_of_the_text_as_it_was_sent():
    text = "我想\u200b約　下個\u200b禮拜三 下晝３點，唔該"
    (when,) = find(text, NOW)
    assert text[when.start : when.end] == "下個\u200b禮拜三 下晝３點"
    assert when.value == Moment(date(2026, 6, 17), time=time(15))


def test_am_or_pm_prefers_office_hours_and_keeps_the_other():
    (when,) = find("聽日三點", NOW)
    assert when.doubts == ("meridiem",) and not when.settled
    assert [m.time for m in (when.value, *when.alternatives)] == [time(15), time(3)]


def test_what_is_certain_is_settled():
    assert find("tomorrow 3pm", NOW)[0].settled
    for text in ("next week", "after 3pm", "3/4", "31 Feb", "asap"):
        assert not find(text, NOW)[0].settled


@pytest.mark.parametrize(
    "text, doubt",
    [("3/4", "order"), ("一月三號", "year"), ("5號", "month"), ("next Friday", "week"),
     ("30年3月5日", "century"), ("兩點十", "minute"), ("聽晚兩點", "night"),
     ("6月18號星期五", "weekday")],
)  # fmt: skip
def test_every_doubt_has_its_name_and_another_reading(text, doubt):
    (when,) = find(text, NOW)
    assert doubt in when.doubts
    assert when.alternatives


def test_a_time_zone_does_not_matter():
    aware = datetime.fromisoformat("2026-06-10T10:00+08:00")
    assert find("聽日下晝三點", aware) == find("聽日下晝三點", NOW)


@settings(max_examples=400, deadline=None)
@given(text=fragments)
def test_any_text_gives_expressions_in_order_within_it(text):
    end = 0
    for when in find(text, NOW):
        assert end <= when.start < when.end <= len(text)
        assert (when.value is None) == (when.kind != "moment")
        assert bool(when.doubts) or not when.alternatives
        end = when.end


@settings(max_examples=200, deadline=None)
@given(day=anyday)
def test_a_full_date_comes_back_in_every_language(day):
    month = MONTHS.split()[day.month - 1]
    year = "".join(HAN[int(digit)] for digit in str(day.year))
    for text in (
        f"{day}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}",
        f"我{year}年{day.month}月{day.day}號出世", f"{day.day} {month} {day.year}",
        f"born {month} {day.day}, {day.year}", f"{day:%Y%m%d}",
    ):  # fmt: skip
        assert [w.value for w in find(text, NOW)] == [Moment(day)], text
        assert not find(text, NOW)[0].doubts


@settings(max_examples=200, deadline=None)
@given(days=st.integers(1, 99), moment=st.times())
def test_days_and_minutes_are_counted(days, moment):
    assert find(f"{days}天后", NOW)[0].value == Moment(NOW.date() + timedelta(days))
    (when,) = find(f"明天{moment.hour}:{moment.minute:02}", NOW)
    readings = [m.time for m in (when.value, *when.alternatives)]
    assert moment.replace(second=0, microsecond=0) in readings
    assert len(readings) == 1 or moment.hour <= 12


_TO_SIMPLIFIED, _TO_TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2hk")
_WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x30, 0x3A)})


@pytest.mark.parametrize(
    "other",
    [_TO_SIMPLIFIED.convert, _TO_TRADITIONAL.convert, lambda t: t.translate(_WIDE), str.upper],
    ids=["simplified", "traditional", "full width", "capitals"],
)
def test_script_width_and_case_change_nothing(other):
    for now, text, _ in LINES:
        assert [shown(w) for w in find(other(text), now)] == [shown(w) for w in find(text, now)], (
            text
        )


_PARTS = st.sampled_from(
    "31號 30號 廿九號 2月29日 二月 六月 12月 13月 0号 下個月 下下 next last month week 31st Feb 星期三 Wed "
    "朝早 3pm 24:00 25點 半 月尾 初一 農曆 99年 2026年 31/2 或者 to 到 after 不是 not".split()
)


@settings(max_examples=400)
@given(st.lists(_PARTS, min_size=1, max_size=5), st.sampled_from(["", " ", "嘅"]))
def test_any_mixture_of_days_and_hours_is_read_or_left_alone(parts, between):
    find(between.join(parts), NOW)


@pytest.mark.parametrize("text", ["31號六月", "30號二月", "31st嘅二月午"])
def test_a_day_that_its_month_does_not_have(text):
    assert [when.kind for when in find(text, NOW)] == ["invalid"]

"""Days and times in words: right for every half hour, and what is said is understood again."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import VARIANTS
from knowledge.moments import day_words, moment_words, time_words
from nlu.text.dates import find

MONDAY = date(2026, 11, 30)
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]

EN = (
    "12 midnight|12:30 am|1:00 am|1:30 am|2:00 am|2:30 am|3:00 am|3:30 am|4:00 am|4:30 am|5:00 am|"
    "5:30 am|6:00 am|6:30 am|7:00 am|7:30 am|8:00 am|8:30 am|9:00 am|9:30 am|10:00 am|10:30 am|"
    "11:00 am|11:30 am|12 noon|12:30 pm|1:00 pm|1:30 pm|2:00 pm|2:30 pm|3:00 pm|3:30 pm|4:00 pm|"
    "4:30 pm|5:00 pm|5:30 pm|6:00 pm|6:30 pm|7:00 pm|7:30 pm|8:00 pm|8:30 pm|9:00 pm|9:30 pm|"
    "10:00 pm|10:30 pm|11:00 pm|11:30 pm"
).split("|")
ZH = (
    "凌晨0:00 凌晨0:30 凌晨1:00 凌晨1:30 凌晨2:00 凌晨2:30 凌晨3:00 凌晨3:30 凌晨4:00 凌晨4:30 "
    "凌晨5:00 凌晨5:30 上午6:00 上午6:30 上午7:00 上午7:30 上午8:00 上午8:30 上午9:00 上午9:30 "
    "上午10:00 上午10:30 上午11:00 上午11:30 中午12:00 中午12:30 下午1:00 下午1:30 下午2:00 "
    "下午2:30 下午3:00 下午3:30 下午4:00 下午4:30 下午5:00 下午5:30 晚上6:00 晚上6:30 晚上7:00 "
    "晚上7:30 晚上8:00 晚上8:30 晚上9:00 晚上9:30 晚上10:00 晚上10:30 晚上11:00 晚上11:30"
).split()
YUE = (
    "凌晨12點 凌晨12點半 凌晨1點 凌晨1點半 凌晨2點 凌晨2點半 凌晨3點 凌晨3點半 凌晨4點 凌晨4點半 "
    "凌晨5點 凌晨5點半 朝早6點 朝早6點半 朝早7點 朝早7點半 朝早8點 朝早8點半 朝早9點 朝早9點半 "
    "朝早10點 朝早10點半 朝早11點 朝早11點半 中午12點 中午12點半 下晝1點 下晝1點半 下晝2點 "
    "下晝2點半 下晝3點 下晝3點半 下晝4點 下晝4點半 下晝5點 下晝5點半 傍晚6點 傍晚6點半 夜晚7點 "
    "夜晚7點半 夜晚8點 夜晚8點半 夜晚9點 夜晚9點半 夜晚10點 夜晚10點半 夜晚11點 夜晚11點半"
).split()


@pytest.mark.parametrize(
    "variant, expected", [("en", EN), ("zh_hant", ZH), ("zh_hans", ZH), ("yue", YUE)]
)
def test_every_half_hour(variant, expected):
    assert [time_words(at, variant) for at in HALF_HOURS] == expected


@pytest.mark.parametrize(
    "at, en, zh, yue",
    [
        (time(9, 5), "9:05 am", "上午9:05", "朝早9點05分"),
        (time(12, 15), "12:15 pm", "中午12:15", "中午12點15分"),
        (time(0, 1), "12:01 am", "凌晨0:01", "凌晨12點01分"),
    ],
)
def test_other_minutes(at, en, zh, yue):
    assert [time_words(at, v) for v in ("en", "zh_hant", "zh_hans", "yue")] == [en, zh, zh, yue]


def test_a_day_has_its_weekday():
    assert day_words(MONDAY, "en") == "Mon 30 Nov 2026"
    for variant in ("yue", "zh_hant", "zh_hans"):
        assert day_words(MONDAY, variant) == "2026年11月30日（星期一）"
        week = [day_words(MONDAY + timedelta(n), variant)[-2] for n in range(7)]
        assert week == list("一二三四五六日")


def test_the_year_is_left_out_within_the_same_year():
    assert day_words(MONDAY, "en", today=date(2026, 1, 1)) == "Mon 30 Nov"
    assert day_words(MONDAY, "zh_hant", today=date(2026, 1, 1)) == "11月30日（星期一）"
    assert day_words(date(2027, 1, 2), "en", today=date(2026, 12, 31)) == "Sat 2 Jan 2027"


def test_a_moment_is_told_by_the_clocks_of_hong_kong():
    moment = datetime(2026, 11, 29, 17, 30, tzinfo=timezone.utc)  # 1:30 of the 30th there
    assert moment_words(moment, "en") == "Mon 30 Nov 2026, 1:30 am"
    assert moment_words(moment, "zh_hans") == "2026年11月30日（星期一）凌晨1:30"
    assert moment_words(moment, "yue", today=MONDAY) == "11月30日（星期一）凌晨1點半"


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        moment_words(datetime(2026, 11, 30, 9, 30), "en")


@given(
    st.dates(date(2026, 12, 1), date(2027, 11, 1)),
    st.sampled_from([at for at in HALF_HOURS if 6 <= at.hour <= 20]),
    st.sampled_from(VARIANTS),
)
def test_what_is_said_is_understood_again(day, at, variant):
    said = f"{day_words(day, variant)} {time_words(at, variant)}"
    (when,) = find(said, datetime(2026, 11, 30, 12, 0))
    assert (when.value.day, when.value.time, when.doubts) == (day, at, ())

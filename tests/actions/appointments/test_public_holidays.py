"""The holidays of the three sides, against the days that were announced for 2026."""

from datetime import date, timedelta

import pytest

from actions.appointments.public_holidays import is_adjusted_work_day, is_work_day, of_year
from core.script import to_simplified

SIDES = ("hong_kong", "macao", "mainland")

#: The general holidays of Hong Kong for 2026, Sundays apart.
HONG_KONG_2026 = [
    "0101", "0217", "0218", "0219", "0403", "0404", "0406", "0407", "0501", "0525", "0619", "0701",
    "0926", "1001", "1019", "1225", "1226",
]  # fmt: skip
#: Days off on weekdays and work on weekends in the Mainland in 2026 (State Council).
MAINLAND_2026 = [
    "0101", "0102", "0216", "0217", "0218", "0219", "0220", "0223", "0406", "0501", "0504", "0505",
    "0619", "0925", "1001", "1002", "1005", "1006", "1007",
]  # fmt: skip
ADJUSTED_2026 = ["0104", "0214", "0228", "0509", "0920", "1010"]


def days_of(year):
    return [date(year, 1, 1) + timedelta(days=i) for i in range(365)]


def test_the_general_holidays_of_hong_kong():
    found = [day for day in of_year("hong_kong", 2026) if day.weekday() != 6]
    assert [f"{day:%m%d}" for day in found] == HONG_KONG_2026


def test_the_weekdays_off_in_the_mainland():
    found = [day for day in of_year("mainland", 2026) if day.weekday() < 5]
    assert [f"{day:%m%d}" for day in found] == MAINLAND_2026


def test_the_adjusted_work_days_of_the_mainland():
    found = [day for day in days_of(2026) if is_adjusted_work_day("mainland", day)]
    assert [f"{day:%m%d}" for day in found] == ADJUSTED_2026
    assert all(is_work_day("mainland", day) for day in found)


def test_only_the_mainland_adjusts_its_work_days():
    assert not is_adjusted_work_day("hong_kong", date(2026, 10, 10))
    assert not is_work_day("macao", date(2026, 10, 10))


@pytest.mark.parametrize(
    "side, day, works",
    [
        ("hong_kong", date(2026, 11, 20), True), ("hong_kong", date(2026, 11, 21), False),
        ("hong_kong", date(2026, 2, 17), False), ("mainland", date(2026, 2, 17), False),
        ("mainland", date(2026, 2, 14), True), ("macao", date(2026, 12, 21), False),
        ("hong_kong", date(2026, 12, 21), True), ("mainland", date(2026, 12, 25), True),
    ],
)  # fmt: skip
def test_who_works_when(side, day, works):
    assert is_work_day(side, day) is works


@pytest.mark.parametrize(
    "side, day, en, hant, hans",
    [
        ("hong_kong", date(2026, 2, 17), "Lunar New Year's Day", "農曆年初一", "农历年初一"),
        ("hong_kong", date(2026, 4, 6), "The day following Ching Ming Festival", "清明節翌日",
         "清明节翌日"),
        ("macao", date(2026, 12, 20), "Macao S.A.R. Establishment Day", "澳門特別行政區成立紀念日",
         "澳门特别行政区成立纪念日"),
        ("mainland", date(2026, 4, 6), "Tomb-Sweeping Day", "清明節", "清明节"),
        ("mainland", date(2026, 1, 2), "New Year's Day", "元旦", "元旦"),
        ("mainland", date(2026, 2, 23), "Chinese New Year", "春節", "春节"),
        ("mainland", date(2026, 10, 7), "National Day", "國慶日", "国庆节"),
        ("mainland", date(2027, 2, 9), "Chinese New Year", "春節", "春节"),
    ],
)  # fmt: skip
def test_a_holiday_has_its_name_in_every_language(side, day, en, hant, hans):
    name = of_year(side, day.year)[day]
    assert (name.en, name.zh_hant, name.zh_hans, name.get("yue")) == (en, hant, hans, hant)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("year", [2025, 2026, 2027, 2030])
def test_names_are_words_without_remarks(side, year):
    assert len(of_year(side, year)) >= 10
    for name in of_year(side, year).values():
        for words in (name.en, name.zh_hant, name.zh_hans):
            assert words
            assert not set("()（）;0123456789") & set(words) or "Mid-Autumn" in words
        assert to_simplified(name.zh_hans) == name.zh_hans


def test_a_year_is_built_once():
    assert of_year("macao", 2026) is of_year("macao", 2026)

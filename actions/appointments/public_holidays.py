"""The public holidays of the three sides, and the weekend days that the Mainland works instead.

The days are those of the package ``holidays``. Hong Kong's are the general holidays and Macao's
those of its government, for these are the days on which offices close. The Mainland's adjusted work
days are known once the State Council has announced them and the package has them: towards the end
of the year before.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Mapping

import holidays

from knowledge.appointments import Side
from knowledge.text import Text

_SATURDAY = 5
#: The package's country, its categories (a later one names a day better than an earlier one), and
#: its languages for en, zh_hant and zh_hans.
_SOURCES: "Mapping[Side, tuple[str, tuple[str, ...], tuple[str, str, str]]]" = {
    "hong_kong": ("HK", ("public", "optional"), ("en_HK", "zh_HK", "zh_CN")),
    "macao": ("MO", ("public", "government"), ("en_MO", "zh_MO", "zh_CN")),
    "mainland": ("CN", ("public",), ("en_US", "zh_TW", "zh_CN")),
}
#: What the package adds in brackets, such as “(observed)”; with a date in it the day is given in
#: exchange for another one and has no name of its own.
_ADDED = re.compile(r"(?:\s*[(（][^()（）]*[)）])+$")
_EXCHANGED = re.compile(r"[(（][^()（）]*\d[^()（）]*[)）]$")


def load() -> None:
    """Loads the package's modules at the start, not in somebody's first turn: 0.2 s."""
    for country, _, _ in _SOURCES.values():
        holidays.country_holidays(country)


@lru_cache(maxsize=32)  # building a year takes milliseconds
def of_year(side: Side, year: int) -> Mapping[date, Text]:
    """The public holidays of a year with their names; Cantonese says what written Chinese says."""
    country, categories, languages = _SOURCES[side]
    names = [_names(country, year, language, categories) for language in languages]
    return {day: Text(*(one[day] for one in names)) for day in sorted(names[0])}


def _names(
    country: str, year: int, language: str, categories: "tuple[str, ...]"
) -> "dict[date, str]":
    found: dict[date, str] = {}
    for category in categories:
        days = holidays.country_holidays(
            country, years=year, language=language, categories=category
        )
        found.update({day: days.get_list(day)[0] for day in days})
    own = [day for day in found if not _EXCHANGED.search(found[day])]
    named = {day: min(own, key=lambda other: abs(other - day)) for day in found}
    return {day: _ADDED.sub("", found[named[day]]) for day in found}


@lru_cache(maxsize=32)
def _adjusted(year: int) -> "frozenset[date]":
    days = holidays.country_holidays("CN", years=(year, year + 1))
    return frozenset(day for day in days.weekend_workdays if day.year == year)


def is_adjusted_work_day(side: Side, day: date) -> bool:
    """Whether it is a Saturday or Sunday that is worked in exchange for another day."""
    return side == "mainland" and day in _adjusted(day.year)


def is_work_day(side: Side, day: date) -> bool:
    """Whether offices of a side work: Monday to Friday, no public holiday; adjusted work days."""
    if is_adjusted_work_day(side, day):
        return True
    return day.weekday() < _SATURDAY and day not in of_year(side, day.year)

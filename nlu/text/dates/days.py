"""The calendar: which days an expression may mean, the preferred one first.

Every function returns `Days`: readings as first and last day (None for a single day) and why there
are several. What does not exist raises ValueError.
"""

import calendar
from datetime import date, timedelta
from typing import Iterable, List, NamedTuple, Optional, Tuple

Span = Tuple[date, Optional[date]]
SOON = 5  # years ahead that a year of two digits may lie
LONG_AGO = 110  # and how far back: the oldest date of birth


class Days(NamedTuple):
    readings: Tuple[Span, ...]
    doubt: str = ""


def single(day: date) -> Days:
    return Days(((day, None),))


def of(days: Iterable[date], doubt: str) -> Days:
    """Readings without repetition; a doubt only if there are several."""
    unique = tuple(dict.fromkeys(days))
    return Days(tuple((day, None) for day in unique), doubt if len(unique) > 1 else "")


def ahead(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        raise ValueError(days) from None


def weekday(today: date, number: int, week: Optional[int]) -> Days:
    """Monday is 1. `week` counts from this one; without it the next such day is meant.

    In Hong Kong many let the week start on Sunday: both calendars are asked, and readings in the
    past dropped, unless they are all that there is.
    """
    if not 1 <= number <= 7:
        raise ValueError(number)
    coming = ahead(today, (number - today.isoweekday() - 1) % 7 + 1)
    if week is None:
        return of([coming, today] if number == today.isoweekday() else [coming], "week")
    monday = ahead(today, 1 - today.isoweekday() + 7 * week)
    sunday = ahead(today, -(today.isoweekday() % 7) + 7 * week)
    both = [ahead(monday, number - 1), ahead(sunday, number % 7)]
    if week < 0:
        return of(both, "week")
    return of([day for day in both if day >= today] or both[:1], "week")


def next_weekday(today: date, number: int, weeks: int = 1) -> Days:
    """English "next Friday": that of next week, or the one to come."""
    coming = weekday(today, number, None).readings[0][0]
    readings = [day for day, _ in weekday(today, number, weeks).readings]
    return of([*readings, ahead(coming, 7 * (weeks - 1))], "week")


def last_weekday(today: date, number: int) -> Days:
    """English "last Friday": that of last week, or the one just gone."""
    gone = ahead(today, -((today.isoweekday() - number - 1) % 7 + 1))
    return of([ahead(today, number - today.isoweekday() - 7), gone], "week")


def week(today: date, weeks: int) -> Days:
    monday = ahead(today, 1 - today.isoweekday() + 7 * weeks)
    starts = [monday] if today.isoweekday() < 7 or weeks <= 0 else [monday, ahead(monday, 7)]
    readings = tuple((start, ahead(start, 6)) for start in starts)
    return Days(readings, "week" if len(starts) > 1 else "")


def weekend(today: date, weeks: int, either_next: bool = False) -> Days:
    """`either_next`: English "next weekend" may be the one to come."""
    saturday = ahead(today, 6 - today.isoweekday() + 7 * weeks)
    coming = ahead(today, 6 - today.isoweekday())
    starts = [saturday, coming] if either_next and today.isoweekday() < 6 else [saturday]
    readings = tuple((start, ahead(start, 1)) for start in starts)
    return Days(readings, "week" if len(starts) > 1 else "")


def month_ahead(today: date, months: int) -> Tuple[int, int]:
    """Year and month, counted from this month."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year, month + 1


def months_later(today: date, months: int) -> Days:
    """The same day in another month, or its last day."""
    year, month = month_ahead(today, months)
    date(year, month, 1)  # a year that does not exist
    return single(date(year, month, min(today.day, calendar.monthrange(year, month)[1])))


SEGMENTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}


def month(today: date, year: Optional[int], number: int, segment: Optional[str] = None) -> Days:
    """A month or its early, mid or late third; without a year the next one that is not over."""
    if year is not None:
        return Days((_third(year, number, segment),))
    this, following = _third(today.year, number, segment), _third(today.year + 1, number, segment)
    assert this[1] is not None
    return Days((this,)) if this[1] >= today else Days((following, this), "year")


def _third(year: int, number: int, segment: Optional[str]) -> Span:
    first, last = SEGMENTS.get(segment or "", (1, 31))
    date(year, number, 1)
    return date(year, number, first), date(
        year, number, min(last, calendar.monthrange(year, number)[1])
    )


def this_month(today: date, segment: str) -> Days:
    """月尾, end of the month: of this month, or of the next when this one's is over."""
    this, following = (_third(*month_ahead(today, months), segment) for months in (0, 1))
    if this[1] and this[1] < today:
        return Days((following,))
    begun = this[0] <= today and segment != "late"
    return Days((this, following), "month") if begun else Days((this,))


YEAR_SEGMENTS = {"": (1, 12), "early": (1, 3), "mid": (6, 7), "late": (12, 12)}


def year(number: int, segment: str = "") -> Days:
    first, last = YEAR_SEGMENTS[segment]
    return Days(((date(number, first, 1), date(number, last, 31)),))


def full_year(today: date, said: int) -> List[int]:
    """The years that a number may mean; one of four digits is never changed."""
    if said >= 100:
        return [said]
    near = (2000 + said, 1900 + said)
    return [y for y in near if today.year - LONG_AGO <= y <= today.year + SOON] or [1900 + said]


def on(today: date, years: List[int], number: int, day: int) -> Days:
    """A day of a month; without years this year's, or the next if that is over."""
    if years:
        return of([date(year, number, day) for year in years], "century")
    try:
        this = date(today.year, number, day)
    except ValueError:
        following = date(today.year + 1, number, day)  # raises again unless it is 29 February
        return Days(((following, None),), "year")
    if this >= today:
        return single(this)
    try:
        return of([date(today.year + 1, number, day), this], "year")
    except ValueError:
        return Days(((this, None),), "year")


def day_of_month(today: date, day: int) -> Days:
    """5號: of this month, or of the next one that has such a day."""
    found = []
    for months in range(4):
        year, number = month_ahead(today, months)
        if 1 <= day <= calendar.monthrange(year, number)[1]:
            found.append(date(year, number, day))
    if not found:
        raise ValueError(day)
    if found[0] >= today:
        moved = (found[0].year, found[0].month) != (today.year, today.month)
        return Days(((found[0], None),), "month" if moved else "")
    return of([found[1], found[0]], "month")


def numeric(today: date, first: int, second: int, years: List[int]) -> Days:
    """3/4: day first as in Hong Kong, or month first."""
    found: List[Span] = []
    doubt = ""
    for number, day in ((second, first), (first, second)):
        try:
            days = on(today, years, number, day)
        except ValueError:
            continue
        doubt = doubt or days.doubt
        found += days.readings[:1] if first <= 12 and second <= 12 else days.readings
    if not found:
        raise ValueError(first, second)
    unique = tuple(dict.fromkeys(found))
    both = first <= 12 and second <= 12 and first != second
    return Days(unique, "order" if both else doubt)


def narrowed(days: Days, today: date, number: int) -> Optional[Days]:
    """Days that fall on a weekday: 6月18號星期四, next week Wednesday. None: too many do."""
    matching: List[date] = []
    for first, last in days.readings:
        length = (last - first).days if last else 0
        if length > 7:
            return None
        inside = (ahead(first, n) for n in range(length + 1))
        matching += [day for day in inside if day.isoweekday() == number]
    if matching:
        return of(matching, days.doubt or "week")
    if any(last for _, last in days.readings):
        return None
    others = weekday(today, number, None).readings
    return Days((*days.readings, *others), "weekday")


def inside(days: Days, number: int) -> Optional[Days]:
    """The day of a month that is named apart: next month, on the 3rd."""
    months = [(first, last) for first, last in days.readings if last and first.day == 1]
    if not months or any((last - first).days not in range(27, 31) for first, last in months):
        return None
    return of([first.replace(day=number) for first, _ in months], days.doubt)

"""When a centre is open: its hours on a day or why it is closed, its times, and its bookable days.

Pure: the files' content and a day in, hours out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Optional, Union

from actions.appointments import public_holidays
from core.clock import LOCAL
from knowledge.appointments import Centre, Opening, PermitRules
from knowledge.text import Text

_DAY = timedelta(days=1)
_MONDAY = 0


@dataclass(frozen=True)
class Open:
    """A centre's hours on a day, earliest first.

    ``adjusted`` says that it is a weekend day on which the Mainland works.
    """

    hours: tuple[Opening, ...]
    adjusted: bool = False


@dataclass(frozen=True)
class Closed:
    """A centre is closed: for a public holiday, or because it always is on that weekday."""

    holiday: Optional[Text] = None


def opening_day(centre: Centre, day: date) -> "Union[Open, Closed]":
    """The hours of a centre on a day, or why it is closed.

    An adjusted work day has the hours of a Monday.
    """
    adjusted = public_holidays.is_adjusted_work_day(centre.side, day)
    weekday = _MONDAY if adjusted else day.weekday()
    hours = sorted(
        (one for one in centre.openings if weekday in one.days), key=lambda one: one.start
    )
    if not hours:
        return Closed()
    holiday = public_holidays.of_year(centre.side, day.year).get(day)
    if holiday and not centre.open_on_holidays:
        return Closed(holiday)
    return Open(tuple(hours), adjusted)


def slots_of(centre: Centre, permit: str, day: date) -> "tuple[tuple[datetime, int], ...]":
    """When appointments for a permit begin on a day, in local time, with the number of seats.

    Nothing when the centre is closed or does not do the permit.
    """
    opening = opening_day(centre, day)
    if permit not in centre.permits or isinstance(opening, Closed):
        return ()
    return tuple(
        (datetime.combine(day, start, LOCAL), hours.capacity)
        for hours in opening.hours
        for start in hours.starts
    )


def bookable_range(rules: PermitRules, centre: Centre, today: date) -> "tuple[date, date]":
    """The first and the last day that can be booked.

    Lead time and window are counted in working days of the centre's side, from the day after
    ``today``. Whether the centre is open on these days is another question.
    """
    return (
        _work_days_after(centre, today, rules.lead_days),
        _work_days_after(centre, today, rules.window_days),
    )


def _work_days_after(centre: Centre, day: date, count: int) -> date:
    while count > 0:
        day += _DAY
        count -= public_holidays.is_work_day(centre.side, day)
    return day


def bookable_days(rules: PermitRules, centre: Centre, today: date) -> "tuple[date, ...]":
    """The days on which the centre is open within lead time and window, earliest first."""
    first, last = bookable_range(rules, centre, today)
    days = (first + _DAY * i for i in range((last - first).days + 1))
    return tuple(day for day in days if isinstance(opening_day(centre, day), Open))

"""Time is injected, so that rules about days and deadlines can be tested."""

from datetime import date, datetime, timedelta, timezone
from typing import Callable

#: The time of Hong Kong, Macao and Guangdong; it has no summer time.
LOCAL = timezone(timedelta(hours=8))

#: Returns the present moment, always with a time zone.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(timezone.utc)


def today(clock: Clock) -> date:
    """The day that it is for the people who are served, whatever the machine's time zone."""
    return clock().astimezone(LOCAL).date()

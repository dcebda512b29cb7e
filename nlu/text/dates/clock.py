"""Hours: what a number on the clock means with and without a part of the day."""

from datetime import time
from typing import List, NamedTuple, Optional, Tuple

from nlu.text.dates.values import Part

Reading = Tuple[time, int]  # and how many days later it is: 今晚12點 is tomorrow's first minute


class Clock(NamedTuple):
    """As said. `half` is am, pm or midnight; `minutes` are readings, 兩點十 has two."""

    hour: int
    minutes: Tuple[int, ...] = (0,)
    half: str = ""
    padded: bool = False  # 09:00 is of the 24-hour clock


def readings(clock: Clock, part: Optional[Part]) -> Tuple[List[Reading], str]:
    """All readings, the preferred one first, and the doubt; ValueError for 25:00."""
    hour, minute = clock.hour, clock.minutes[0]
    if clock.half == "midnight":
        return [(time(0), 1)] if part else [(time(0), 1), (time(0), 0)], "" if part else "night"
    if not 0 <= hour <= 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(clock)
    hours, doubt = _hours(clock, part)
    found = [(time(h % 24, minute), h // 24) for minute in clock.minutes for h in hours]
    return found, "minute" if len(clock.minutes) > 1 else doubt


def _hours(clock: Clock, part: Optional[Part]) -> Tuple[List[int], str]:
    hour = clock.hour
    if clock.half == "am" and hour > 12:
        raise ValueError(clock)
    if clock.half:
        return [hour if hour > 12 else hour % 12 + 12 * (clock.half == "pm")], ""
    if hour > 12:
        return [hour], ""
    if part:
        return _in_part(hour, part)
    if hour == 0:
        return [0], ""
    if hour == 12:
        return [12, 24], "meridiem"
    if clock.padded:
        return ([hour], "") if hour >= 7 else ([hour, hour + 12], "meridiem")
    # offices open at nine and close at five
    return ([hour + 12, hour] if hour <= 6 else [hour, hour + 12]), "meridiem"


def _in_part(hour: int, part: Part) -> Tuple[List[int], str]:
    if part == "dawn":
        return [hour % 12 if hour < 7 or hour == 12 else hour + 12], ""  # 半夜十一點
    if part == "noon":
        return [hour + 12 if 1 <= hour <= 3 else hour], ""
    if part == "afternoon":
        if 8 <= hour <= 11:
            return [hour + 12, hour], "meridiem"  # 晏晝十一點
        return [12 if hour == 12 else hour + 12], ""
    if part == "evening":
        if hour in (0, 12):
            return [24], ""
        return ([hour + 12], "") if hour >= 5 else ([hour + 24, hour], "night")
    return [hour], ""

"""Linked expressions share what only one of them says: 聽日三點或者四點, 2-4pm."""

from dataclasses import replace
from datetime import date, time
from typing import List

from nlu.text.dates import days as calendar
from nlu.text.dates.clock import Clock
from nlu.text.dates.joining import value_of
from nlu.text.dates.pieces import Piece
from nlu.text.dates.values import When


def lent(whens: List[When], pieces: List[Piece], today: date) -> List[When]:
    """Each expression with the day, part or month that the one it is linked to lends it."""
    result = list(whens)
    for place in range(1, len(whens)):
        left, right = pieces[place - 1], pieces[place]
        if left.kind != "moment" or right.kind != "moment":
            continue
        if right.day_number and right.days and left.days and not (left.weekday or left.day_number):
            right.days = _same_month(left.days, right, today, bool(whens[place].link))
        elif not whens[place].link:
            continue
        same_week = whens[place].link == "to" or not left.weekday
        if right.weekday and left.days and same_week and not left.days.readings[0][1]:
            right.days = _following(left.days, right.weekday)
        if not right.days and left.days and (right.clock or right.part):
            right.days = left.days
        elif not left.days and right.days and left.clock and right.clock:
            left.days = right.days
        if left.clock and right.clock:
            _one_half(left, right, whens[place].link)
        elif right.clock and not right.part and left.part and not right.clock.half:
            right.part = left.part
        for which in (place - 1, place):
            fresh = value_of(pieces[which])
            result[which] = replace(
                result[which],
                kind=fresh.kind,
                value=fresh.value,
                alternatives=fresh.alternatives,
                doubts=fresh.doubts,
            )
    return result


def _same_month(days: calendar.Days, piece: Piece, today: date, sure: bool) -> calendar.Days:
    """七月3號或者5號; with other words between, either that month or the one it has alone."""
    assert piece.days
    try:
        same = [day.replace(day=piece.day_number) for day, last in days.readings if not last]
    except ValueError:
        return piece.days
    if sure and same:
        return calendar.of(same, days.doubt)
    alone = [day for day, _ in piece.days.readings]
    return calendar.of([*(d for d in same if d >= today), *alone], piece.days.doubt or "month")


def _following(first: calendar.Days, weekday: int) -> calendar.Days:
    """Monday to Friday, 下周一或周二: the one after that Monday."""
    starts = [day for day, _ in first.readings]
    days = [calendar.ahead(day, (weekday - day.isoweekday()) % 7) for day in starts]
    return calendar.of(days, first.doubt)


def _one_half(left: Piece, right: Piece, link: str) -> None:
    """2-4pm starts at 14:00; 上午十點到兩點 ends at 14:00."""
    first, second = value_of(left), value_of(right)
    if second.doubts and not first.doubts and first.value and first.value.time:
        later = [
            m.time
            for m in (second.value, *second.alternatives)
            if m and m.time and m.time > first.value.time
        ]
        if later and (link == "to" or left.part):
            right.clock = _exactly(min(later))
    elif first.doubts and not second.doubts and second.value and second.value.time:
        sooner = [
            m.time
            for m in (first.value, *first.alternatives)
            if m and m.time and m.time < second.value.time
        ]
        if sooner and "meridiem" in first.doubts:
            left.clock = _exactly(max(sooner))


def _exactly(hour: time) -> Clock:
    return Clock(hour.hour, (hour.minute,), "am" if hour.hour < 12 else "pm")

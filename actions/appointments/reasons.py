"""Why there is no seat on a day, or at a time: closed, full, past, too soon, too late.

Pure: the hours of the files and a day in, a sentence out.
"""

from dataclasses import asdict
from datetime import date, time
from typing import Optional

from actions.appointments import opening
from actions.appointments.draft import Draft
from actions.appointments.say import Say
from knowledge.appointments import Centre


def say_why_not_on(
    day: date, centre: Centre, window: "tuple[date, date]", today: date, say: Say
) -> bool:
    """Says why there is no seat on a day. Returns whether it is full, not closed or too far.

    Args:
        window: the first and the last day that can be booked.
    """
    (first, last), hours = window, opening.opening_day(centre, day)
    shown, where = {"day": day.isoformat()}, {"centre": centre.id}
    if day < today:
        say.line("fault_date_past", day=shown)
    elif isinstance(hours, opening.Closed) and hours.holiday:
        holiday = {"texts": asdict(hours.holiday)}
        say.line("fault_date_holiday", day=shown, holiday=holiday, centre=where)
    elif isinstance(hours, opening.Closed):
        say.line("fault_date_closed", day=shown, centre=where)
    elif day < first:
        say.line("fault_date_too_soon", day={"day": first.isoformat()})
    elif day > last:
        say.line("fault_date_too_late", day={"day": last.isoformat()})
    else:
        say.line("fault_date_full", day=shown)
        return True
    return False


def say_why_not_at(at: time, permit: str, centre: Centre, day: date, say: Say) -> None:
    """Says why there is no seat at a time of a day on which there are some."""
    hours = [starts_at.time() for starts_at, _ in opening.slots_of(centre, permit, day)]
    wished, shown = {"time": f"{at:%H:%M}"}, {"day": day.isoformat()}
    if at in hours:
        say.line("fault_time_full", time=wished, day=shown)
    elif hours:
        say.line(
            "fault_time_closed",
            time=wished,
            day=shown,
            **{"from": {"time": f"{hours[0]:%H:%M}"}, "to": {"time": f"{hours[-1]:%H:%M}"}},
        )


def say_why_gone(draft: Draft, centre: Optional[Centre], is_past: bool, say: Say) -> None:
    """Says why the seat that was chosen cannot be had any more: taken, or no longer open.

    Args:
        centre: None when there is none any more.
    """
    day, at = date.fromisoformat(draft.values["date"]), time.fromisoformat(draft.values["time"])
    hours = opening.slots_of(centre, draft.values["permit"], day) if centre else ()
    if is_past or at in {starts_at.time() for starts_at, _ in hours}:
        say.line("fault_seat_taken")
        return
    moment = {"moment": f"{draft.values['date']}T{draft.values['time']}:00+08:00"}
    say.line("fault_seat_closed", centre={"centre": draft.values["centre"]}, moment=moment)

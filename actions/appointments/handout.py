"""What a person takes along: the appointment for their calendar, and its QR code for the counter.

Neither holds personal data: both carry the reference, which is worth nothing without the document
or the phone number.
"""

import io
from datetime import date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

import segno
from icalendar import Alarm, Calendar, Event, Timezone

from actions.appointments.model import Appointment

_ZONE = ZoneInfo("Asia/Hong_Kong")
_ALARMS = (timedelta(days=1), timedelta(hours=2))
#: Pixels of a module, and modules of quiet zone around the code (ISO/IEC 18004 asks for 4).
_SCALE, _QUIET = 8, 4


def calendar_file(
    appointment: Appointment, title: str, place: str, notes: str, now: datetime
) -> bytes:
    """An iCalendar file (RFC 5545) with one event, two alarms before it, and no end: nobody knows
    how long it takes.

    A later file of the same appointment replaces the event in most calendars; that of a cancelled
    one takes it off.

    Args:
        title: what the calendar shows.
        place: the centre's name and address.
        notes: what to bring, and whatever else should be at hand.
        now: when the file is made, with a time zone.
    """
    cancelled = appointment.status == "cancelled"
    event = Event()
    event.add("uid", f"{appointment.reference}@onestop-assistant")
    event.add("sequence", appointment.changes + cancelled)
    event.add("dtstamp", now.astimezone(timezone.utc))
    event.add("dtstart", appointment.starts_at.astimezone(_ZONE))
    event.add("summary", title)
    event.add("location", place)
    event.add("description", notes)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    for before in () if cancelled else _ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//OneStop Assistant//Appointments//EN")
    calendar.add_component(_time_zone())
    calendar.add_component(event)
    return calendar.to_ical()


@cache
def _time_zone() -> Timezone:
    """What the zone's name means: made once, for it takes 20 ms. Summer times ended in 1979."""
    return Timezone.from_tzid(_ZONE.key, first_date=date(2000, 1, 1))


def qr_code(reference: str, title: str) -> bytes:
    """A QR code of the reference as an SVG picture, dark on light.

    Args:
        title: what a screen reader says.
    """
    picture = io.BytesIO()
    code = segno.make_qr(reference, error="m")
    code.save(picture, "svg", scale=_SCALE, border=_QUIET, dark="#000", light="#fff", title=title)
    return picture.getvalue()

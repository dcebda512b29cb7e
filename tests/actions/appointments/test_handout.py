"""What a person takes along reads as intended, and tells nothing about them."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import date, datetime, timedelta, timezone

import pytest
from icalendar import Calendar

from actions.appointments.handout import calendar_file, qr_code
from actions.appointments.model import Applicant, Appointment, Booking

NOW = datetime(2026, 11, 22, 9, 30, 15, tzinfo=timezone(timedelta(hours=8)))
#: 9:30 in Hong Kong, as a database keeps it.
STARTS_AT = datetime(2026, 11, 30, 1, 30, tzinfo=timezone.utc)
APPLICANT = Applicant(
    "陳大文", "A1234563", "91234567", date(2011, 3, 5), "陳小明的母親", "B7654321"
)
TITLE = "DEMO 示範 回鄉證：預約 K4M-T7P-R2W; a, b"
PLACE, NOTES = "上環 (DEMO), 1號\\地下", "帶：\n身份證正本\n相片"


def appointment(status="booked", changes=0):
    booking = Booking("renewal", "hong_kong", APPLICANT, "person-7")
    return Appointment(
        "K4M-T7P-R2W", "centre:x", "permit:y", STARTS_AT, status, booking, changes, True
    )


def event_of(made, title=TITLE, place=PLACE, notes=NOTES):
    calendar = Calendar.from_ical(calendar_file(made, title, place, notes, NOW))
    (event,) = calendar.walk("VEVENT")
    return event


def test_the_file_says_when_where_and_what():
    event = event_of(appointment())
    starts = event["DTSTART"]
    assert starts.dt == STARTS_AT
    assert starts.dt.hour == 9  # the wall clock of the place, not UTC
    assert starts.params["TZID"] == "Asia/Hong_Kong"
    assert str(event["SUMMARY"]) == TITLE
    assert str(event["LOCATION"]) == PLACE
    assert str(event["DESCRIPTION"]) == NOTES
    assert event["DTSTAMP"].dt == NOW
    assert event["STATUS"] == "CONFIRMED"
    assert "DTEND" not in event


def test_it_rings_a_day_and_two_hours_before():
    alarms = event_of(appointment()).walk("VALARM")
    assert [alarm["TRIGGER"].dt for alarm in alarms] == [timedelta(days=-1), timedelta(hours=-2)]
    assert {str(alarm["ACTION"]) for alarm in alarms} == {"DISPLAY"}
    assert {str(alarm["DESCRIPTION"]) for alarm in alarms} == {TITLE}


def test_a_later_file_replaces_the_event_and_a_cancelled_one_ends_it():
    booked, moved = event_of(appointment()), event_of(appointment(changes=1))
    cancelled = event_of(appointment("cancelled", changes=1))
    assert booked["UID"] == moved["UID"] == cancelled["UID"]
    assert [e["SEQUENCE"] for e in (booked, moved, cancelled)] == [0, 1, 2]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled.walk("VALARM") == []


def test_the_zone_is_explained_and_nobody_is_invited():
    calendar = Calendar.from_ical(calendar_file(appointment(), TITLE, PLACE, NOTES, NOW))
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Hong_Kong"
    offset = zone.to_tz().utcoffset(datetime(2031, 7, 1))
    assert offset == timedelta(hours=8)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert "METHOD" not in calendar


def test_lines_are_as_long_as_the_standard_allows():
    made = calendar_file(appointment(), TITLE * 5, PLACE, NOTES, NOW)
    assert made.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    assert b"\n" not in made.replace(b"\r\n", b"")


def test_words_cannot_become_lines_of_their_own():
    event = event_of(appointment(), title="a\r\nATTACH:x", notes="b\nBEGIN:VALARM")
    assert "ATTACH" not in event
    assert len(event.walk("VALARM")) == 2


@pytest.mark.parametrize("status", ["booked", "cancelled"])
def test_the_file_holds_nothing_about_the_person(status):
    made = calendar_file(appointment(status), TITLE, PLACE, NOTES, NOW)
    unfolded = made.replace(b"\r\n ", b"").decode()
    for word in ("陳", "A1234563", "91234567", "B7654321", "2011", "person-7"):
        assert word not in unfolded


SVG = "{http://www.w3.org/2000/svg}"


def picture(title="QR code of appointment K4M-T7P-R2W"):
    return ElementTree.fromstring(qr_code("K4M-T7P-R2W", title))


def test_the_picture_has_a_title_and_is_dark_on_light():
    root = picture("預約 <K4M> & “R2W”")
    assert root.find(f"{SVG}title").text == "預約 <K4M> & “R2W”"
    light, dark = root.iter(f"{SVG}path")
    assert (light.get("fill"), dark.get("stroke")) == ("#fff", "#000")


def test_the_picture_has_its_quiet_zone_and_is_large_enough_to_be_read():
    modules = dark_modules(picture())
    assert min(map(min, modules)) == 4
    assert max(map(max, modules)) == 4 + 20
    assert picture().get("width") == picture().get("height") == str((21 + 2 * 4) * 8)


def test_the_code_says_the_reference_and_nothing_else():
    modules = {(row - 4, column - 4) for row, column in dark_modules(picture())}
    assert decode(modules) == "K4M-T7P-R2W"


def dark_modules(root):
    """(row, column) of what the path's horizontal strokes darken."""
    _, dark = root.iter(f"{SVG}path")
    modules, x, y = set(), 0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", dark.get("d")):
        if command == "h":
            modules |= {(int(y), x + n) for n in range(int(first))}
            x += int(first)
        else:
            x = int(first) + (x if command == "m" else 0)
            y = float(second) + (y if command == "m" else 0)
    return modules


MASKS = [
    lambda i, j: (i + j) % 2 == 0, lambda i, j: i % 2 == 0, lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0, lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0, lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
]  # fmt: skip
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def decode(dark):
    """Reads an undamaged version 1 code of alphanumeric signs, after ISO/IEC 18004."""
    mask = MASKS[sum(((8, 2 + n) in dark) << (2 - n) for n in range(3)) ^ 0b101]
    bits = ""
    for turn, right in enumerate([20, 18, 16, 14, 12, 10, 8, 5, 3, 1]):
        for row in range(21) if turn % 2 else range(20, -1, -1):
            for column in (right, right - 1):
                corner = (row < 9 and (column < 9 or column > 12)) or (row > 12 and column < 9)
                if not corner and 6 not in (row, column):
                    bits += str(int(((row, column) in dark) ^ mask(row, column)))
    assert bits[:4] == "0010"
    count, bits, text = int(bits[4:13], 2), bits[13:], ""
    while len(text) < count - 1:
        pair, bits = int(bits[:11], 2), bits[11:]
        text += SIGNS[pair // 45] + SIGNS[pair % 45]
    return text + SIGNS[int(bits[:6], 2)] if len(text) < count else text

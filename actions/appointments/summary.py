"""What a draft or an appointment looks like to its person: everything checkable, masked."""

from datetime import date

from actions.appointments.draft import PERSONAL, Draft
from actions.appointments.model import Appointment
from actions.appointments.say import Say, Value, phrase
from core.privacy import hide

_SHOWN_AT_END = 3


def masked_number(number: str) -> str:
    """The first and the last three signs of a number: ``A***456(3)`` can be checked, not used."""
    plain = number.replace(" ", "")
    hidden = max(len(plain) - 1 - _SHOWN_AT_END, 0)
    return plain[:1] + "*" * hidden + plain[1 + hidden :]


def masked_birth(born: str) -> str:
    """The year of birth alone."""
    return f"{date.fromisoformat(born).year}-**-**"


def shown(slot: str, value: str) -> Value:
    """An answer as it may be said: worded, and masked when it is personal."""
    if slot == "application_type":
        return phrase(f"type_{value}")
    if slot == "birth_date":
        return masked_birth(value)
    if slot in ("name", "guardian_name"):
        return hide(value)
    if slot in PERSONAL:
        return masked_number(value)
    return {_WORDED[slot]: value}


_WORDED = {
    "permit": "permit",
    "applicant_side": "side",
    "centre": "centre",
    "date": "day",
    "time": "time",
}


def note(draft: Draft, slot: str, say: Say, said: str = "noted") -> None:
    """Says an answer that was taken without being asked for."""
    say.line(said, label=phrase(f"label_{slot}"), value=shown(slot, draft.values[slot]))


def summarise(draft: Draft, say: Say) -> None:
    """Lists the answers of a draft, so that each can be checked."""
    for slot in ("permit", "application_type", "applicant_side", "birth_date", "centre"):
        if slot in draft.values:
            say.detail(slot, shown(slot, draft.values[slot]))
    say.detail("moment", {"moment": f"{draft.values['date']}T{draft.values['time']}:00+08:00"})
    for slot in _LAST:
        if slot in draft.values:
            say.detail(slot, shown(slot, draft.values[slot]))


_LAST = ("name", "document_number", "phone", "guardian_name", "guardian_document_number")


def describe(appointment: Appointment, say: Say) -> None:
    """Lists what an appointment is, with its reference."""
    say.detail("reference", appointment.reference)
    booking, applicant = appointment.booking, appointment.booking.applicant
    for slot, value in (
        ("permit", appointment.permit),
        ("application_type", booking.application_type),
        ("centre", appointment.centre),
    ):
        say.detail(slot, shown(slot, value))
    say.detail("moment", {"moment": appointment.starts_at.isoformat()})
    say.detail("name", shown("name", applicant.name))
    say.detail("document_number", shown("document_number", applicant.document_number))
    say.detail("status", phrase(f"status_{appointment.status}"))

"""What a draft or an appointment looks like to its person: everything checkable, masked."""

from datetime import date
from typing import Optional

from actions.appointments.draft import Draft
from actions.appointments.model import Appointment
from actions.appointments.say import Say, phrase
from core.privacy import hide

_SHOWN_AT_END = 3
_TYPES = "type_"


def masked_number(number: str) -> str:
    """The first and the last three signs of a number: ``A***456(3)`` can be checked, not used."""
    plain = number.replace(" ", "")
    hidden = max(len(plain) - 1 - _SHOWN_AT_END, 0)
    return plain[:1] + "*" * hidden + plain[1 + hidden :]


def masked_birth(born: str) -> str:
    """The year of birth alone."""
    return f"{date.fromisoformat(born).year}-**-**"


def summarise(draft: Draft, say: Say) -> None:
    """Lists the answers of a draft, so that each can be checked."""
    values = draft.values
    _general(
        say,
        values["permit"],
        values["application_type"],
        values["centre"],
        f"{values['date']}T{values['time']}:00+08:00",
    )
    say.detail("applicant_side", {"side": values["applicant_side"]})
    if "birth_date" in values:
        say.detail("birth_date", masked_birth(values["birth_date"]))
    say.detail("name", hide(values["name"]))
    say.detail("document_number", masked_number(values["document_number"]))
    say.detail("phone", masked_number(values["phone"]))
    if "guardian_name" in values:
        say.detail("guardian_name", hide(values["guardian_name"]))
        number = masked_number(values["guardian_document_number"])
        say.detail("guardian_document_number", number)


def describe(appointment: Appointment, say: Say, number: Optional[int] = None) -> None:
    """Lists what an appointment is, with its reference."""
    say.detail("reference", appointment.reference)
    _general(
        say,
        appointment.permit,
        appointment.booking.application_type,
        appointment.centre,
        appointment.starts_at.isoformat(),
    )
    applicant = appointment.booking.applicant
    say.detail("name", hide(applicant.name))
    say.detail("document_number", masked_number(applicant.document_number))
    say.detail("status", phrase(f"status_{appointment.status}"))


def _general(say: Say, permit: str, kind: str, centre: str, moment: str) -> None:
    say.detail("permit", {"permit": permit})
    say.detail("application_type", phrase(f"{_TYPES}{kind}"))
    say.detail("centre", {"centre": centre})
    say.detail("moment", {"moment": moment})

"""What goes between us and a department's system, as docs/appointments/openapi.yml says.

An answer comes from outside: it is checked here, type by type and without lenience, before
anything of it is used. So is what a person claims, before it is sent.
"""

import re
from datetime import date, datetime
from typing import Any, Callable, List, Literal, Optional, Type, TypeVar

from pydantic import BaseModel, ConstrainedInt, ConstrainedStr, Field, validator

from actions.appointments import model
from core.clock import LOCAL

M = TypeVar("M", bound="Message")


def _written_as(pattern: str, what: str) -> Callable[[Any], Any]:
    """Refuses what pydantic would make a time of although it is none, such as a number."""

    def check(value: Any) -> Any:
        if value is not None and not (isinstance(value, str) and re.fullmatch(pattern, value)):
            raise ValueError(f"must be {what}")
        return value

    return check


_time = _written_as(
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", "an RFC 3339 time with offset"
)
_day = _written_as(r"(19|20)\d\d-\d\d-\d\d", "a day")


class _CatalogueId(ConstrainedStr):
    strict, regex = True, re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")


class _Opaque(ConstrainedStr):
    strict, regex = True, re.compile(r"[!-~]{1,128}\Z")


class _Reference(ConstrainedStr):
    strict, regex = True, re.compile(r"[A-Za-z0-9-]{4,32}\Z")


class _Text(ConstrainedStr):
    strict, regex = True, re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}\Z")


class _Code(ConstrainedStr):
    strict, regex = True, re.compile(r"[a-z_]{1,40}\Z")


class _Digest(ConstrainedStr):
    strict, regex = True, re.compile(r"[0-9a-f]{64}\Z")


class _Count(ConstrainedInt):
    strict, ge, le = True, 0, 100_000


class Message(BaseModel):
    """An object of the API."""

    @classmethod
    def validate(cls: Type[M], value: Any) -> M:
        """The object that ``value`` is.

        Raises:
            ValueError: it does not fit. A list of pairs does not; the library would take it.
        """
        if not isinstance(value, dict):
            raise ValueError("must be an object")
        return cls(**value)


class Nothing(Message):
    """The answer to a call that has nothing to tell."""


class Error(Message):
    """Why a call was refused. Its message is for engineers and is not even read."""

    code: _Code


class Slot(Message):
    id: _Opaque
    centre: _CatalogueId
    permit: _CatalogueId
    starts_at: datetime
    free: _Count

    _strict_time = validator("starts_at", pre=True, allow_reuse=True)(_time)

    def to_model(self) -> model.Slot:
        starts_at = self.starts_at.astimezone(LOCAL)
        return model.Slot(self.id, self.centre, self.permit, starts_at, self.free)


class Slots(Message):
    slots: List[Slot] = Field(max_items=2000)


class _Proof(Message):
    document_number: Optional[_Text] = None
    phone: Optional[_Text] = None


def _shows_something(proof: _Proof) -> _Proof:
    if proof == _Proof():
        raise ValueError("must have one of the two")
    return proof


class Claim(Message):
    """A reference, and what shows that it is one's own."""

    reference: _Reference
    proof: _Proof

    _shows_something = validator("proof", allow_reuse=True)(_shows_something)


class FromHere(Message):
    """A chat, and what shows that an appointment booked from it is one's own."""

    chat: _Digest
    proof: _Proof

    _shows_something = validator("proof", allow_reuse=True)(_shows_something)


class _Applicant(Message):
    name: _Text
    document_number: _Text
    phone: _Text
    birth_date: Optional[date] = None
    guardian_name: Optional[_Text] = None
    guardian_document_number: Optional[_Text] = None

    _strict_day = validator("birth_date", pre=True, allow_reuse=True)(_day)


class _Booking(Message):
    application_type: model.ApplicationType
    applicant_side: model.Side
    applicant: _Applicant
    person: Optional[_Opaque] = None
    chat: Optional[_Digest] = None


class Appointment(Message):
    reference: _Reference
    centre: _CatalogueId
    permit: _CatalogueId
    starts_at: datetime
    status: Literal["booked", "cancelled"]
    booking: _Booking
    changes: _Count

    _strict_time = validator("starts_at", pre=True, allow_reuse=True)(_time)

    def to_model(self, demo: bool) -> model.Appointment:
        applicant = model.Applicant(**self.booking.applicant.dict())
        booking = model.Booking(
            self.booking.application_type,
            self.booking.applicant_side,
            applicant,
            self.booking.person,
        )
        return model.Appointment(
            self.reference,
            self.centre,
            self.permit,
            self.starts_at.astimezone(LOCAL),
            self.status,
            booking,
            self.changes,
            demo,
        )


class Appointments(Message):
    appointments: List[Appointment] = Field(max_items=100)

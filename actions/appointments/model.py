"""The vocabulary of appointments. Times carry a time zone; days are those of Hong Kong."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Optional

ApplicationType = Literal["first", "renewal", "lost", "damaged", "change_of_particulars"]
Side = Literal["hong_kong", "macao", "mainland"]

#: Minutes for which a seat is kept while the form is open, and for which one is offered to the
#: next person of the waiting list.
HOLD_MINUTES, OFFER_MINUTES = 10, 15
#: How often an appointment may be changed.
MAX_CHANGES = 2


@dataclass(frozen=True)
class Slot:
    """A time at a centre for one permit, with the number of seats that are free.

    ``id`` is whatever the appointment book calls it; nothing else may be read from it.
    """

    id: str
    centre: str
    permit: str
    starts_at: datetime
    free: int


@dataclass(frozen=True)
class Query:
    """Which slots to look for: first to last day, both included, at any of the centres."""

    permit: str
    centres: tuple[str, ...]
    first: date
    last: date
    limit: int = 64


@dataclass(frozen=True)
class Applicant:
    """Who applies. Personal data: encrypted at rest, shown masked, never written to a log.

    The guardian's fields are those of the adult who comes along with a minor.
    """

    name: str
    document_number: str
    phone: str
    birth_date: Optional[date] = None
    guardian_name: Optional[str] = None
    guardian_document_number: Optional[str] = None


@dataclass(frozen=True)
class Booking:
    """What an applicant asks for, besides the seat itself."""

    application_type: ApplicationType
    applicant_side: Side
    applicant: Applicant
    #: Opaque id of the signed-in person, when there is one.
    person: Optional[str] = None
    #: The pseudonym of who booked, as the channel gives it; ``delete_my_data`` goes by it.
    sender: Optional[str] = None


@dataclass(frozen=True)
class Appointment:
    """An appointment as its book knows it.

    ``demo`` says that no department knows of it.
    """

    reference: str
    centre: str
    permit: str
    starts_at: datetime
    status: Literal["booked", "cancelled"]
    booking: Booking
    changes: int
    demo: bool


@dataclass(frozen=True)
class Proof:
    """What shows that an appointment is one's own, besides its reference: one of the two."""

    document_number: Optional[str] = None
    phone: Optional[str] = None

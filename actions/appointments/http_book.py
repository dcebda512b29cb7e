"""A department's own appointment system behind the port, as docs/appointments/openapi.yml says.

An appointment exists when that system says so, in an answer that fits the question; whatever else
comes back is ``BookUnavailable``.
"""

import hashlib
import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any, Dict, Optional, Sequence, Type
from urllib.parse import urlsplit

from pydantic import ValidationError

from actions.appointments import http_messages as messages
from actions.appointments.book import (
    AlreadyBooked,
    BookError,
    BookUnavailable,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.breaker import Breaker
from actions.appointments.http_client import DepartmentClient, Limits
from actions.appointments.model import Appointment, Booking, Proof, Query, Slot
from core.clock import LOCAL

logger = logging.getLogger(__name__)


class HttpBook:
    """The calendar that a department keeps, over HTTP.

    Args:
        url: where the system's API begins.
        token: the bearer token that the department gave us.
        breaker: leaves the system alone when it keeps failing.
    """

    def __init__(
        self,
        url: str,
        token: str,
        limits: Optional[Limits] = None,
        breaker: Optional[Breaker] = None,
    ) -> None:
        self._client = DepartmentClient(url, token, limits or Limits(), breaker or Breaker())
        #: Without TLS nobody knows who answers, so that it cannot be called a department.
        self._demo = urlsplit(url).scheme != "https"

    @property
    def demo(self) -> bool:
        return self._demo

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def free(self, query: Query) -> Sequence[Slot]:
        body = {
            "permit": query.permit,
            "centres": list(query.centres),
            "first": query.first.isoformat(),
            "last": query.last.isoformat(),
            "limit": query.limit,
        }
        found = await self._client.call("POST", "/slots/search", messages.Slots, body)
        slots = [slot for answer in found.slots if _is_asked_for(slot := answer.to_model(), query)]
        return sorted(slots, key=lambda slot: slot.starts_at)[: query.limit]

    async def hold(self, slot: str, key: str, until: datetime) -> Slot:
        body = {"slot": slot, "until": until.isoformat(timespec="seconds")}
        held = await self._client.call(
            "PUT", "/hold", messages.Slot, body, _digest(key), refusals=(SeatTaken,)
        )
        _expect(held.id == slot)
        return held.to_model()

    async def release(self, key: str) -> None:
        await self._client.call("DELETE", "/hold", messages.Nothing, key=_digest(key))

    async def confirm(self, key: str, booking: Booking) -> Appointment:
        made = await self._client.call(
            "POST",
            "/appointments",
            messages.Appointment,
            _body(booking),
            _digest(key),
            refusals=(SeatTaken, AlreadyBooked),
        )
        _expect(made.status == "booked")
        return made.to_model(self._demo)

    async def find(self, reference: str, proof: Proof) -> Optional[Appointment]:
        try:
            return await self._claim("find", reference, proof)
        except UnknownAppointment:
            return None

    async def of_person(self, person: str) -> Sequence[Appointment]:
        found = await self._client.call(
            "POST", "/appointments/of-person", messages.Appointments, {"person": person}
        )
        _expect(all(a.booking.person == person for a in found.appointments))
        return self._active(found)

    async def of_sender(self, sender: str, proof: Proof) -> Sequence[Appointment]:
        chat = _digest(sender)
        try:
            ours = messages.FromHere.validate({"chat": chat, "proof": asdict(proof)})
        except ValidationError:
            return ()
        found = await self._client.call(
            "POST",
            "/appointments/of-chat",
            messages.Appointments,
            ours.dict(exclude_none=True),
        )
        _expect(all(a.booking.chat == chat for a in found.appointments))
        return self._active(found)

    async def reschedule(self, reference: str, proof: Proof, key: str) -> Appointment:
        moved = await self._claim(
            "reschedule", reference, proof, _digest(key), (SeatTaken, TooManyChanges)
        )
        _expect(moved.status == "booked")
        return moved

    async def cancel(self, reference: str, proof: Proof) -> Appointment:
        cancelled = await self._claim("cancel", reference, proof)
        _expect(cancelled.status == "cancelled")
        return cancelled

    def _active(self, found: messages.Appointments) -> Sequence[Appointment]:
        active = [a.to_model(self._demo) for a in found.appointments if a.status == "booked"]
        return sorted(active, key=lambda appointment: appointment.starts_at)

    async def _claim(
        self,
        action: str,
        reference: str,
        proof: Proof,
        key: Optional[str] = None,
        refusals: Sequence[Type[BookError]] = (),
    ) -> Appointment:
        """Does something with an appointment that is shown to be one's own."""
        try:
            claim = messages.Claim.validate({"reference": reference, "proof": asdict(proof)})
        except ValidationError:
            raise UnknownAppointment("What is claimed cannot be anybody's.") from None
        found = await self._client.call(
            "POST",
            f"/appointments/{action}",
            messages.Appointment,
            claim.dict(exclude_none=True),
            key,
            refusals=(UnknownAppointment, *refusals),
        )
        _expect(found.reference.casefold() == reference.casefold())
        return found.to_model(self._demo)


def _digest(key: str) -> str:
    """A key or a chat as the department sees it: ours may name the conversation."""
    return hashlib.sha256(key.encode()).hexdigest()


def _body(booking: Booking) -> Dict[str, Any]:
    """A booking as it is sent: what is not known is left out."""
    applicant = {k: v for k, v in asdict(booking.applicant).items() if v is not None}
    if booking.applicant.birth_date:
        applicant["birth_date"] = booking.applicant.birth_date.isoformat()
    body: Dict[str, Any] = {
        "application_type": booking.application_type,
        "applicant_side": booking.applicant_side,
        "applicant": applicant,
    }
    if booking.person is not None:
        body["person"] = booking.person
    if booking.sender is not None:
        body["chat"] = _digest(booking.sender)
    return body


def _is_asked_for(slot: Slot, query: Query) -> bool:
    day = slot.starts_at.astimezone(LOCAL).date()
    return (
        slot.permit == query.permit
        and slot.centre in query.centres
        and query.first <= day <= query.last
        and slot.free > 0
    )


def _expect(fits: bool) -> None:
    """Takes an answer to another question, or of another outcome, for none."""
    if not fits:
        logger.warning("The department's system answers what was not asked.")
        raise BookUnavailable("The department's system answers what was not asked.")

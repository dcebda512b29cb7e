"""The files of an appointment, behind links: an event for a calendar, a code for the counter."""

from typing import Callable

from actions.appointments.handout import calendar_file, qr_code
from actions.appointments.model import Appointment
from core.clock import Clock
from core.handouts import Handouts
from knowledge.answers import words
from knowledge.dialogue import centre_address, centre_name, permit_name
from knowledge.model import Snapshot, Variant

_PLACE = (centre_name, centre_address)


class Files:
    """Makes an appointment's files and the links to them."""

    def __init__(self, handouts: Handouts, snapshot: Callable[[], Snapshot], clock: Clock) -> None:
        self._handouts = handouts
        self._snapshot = snapshot
        self._clock = clock

    async def calendar(self, sender: str, appointment: Appointment, variant: Variant) -> str:
        """The link to a calendar file in the person's language."""
        snapshot = self._snapshot()
        title = "calendar_title_demo" if appointment.demo else "calendar_title"
        entry = snapshot.entries.get(f"permit:{appointment.permit}")
        known = entry.facts.get("documents") if entry else None
        notes = "\n".join(text.get(variant) for text in known or ())
        place = [tell(snapshot, appointment.centre, variant) for tell in _PLACE]
        file = calendar_file(
            appointment,
            words(
                snapshot,
                f"appointments.{title}",
                variant,
                permit=permit_name(snapshot, appointment.permit, variant),
                reference=appointment.reference,
            ),
            ", ".join(filter(None, place)),
            notes,
            self._clock(),
        )
        return await self._handouts.issue(sender, "calendar.ics", file)

    async def qr(self, sender: str, appointment: Appointment, variant: Variant) -> str:
        """The link to a picture of the reference as a QR code."""
        reference = appointment.reference
        title = words(self._snapshot(), "appointments.qr_alt", variant, reference=reference)
        return await self._handouts.issue(sender, "qr.svg", qr_code(reference, title))

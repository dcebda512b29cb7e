"""What follows a made, moved or cancelled appointment: reminders, files, and the next in line."""

from typing import Awaitable, Callable, Protocol

from actions.appointments.message import Message
from actions.appointments.model import Appointment
from actions.appointments.say import Say, phrase
from actions.appointments.summary import describe
from knowledge.model import Snapshot


class Reminders(Protocol):
    """What is needed of the reminders."""

    def plan(
        self, appointment: Appointment, sender: str, channel: str, variant: str
    ) -> "Awaitable[None]": ...

    def drop(self, reference: str) -> "Awaitable[None]": ...


#: Makes a short-lived address for an appointment's file: ``calendar`` or ``qr``.
Link = Callable[[str, Appointment, str], Awaitable[str]]
#: Offers a freed seat of a centre and a permit to the next person who waits for it.
OfferFreed = Callable[[str, str], Awaitable[None]]


class Aftercare:
    """Everything that happens because an appointment was made, moved or cancelled."""

    def __init__(
        self,
        reminders: Reminders,
        link: Link,
        offer_freed: OfferFreed,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._reminders = reminders
        self._link = link
        self._offer_freed = offer_freed
        self._snapshot = snapshot

    async def booked(self, appointment: Appointment, message: Message, say: Say) -> None:
        """Says what was booked, what to bring and where, and gives the files."""
        say.line(
            "booked_demo" if appointment.demo else "booked", reference=appointment.reference
        )
        await self._remind(appointment, message)
        await self._show(appointment, message, say)

    async def moved(
        self, before: Appointment, appointment: Appointment, message: Message, say: Say
    ) -> None:
        say.line("moved", moment={"moment": appointment.starts_at.isoformat()})
        await self._remind(appointment, message)
        await self._offer_freed(before.centre, before.permit)
        await self._show(appointment, message, say)

    async def cancelled(self, appointment: Appointment, say: Say) -> None:
        say.line("cancelled", reference=appointment.reference)
        await self._reminders.drop(appointment.reference)
        await self._offer_freed(appointment.centre, appointment.permit)

    async def _remind(self, appointment: Appointment, message: Message) -> None:
        await self._reminders.plan(appointment, message.sender, message.channel, message.variant)

    async def _show(self, appointment: Appointment, message: Message, say: Say) -> None:
        describe(appointment, say)
        say.detail("address", {"address": appointment.centre})
        entry = self._snapshot().entries.get(f"permit:{appointment.permit}")
        if entry and entry.facts.get("documents"):
            say.detail("bring", {"fact": [entry.id, "documents"]})
        if entry and entry.facts.get("fee"):
            say.detail("fee", {"fact": [entry.id, "fee"]})
        else:
            ask = self._snapshot().permit_rules[appointment.permit].ask
            say.detail("fee", {**phrase("fee_unknown"), "values": {"ask": {"hotline": ask}}})
        say.link = ("calendar_file", await self._link("calendar", appointment, message.variant))
        code = Say(link=("qr_code", await self._link("qr", appointment, message.variant)))
        say.further.append(code.line("qr_code"))

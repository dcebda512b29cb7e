"""What follows a made, moved or cancelled appointment: reminders, files, and the next in line."""

from typing import Callable

from actions.appointments.files import Files
from actions.appointments.message import Message
from actions.appointments.model import Appointment
from actions.appointments.reminders import Reminders
from actions.appointments.say import Say, phrase
from actions.appointments.summary import describe
from actions.appointments.waiting import WaitingList
from core.reader import Reader
from knowledge.model import Snapshot


class Aftercare:
    """Everything that happens because an appointment was made, moved or cancelled."""

    def __init__(
        self,
        reminders: Reminders,
        files: Files,
        waiting: WaitingList,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._reminders = reminders
        self._files = files
        self._waiting = waiting
        self._snapshot = snapshot

    async def booked(self, appointment: Appointment, message: Message, say: Say) -> None:
        """Says what was booked, what to bring and where, and gives the files."""
        say.line("booked_demo" if appointment.demo else "booked", reference=appointment.reference)
        await self.remind(appointment, message)
        await self._show(appointment, message, say)

    async def moved(
        self, before: Appointment, appointment: Appointment, message: Message, say: Say
    ) -> None:
        say.line("moved", moment={"moment": appointment.starts_at.isoformat()})
        await self.remind(appointment, message)
        await self._waiting.offer_freed(before.centre, before.permit)
        await self._show(appointment, message, say)

    async def cancelled(self, appointment: Appointment, say: Say) -> None:
        say.line("cancelled", reference=appointment.reference)
        await self._waiting.offer_freed(appointment.centre, appointment.permit)

    async def stop_reminding(self, appointment: Appointment) -> None:
        """Before a cancellation: no reminder goes out while it is under way."""
        await self._reminders.drop(appointment.reference)

    async def remind(self, appointment: Appointment, message: Message) -> None:
        """Plans the reminders; planning them again changes nothing."""
        reader = Reader.parse(message.reader)
        await self._reminders.plan(appointment, message.sender, message.channel, reader)

    async def _show(self, appointment: Appointment, message: Message, say: Say) -> None:
        describe(appointment, say)
        say.detail("address", {"address": appointment.centre})
        entry = self._snapshot().entries.get(f"permit:{appointment.permit}")
        if entry and entry.facts.get("documents"):
            say.detail("bring", {"fact": [entry.id, "documents"]})
        if entry and entry.facts.get("fee"):
            say.detail("fee", {"fact": [entry.id, "fee"]})
        elif rules := self._snapshot().permit_rules.get(appointment.permit):
            ask = {"hotline": rules.ask}
            say.detail("fee", {**phrase("fee_unknown"), "values": {"ask": ask}})
        sender, variant = message.sender, message.variant
        say.link = ("calendar_file", await self._files.calendar(sender, appointment, variant))
        code = Say(link=("qr_code", await self._files.qr(sender, appointment, variant)))
        say.further.append(code.line("qr_code"))

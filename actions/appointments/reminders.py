"""Reminds people of their appointments the day before and two hours before.

Exactly once, whatever dies: a worker claims a reminder for a minute, delivers it under its id as
the key, and marks it. One that dies in between lets its claim run out; the repeat is harmless,
because a channel hands a key over once (channels/common/delivery.py).

None after a cancellation: cancelling deletes the rows, and the row is looked at again after the
claim, just before the delivery. What remains is a cancellation in the milliseconds between that
look and the channel's own write. The book and these rows are written one after the other: drop the
reminders first and cancel then; when the book refuses, plan them again.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Awaitable, Callable, List, Optional
from uuid import NAMESPACE_URL, uuid5

from actions.appointments.model import Appointment
from actions.appointments.reminder_store import Kind, Reminder, ReminderStore
from core.clock import LOCAL, Clock
from core.reader import Reader
from core.script import cantonese_in_simplified
from knowledge.compose import compose
from knowledge.dialogue import centre_name, permit_name
from knowledge.model import Snapshot, Variant
from knowledge.moments import moment_words, time_words
from knowledge.reply import Fact, Reply

logger = logging.getLogger(__name__)

#: Hands a reply to a sender on a channel: ``channels.common.delivery.Deliveries.deliver``.
Deliver = Callable[[str, str, Reply, Variant, str], Awaitable[bool]]

_DAY_BEFORE_AT, _HOURS_BEFORE = time(10), timedelta(hours=2)
_LEASE = timedelta(seconds=60)
#: Seconds that one delivery may take: less than the lease.
_PATIENCE_S = 40
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
_AT_ONCE = 8


class Reminders:
    """Plans reminders and sends those that are due."""

    def __init__(
        self,
        store: ReminderStore,
        deliver: Deliver,
        snapshot: Callable[[], Snapshot],
        clock: Clock,
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._snapshot = snapshot
        self._clock = clock

    async def plan(
        self, appointment: Appointment, sender: str, channel: str, reader: Reader
    ) -> None:
        """Plans the reminders of an appointment that was made or moved. A repeat is harmless.

        Args:
            sender: whom to remind, in the channel's own pseudonym.
            reader: the language and script to remind in.
        """
        now = self._clock()
        planned = [
            Reminder(
                id=_identity(appointment, kind),
                reference=appointment.reference,
                kind=kind,
                permit=appointment.permit,
                centre=appointment.centre,
                starts_at=appointment.starts_at,
                sender=sender,
                channel=channel,
                reader=str(reader),
                due_at=due,
                expires_at=end,
            )
            for kind, due, end in _moments(appointment.starts_at)
            if due > now
        ]
        await asyncio.to_thread(
            self._store.plan, appointment.reference, appointment.starts_at, planned
        )

    async def drop(self, reference: str) -> None:
        """There will be no more reminders of this appointment: it is about to be cancelled."""
        await asyncio.to_thread(self._store.drop, reference)

    async def send_due(self) -> int:
        """Sends what is due. Returns how many reminders were handed over."""
        missed = await asyncio.to_thread(self._store.miss, self._clock())
        if missed:
            logger.warning("%d reminders could not be delivered in time", missed)
        sent = 0
        while due := await asyncio.to_thread(self._store.due, self._clock(), _AT_ONCE):
            sent += sum(await asyncio.gather(*map(self._send, due)))
        return sent

    async def purge(self) -> int:
        """Deletes the reminders of appointments that are over. Returns how many there were."""
        return await asyncio.to_thread(self._store.purge, self._clock())

    async def _send(self, reminder: Reminder) -> bool:
        now, store = self._clock(), self._store
        if not await asyncio.to_thread(store.claim, reminder.id, now, now + _LEASE):
            return False
        try:
            reached = await asyncio.wait_for(self._hand_over(reminder), _PATIENCE_S)
        except Exception:
            logger.warning("reminder %s failed", reminder.id, exc_info=True)
            until = self._clock() + _pause(reminder.attempts)
            await asyncio.to_thread(store.postpone, reminder.id, until)
            return False
        if reached is None:  # cancelled or moved since it was claimed: the row is gone
            return False
        if not reached:
            logger.warning("reminder %s: nobody is there on %s", reminder.id, reminder.channel)
        await asyncio.to_thread(store.end, reminder.id, "sent" if reached else "unreachable")
        return reached

    async def _hand_over(self, reminder: Reminder) -> Optional[bool]:
        reply, variant = worded(self._snapshot(), reminder)
        if not await asyncio.to_thread(self._store.is_planned, reminder.id):
            return None
        return await self._deliver(reminder.channel, reminder.sender, reply, variant, reminder.id)


def worded(snapshot: Snapshot, reminder: Reminder) -> "tuple[Reply, Variant]":
    """A reminder in the words of its reader, with its facts for channels that have a form."""
    reader = Reader.parse(reminder.reader)
    variant = reader.variant
    args = {
        "reference": reminder.reference,
        "permit": permit_name(snapshot, reminder.permit, variant),
        "centre": centre_name(snapshot, reminder.centre, variant),
        "moment": moment_words(reminder.starts_at, variant),
        "time": time_words(reminder.starts_at.astimezone(LOCAL).time(), variant),
    }
    facts: "dict[str, Fact]" = {key: args[key] for key in ("reference", "permit", "centre")}
    facts["moment"] = reminder.starts_at
    reply = compose(snapshot, f"appointments.reminder_{reminder.kind}", args, variant)
    reply = replace(reply, facts=facts)
    if reader.wants_simplified_cantonese:
        reply = reply.map(cantonese_in_simplified)
    return reply, variant


def _moments(starts_at: datetime) -> "List[tuple[Kind, datetime, datetime]]":
    """When each reminder is due, and from when on what it says (“tomorrow”, “today”) is wrong."""
    day = datetime.combine(starts_at.astimezone(LOCAL).date(), time(0), LOCAL)
    day_before = datetime.combine(day.date() - timedelta(days=1), _DAY_BEFORE_AT, LOCAL)
    return [
        ("day", day_before, day),
        ("hours", max(starts_at - _HOURS_BEFORE, day), starts_at),
    ]


def _identity(appointment: Appointment, kind: Kind) -> str:
    """The same for the same reminder whenever it is planned, so that it is delivered once."""
    moment = int(appointment.starts_at.timestamp())
    return str(uuid5(NAMESPACE_URL, f"reminder/{appointment.reference}/{kind}/{moment}"))


def _pause(failures: int) -> timedelta:
    return min(_FIRST_PAUSE * 2 ** min(failures, 10), _LONGEST_PAUSE)

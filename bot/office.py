"""Puts the appointments together, for the bot and for the worker, which loads no Rasa."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Awaitable, Callable, List, Sequence, TypeVar

from sqlalchemy.engine import Engine

from actions.appointments import opening, public_holidays
from actions.appointments.aftercare import Aftercare
from actions.appointments.book import AppointmentBook
from actions.appointments.booking import Booking
from actions.appointments.draft_store import DraftStore
from actions.appointments.files import Files
from actions.appointments.http_book import HttpBook
from actions.appointments.kept import Keeping
from actions.appointments.listening import Listener
from actions.appointments.local_book import LocalBook
from actions.appointments.managing import Managing
from actions.appointments.own_data import OwnData
from actions.appointments.ownership import Ownership
from actions.appointments.prefill import Prefill
from actions.appointments.reminder_store import ReminderStore
from actions.appointments.reminders import Reminders
from actions.appointments.retention_store import RetentionStore
from actions.appointments.sealing import Sealer
from actions.appointments.seats import Seats
from actions.appointments.service import AppointmentService
from actions.appointments.steering import Steering
from actions.appointments.tasks import Tasks
from actions.appointments.tries import Tries
from actions.appointments.waiting import WaitingList
from actions.appointments.waiting_store import WaitingStore
from actions.identity.access import Access
from actions.privacy.service import Place
from channels.common.delivery import Deliveries
from core.clock import Clock
from core.handouts import Handouts
from core.settings import Environment, Settings
from core.vault import Vault
from knowledge.model import Snapshot

#: Appointments are deleted so long after their day.
KEPT_AFTER = timedelta(days=30)
SnapshotOf = Callable[[], Snapshot]
T = TypeVar("T")


@dataclass
class Office:
    """What deals with appointments."""

    book: AppointmentBook
    drafts: DraftStore
    waiting: WaitingList
    reminders: Reminders
    service: AppointmentService
    handouts: Handouts
    retention: RetentionStore
    own: OwnData
    places: List[Place]
    snapshot: SnapshotOf
    clock: Clock

    @property
    def has_centres(self) -> bool:
        """Whether there is a centre to book at: in production a demo centre is none."""
        return bool(self.snapshot().centres)

    async def close(self) -> None:
        """Closes the connections with a department's system, if there are any."""
        if isinstance(self.book, HttpBook):
            await self.book.close()

    async def purge_drafts(self) -> int:
        """Deletes the drafts that nobody came back to. Returns how many."""
        return await asyncio.to_thread(self.drafts.purge, self.clock())

    async def purge_appointments(self) -> int:
        """Deletes appointments and holds 30 days after their day. Returns how many."""
        return await asyncio.to_thread(self.retention.delete_older, self.clock() - KEPT_AFTER)


def open_office(
    settings: Settings, database: Engine, client: Any, vault: Vault, deliveries: Deliveries,
    access: Access, snapshot: SnapshotOf, clock: Clock,
) -> Office:  # fmt: skip
    """Wires the appointments.

    Args:
        client: the asynchronous Redis client.
        deliveries: the ways to people who have not just written.
        access: who is signed in.
        snapshot: returns the present knowledge.
    """
    public_holidays.load()
    book = _book(settings, database, vault, snapshot, clock)
    waiting = WaitingList(WaitingStore(database), book, deliveries.deliver, snapshot, clock)
    reminder_store = ReminderStore(database)
    reminders = Reminders(reminder_store, deliveries.deliver, snapshot, clock)
    handouts = Handouts(client, vault, settings.public_url)
    drafts = DraftStore(database, vault, clock)
    keeping = Keeping(drafts, clock)
    aftercare = Aftercare(reminders, Files(handouts, snapshot, clock), waiting, snapshot)
    seats = Seats(book, snapshot, clock)
    prefill = Prefill(access, snapshot, clock)
    booking = Booking(book, seats, aftercare, access, prefill, keeping, snapshot)
    tries = Tries(client, vault.fingerprint)
    ownership = Ownership(book, tries, access)
    managing = Managing(book, seats, aftercare, ownership, snapshot)
    tasks = Tasks(book, booking, managing, waiting, clock)
    listener = Listener(snapshot, clock)
    steering = Steering(book, booking, tasks, waiting, listener, snapshot)
    service = AppointmentService(book, keeping, seats, tasks, steering, listener, snapshot, clock)
    retention = RetentionStore(database, Sealer(vault))
    own = OwnData(book, retention, drafts, keeping, waiting, prefill, clock)
    places = [  # no reminder goes out of what is about to be deleted; nobody is offered their own
        Place("reminders", off_loop(reminder_store.delete_of), off_loop(reminder_store.export_of)),
        Place("waiting", waiting.delete_of, waiting.export_of),
        Place("drafts", own.delete_drafts, own.export_drafts),
        Place("appointments", own.delete_appointments, own.export_appointments),
    ]
    return Office(
        book, drafts, waiting, reminders, service, handouts, retention, own, places, snapshot, clock
    )


def off_loop(work: Callable[[str], T]) -> Callable[[str], Awaitable[T]]:
    """A store's method for the event loop, which must not wait for a database."""

    async def call(sender: str) -> T:
        return await asyncio.to_thread(work, sender)

    return call


def _book(
    settings: Settings, database: Engine, vault: Vault, snapshot: SnapshotOf, clock: Clock
) -> AppointmentBook:
    """A department's own system when there is one, else the calendar in our own database."""
    if settings.appointment_book_url and settings.appointment_book_token:
        token = settings.appointment_book_token.get_secret_value()
        return HttpBook(settings.appointment_book_url, token)

    def pattern(centre: str, permit: str, day: date) -> "Sequence[tuple[datetime, int]]":
        found = snapshot().centres.get(centre)
        return opening.slots_of(found, permit, day) if found else ()

    demo = settings.env is Environment.DEMO
    return LocalBook(database, pattern, vault, clock, demo)

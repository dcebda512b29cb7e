"""What the appointments keep about a sender, to hand over and to delete.

Deleting a booked appointment cancels it: its seat is offered to whoever waits for one.
"""

import asyncio
import logging
from typing import Any, Mapping, Sequence

from actions.appointments.book import AppointmentBook, BookUnavailable
from actions.appointments.draft_store import DraftStore
from actions.appointments.kept import Keeping
from actions.appointments.prefill import Prefill
from actions.appointments.retention_store import RetentionStore
from actions.appointments.waiting import WaitingList
from core.clock import Clock

logger = logging.getLogger(__name__)


class OwnData:
    """The appointments and the unfinished booking of a sender."""

    def __init__(
        self,
        book: AppointmentBook,
        retention: RetentionStore,
        drafts: DraftStore,
        keeping: Keeping,
        waiting: WaitingList,
        prefill: Prefill,
        clock: Clock,
    ) -> None:
        self._book = book
        self._retention = retention
        self._drafts = drafts
        self._keeping = keeping
        self._waiting = waiting
        self._prefill = prefill
        self._clock = clock

    async def booked(self, sender: str) -> int:
        """How many appointments are still to come."""
        return len(await asyncio.to_thread(self._retention.booked_of, sender, self._clock()))

    async def export_appointments(self, sender: str) -> "Sequence[Mapping[str, Any]]":
        """All appointments, as JSON data."""
        return await asyncio.to_thread(self._retention.export_of, sender)

    async def delete_appointments(self, sender: str) -> int:
        """Deletes all appointments and offers the seats on. Returns how many those were."""
        booked = await asyncio.to_thread(self._retention.booked_of, sender, self._clock())
        deleted = await asyncio.to_thread(self._retention.delete_of, sender)
        for centre, permit in sorted(set(booked)):
            await self._waiting.offer_freed(centre, permit)
        return deleted

    async def export_drafts(self, sender: str) -> "Sequence[Mapping[str, Any]]":
        """The unfinished booking, if there is one, as JSON data.

        Without the verified details of whoever is not signed in any more: it may be somebody else
        who asks, at the same computer.
        """
        kept = await asyncio.to_thread(self._drafts.export_of, sender)
        for row in kept:
            for draft in filter(None, (row["draft"]["draft"], row["draft"]["aside"])):
                for slot in await self._prefill.of_others(sender, draft["values"]):
                    draft["values"].pop(slot, None)
        return kept

    async def delete_drafts(self, sender: str) -> int:
        """Deletes what is unfinished and lets go of its seats. Returns how many that were."""
        unfinished = (await self._keeping.load(sender)).unfinished
        for draft in unfinished:
            try:
                await self._book.release(draft.key)
            except BookUnavailable:  # its hold ends by itself
                logger.warning("the seat of a deleted draft was not let go")
        await asyncio.to_thread(self._drafts.delete_of, sender)
        return len(unfinished)

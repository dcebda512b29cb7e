"""The waiting list: a seat that becomes free is offered to whoever has waited longest.

An offer is made in four steps, each of which may be the last that a process does:

1. The place is claimed (``offering``): one conditional update.
2. The book holds the seat under the place's key.
3. The person is told, under a key of the place and the number of the offer.
4. The place is marked (``offered``).

Steps 2 and 3 are harmless when repeated, so the sweep finishes an offer that stopped at any of
them. When it cannot do so soon enough to leave the person time, the person goes back to the queue,
at the old place. An offer that has run out is ended in the order seat, message, mark, so that a
repeat does what is missing. An answer of the person is marked first: the seat is let go after that,
and by itself when a process dies in between, as every hold ends. So nobody is lost; at worst an
empty seat is kept for the rest of its minutes.
"""

import asyncio
import logging
from datetime import date, timedelta
from typing import Any, Awaitable, Callable, Iterable, Literal, Optional

from actions.appointments import waiting_words
from actions.appointments.book import AppointmentBook, BookUnavailable, SeatTaken
from actions.appointments.model import OFFER_MINUTES, Query, Slot
from actions.appointments.waiting_store import Place, WaitingStore
from core.clock import Clock, today
from core.reader import Reader
from knowledge.model import Snapshot, Variant
from knowledge.reply import Reply

logger = logging.getLogger(__name__)

#: Hands a reply to a sender on a channel: ``channels.common.delivery.Deliveries.deliver``.
Deliver = Callable[[str, str, Reply, Variant, str], Awaitable[bool]]

_OFFER = timedelta(minutes=OFFER_MINUTES)
#: Seconds that holding a seat and telling of it may take: less than others wait for it.
_PATIENCE_S = 40
#: An offer that nobody was told of is finished by others after this, and given up after that.
_ABANDONED, _GIVEN_UP = timedelta(minutes=1), timedelta(minutes=5)
#: Who could not be told waits so long before the next offer, while others get theirs.
_PAUSE = timedelta(minutes=15)


class WaitingList:
    """Who waits for a seat at a centre, for a permit, on a day.

    What fails at the book or at a channel while seats are offered is logged, never raised, and done
    by the next sweep.
    """

    def __init__(
        self,
        store: WaitingStore,
        book: AppointmentBook,
        deliver: Deliver,
        snapshot: Callable[[], Snapshot],
        clock: Clock,
    ) -> None:
        self._store = store
        self._book = book
        self._deliver = deliver
        self._snapshot = snapshot
        self._clock = clock

    async def join(
        self, sender: str, channel: str, reader: Reader, permit: str, centre: str, day: date
    ) -> Optional[Place]:
        """Puts a sender at the end of the queue; whoever is in it keeps the place.

        An offer that has run out is no place any more, even if the sweep has not ended it yet.

        Args:
            sender: whom to write to, in the channel's own pseudonym.
            reader: the language and script to write in.

        Returns:
            The place; None when the sender has as many others as one may have (``MOST_PLACES``).
        """
        asked = (sender, channel, str(reader), permit, centre, day)
        place = await asyncio.to_thread(self._store.join, *asked, self._clock())
        if place and place.state == "offered" and not self._in_time(place):
            if await asyncio.to_thread(self._store.end, place):
                await self._release(place)
            place = await asyncio.to_thread(self._store.join, *asked, self._clock())
        return place

    async def accept(self, sender: str, place: str) -> "Optional[tuple[str, str]]":
        """The sender takes the seat that is offered; saying so twice is harmless.

        Returns:
            The slot and the key that holds its seat until the offer's time, for the form to go on
            with, and to hold for longer under that key; None when nothing is offered (any more) or
            the place is not the sender's.
        """
        taken = await asyncio.to_thread(self._store.take, place, sender, self._clock())
        return (taken.slot, taken.key) if taken and taken.slot else None

    async def decline(self, sender: str, place: str) -> bool:
        """The sender waits no more; a seat that is offered goes to the next person.

        Returns:
            False when the sender has no such place, or it has ended.
        """
        left = await asyncio.to_thread(self._store.leave, place, sender)
        if left and left.slot:
            await self._release(left)
            await self._offer_again([left])
        return left is not None

    async def offer_freed(self, centre: str, permit: str) -> int:
        """Offers what is free to those who wait for it. Returns how many people were told."""
        now = self._clock()
        days = await asyncio.to_thread(self._store.days, centre, permit, today(self._clock), now)
        return sum([await self._offer_day(Query(permit, (centre,), day, day)) for day in days])

    async def sweep(self) -> int:
        """Does all that is due, for the worker. Returns how many people were offered a seat."""
        await self._finish()
        await self._end_expired()
        queues = await asyncio.to_thread(self._store.queues, today(self._clock), self._clock())
        return sum([await self.offer_freed(*queue) for queue in queues])

    async def expire(self) -> int:
        """Ends the offers that have run out; the next get the seats. Returns how many ended."""
        ended = await self._end_expired()
        await self._offer_again(ended)
        return len(ended)

    async def purge(self) -> int:
        """Deletes the places of days that are past. Returns how many those were."""
        return await asyncio.to_thread(self._store.delete_before, today(self._clock))

    async def export_of(self, sender: str) -> "list[dict[str, Any]]":
        """What is kept about a sender, as JSON data."""
        return [
            {"permit": place.permit, "centre": place.centre, "day": place.day.isoformat(),
             "joined_at": place.joined_at.isoformat(), "state": place.state}
            for place in await asyncio.to_thread(self._store.of_sender, sender)
        ]  # fmt: skip

    async def delete_of(self, sender: str) -> int:
        """Deletes what is kept about a sender and lets go of the seats. Returns how many places."""
        places = await asyncio.to_thread(self._store.of_sender, sender)
        deleted = await asyncio.to_thread(self._store.delete_of, sender)
        held = [place for place in places if place.slot]
        for place in held:
            await self._release(place)
        await self._offer_again(held)
        return deleted

    async def _offer_day(self, query: Query) -> int:
        """Offers the free seats of a day until they, or those who wait for it, come to an end."""
        told = 0
        try:
            for slot in await self._book.free(query):
                told += await self._offer_slot(slot, query)
        except Exception:
            logger.warning("offering seats at %s failed", query.centres[0], exc_info=True)
        return told

    async def _offer_slot(self, slot: Slot, query: Query) -> int:
        queue = (query.centres[0], query.permit, query.first)
        told, now = 0, self._clock()
        while told < slot.free and slot.starts_at > now + _OFFER:
            offer = await asyncio.to_thread(self._store.offer, *queue, slot, now, now + _OFFER)
            if offer is None:
                break
            outcome = await asyncio.wait_for(self._make(offer), _PATIENCE_S)
            if outcome == "seat_taken":
                break
            told, now = told + (outcome == "told"), self._clock()
        return told

    async def _make(self, offer: Place) -> 'Literal["told", "unreachable", "seat_taken"]':
        """Does what comes after the claim: holds the seat, tells the person, marks the place."""
        assert offer.slot and offer.offered_until
        try:
            await self._book.hold(offer.slot, offer.key, offer.offered_until)
        except SeatTaken:
            await asyncio.to_thread(self._store.take_back, offer, self._clock())
            return "seat_taken"
        worded = waiting_words.offer(self._snapshot(), offer)
        if not await self._tell(offer, worded, str(offer.offers)):
            if await asyncio.to_thread(self._store.end, offer):
                await self._release(offer)
            return "unreachable"
        await asyncio.to_thread(self._store.told, offer)
        return "told"

    async def _finish(self) -> None:
        """Finishes the offers that somebody began and did not end, or takes them back."""
        now = self._clock()
        for offer in await asyncio.to_thread(self._store.unfinished, now + _OFFER - _ABANDONED):
            assert offer.offered_until
            try:
                if offer.offered_until > now + _OFFER - _GIVEN_UP:
                    await asyncio.wait_for(self._make(offer), _PATIENCE_S)
                elif await asyncio.to_thread(self._store.take_back, offer, now + _PAUSE):
                    await self._release(offer)
            except Exception:
                logger.warning("finishing offer %s failed", offer.id, exc_info=True)

    async def _end_expired(self) -> "list[Place]":
        """Ends the offers that have run out: the seat, the message, the mark."""
        ended: list[Place] = []
        for offer in await asyncio.to_thread(self._store.expired, self._clock()):
            try:
                await self._release(offer)
                worded = waiting_words.over(self._snapshot(), offer)
                await asyncio.wait_for(self._tell(offer, worded, "over"), _PATIENCE_S)
                if await asyncio.to_thread(self._store.end, offer):
                    ended.append(offer)
            except Exception:
                logger.warning("the end of offer %s failed", offer.id, exc_info=True)
        return ended

    async def _tell(self, place: Place, worded: waiting_words.Worded, what: str) -> bool:
        key = f"waiting-{place.id}-{what}"
        return await self._deliver(place.channel, place.sender, *worded, key)

    async def _release(self, place: Place) -> None:
        """Lets go of the seat; when the book does not answer, its hold ends by itself."""
        try:
            await self._book.release(place.key)
        except BookUnavailable:
            logger.warning("the seat of place %s was not let go", place.id, exc_info=True)

    async def _offer_again(self, places: Iterable[Place]) -> None:
        """Offers the seats that these places had to the next people."""
        for queue in {(place.centre, place.permit) for place in places}:
            await self.offer_freed(*queue)

    def _in_time(self, place: Place) -> bool:
        return bool(place.offered_until and place.offered_until > self._clock())

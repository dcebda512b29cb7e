"""A waiting list over a real database, with a book, a channel and a clock that a test commands.

The book and the channel keep what their ports promise, and do what a test asks of them: ``fails``
makes the next calls of a method raise, before or after the work is done. ``Died`` is what is left
of a process that was killed: nothing catches it.
"""

import asyncio
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from actions.appointments.book import SeatTaken
from actions.appointments.model import Slot
from actions.appointments.waiting import WaitingList
from actions.appointments.waiting_store import WaitingStore
from core.clock import LOCAL
from core.reader import Reader
from knowledge.model import Text

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)
DAY = date(2026, 11, 30)
MINUTE = timedelta(minutes=1)
YUE = Reader("yue", "Hant")
QUEUE = ("wan_chai", "hkid")


def text(words):
    return Text(en=f"EN {words}", yue=f"YUE {words}", zh_hant=f"HANT {words}", zh_hans=f"HANS {words}")  # fmt: skip


#: As much of the knowledge as the waiting list's messages are worded from.
KNOWLEDGE = SimpleNamespace(
    permit_rules={},
    requirements={},
    entries={"permit:hkid": SimpleNamespace(name=text("HKID"))},
    centres={"wan_chai": SimpleNamespace(name=text("Wan Chai 灣仔"))},
    phrases={
        "appointments.waiting_offer": text("free: {permit}, {centre}, {moment}, until {until}"),
        "appointments.waiting_over": text("over"),
        "appointments.button_take_seat": text("take"),
        "appointments.no": text("no"),
    },
    buttons={},
)


class Died(BaseException):
    """The process was killed here."""


class Breakable:
    """Something whose methods can be made to fail."""

    def __init__(self):
        self._faults = {}

    def fails(self, method, error, when="before", times=1):
        self._faults[method] = [error, when, times]

    def fault(self, method, when):
        error, at, times = self._faults.get(method, (None, None, 0))
        if at == when and times > 0:
            self._faults[method][2] -= 1
            raise error


class Seats(Breakable):
    """A calendar of one centre and permit in memory: slots with seats, and who holds them."""

    demo = True

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.slots = {}
        self.held = {}

    def open(self, hour, capacity, day=DAY):
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL)
        self.slots[f"{day}T{hour}"] = (moment, capacity)

    def holders(self, slot):
        now = self.clock()
        return [k for k, (held, until) in self.held.items() if held == slot and until > now]

    async def free(self, query):
        await asyncio.sleep(0)
        self.fault("free", "before")
        assert (query.centres, query.permit) == (("wan_chai",), "hkid")
        found = [
            Slot(slot, "wan_chai", "hkid", moment, capacity - len(self.holders(slot)))
            for slot, (moment, capacity) in sorted(self.slots.items(), key=lambda item: item[1])
            if query.first <= moment.date() <= query.last
        ]
        return [slot for slot in found if slot.free > 0]

    async def hold(self, slot, key, until):
        await asyncio.sleep(0)
        self.fault("hold", "before")
        others = [holder for holder in self.holders(slot) if holder != key]
        if len(others) >= self.slots[slot][1]:
            raise SeatTaken
        self.held[key] = (slot, until)
        self.fault("hold", "after")
        return Slot(slot, "wan_chai", "hkid", self.slots[slot][0], 0)

    async def release(self, key):
        await asyncio.sleep(0)
        self.fault("release", "before")
        self.held.pop(key, None)
        self.fault("release", "after")


class Channel(Breakable):
    """Hands each key over once; whom it does not reach is in ``gone``."""

    def __init__(self):
        super().__init__()
        self.handed, self.gone = {}, set()

    async def deliver(self, channel, sender, reply, variant, key):
        await asyncio.sleep(0)
        self.fault("deliver", "before")
        if sender in self.gone:
            return False
        self.handed.setdefault(key, (sender, reply, variant, channel))
        self.fault("deliver", "after")
        return True

    def said(self, word):
        """To whom a message with this word went, in order."""
        return [sender for sender, reply, *_ in self.handed.values() if word in reply.lead]


class Store(WaitingStore, Breakable):
    """The real store; what it does can be the last thing that a process does."""

    def __init__(self, engine):
        WaitingStore.__init__(self, engine)
        Breakable.__init__(self)

    def _breaking(method):
        def call(self, *args):
            self.fault(method, "before")
            done = getattr(WaitingStore, method)(self, *args)
            self.fault(method, "after")
            return done

        return call

    offer, told, take_back, end, leave, take, delete_of = map(
        _breaking, ("offer", "told", "take_back", "end", "leave", "take", "delete_of")
    )


class Setting:
    """The waiting list of one centre and permit, and everything around it."""

    def __init__(self, engine):
        self.now = NOW
        self.book, self.channel = Seats(lambda: self.now), Channel()
        self.store = Store(engine)
        self.list = self.worker()

    def worker(self):
        return WaitingList(
            self.store, self.book, self.channel.deliver, lambda: KNOWLEDGE, lambda: self.now
        )

    async def join(self, sender, day=DAY, reader=YUE):
        """The sender's place; everybody joins a minute after the one before."""
        place = await self.list.join(sender, "web", reader, "hkid", "wan_chai", day)
        self.now += MINUTE
        return place

    async def all_join(self, *senders):
        return {sender: await self.join(sender) for sender in senders}

    async def sweep(self, minutes=0):
        self.now += minutes * MINUTE
        return await self.list.sweep()

    def state(self, sender):
        """The state of the sender's last place."""
        return self.store.of_sender(sender)[-1].state

    def holds(self, sender):
        """Whether the sender's last place holds a seat now."""
        _, until = self.book.held.get(self.store.of_sender(sender)[-1].key, (None, self.now))
        return until > self.now

    def offered(self):
        return self.channel.said("free")

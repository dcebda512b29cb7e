"""A process that takes messages through the inbox and the outbox, to be killed by the tests.

python -m tests.support.post_office URL KEYS one LEASE STEP     is killed after so many steps
python -m tests.support.post_office URL KEYS crowd LEASE PLACE  works until “stop” is set
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress

from channels.common.courier import SENT, Courier
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox
from core.cache import connect
from core.mailboxes import LostLease
from core.vault import Vault
from tests.support.post import incoming, outgoing

#: What one process of a crowd sends in: so many messages of each of so many people.
PEOPLE, EACH = 20, 10


def messages_of(place):
    """The messages of one process, in the order in which they come in."""
    return [
        incoming(f"{place}-{number}-{person}", f"test-{person}")
        for number in range(EACH)
        for person in range(PEOPLE)
    ]


class Office:
    """One process's part: turns and sendings are written down in Redis, each person's in a list.

    Args:
        step: called after every step.
    """

    def __init__(self, client, keys, lease_s, step=lambda: None):
        vault = Vault(keys, "f")
        self.client, self.step = client, step
        self.inbox = Inbox(client, vault, lease_s)
        self.outbox = Outbox(client, vault, lease_s)

    async def accept(self, message):
        """Puts a message until it fits, as the platform repeats it. Returns the ticket, if any."""
        while (accepted := await self.inbox.accept(message)).status == "full":
            await asyncio.sleep(0.02)
        self.step()
        return accepted.ticket

    async def work_off(self, ticket):
        """Answers everything in a box."""
        more = True
        with suppress(LostLease):
            while more and (message := await self.inbox.next(ticket)):
                self.step()
                await self.client.rpush(f"turns:{message.sender}", message.key)
                self.step()
                reply = outgoing(f"o-{message.key}", message.sender)
                more = await self.inbox.finish(ticket, message, None, [reply])
                self.step()

    async def send(self, message):
        """The platform (see ``channels.common.courier.Sender``)."""
        await self.client.rpush(f"sends:{message.sender}", message.key)
        await self.client.sadd("sent", message.key)
        return SENT

    async def deliver(self):
        """Sends everything that is due, one step after another."""
        for ticket in await self.outbox.take_over(100):
            self.step()
            more = True
            while more and (item := await self.outbox.next(ticket)):
                self.step()
                await self.send(item.outgoing)
                self.step()
                more = await self.outbox.sent(ticket, item)
                self.step()


async def one(client, keys, lease_s, last):
    done = 0

    def step():
        nonlocal done
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)

    office = Office(client, keys, lease_s, step)
    ticket = await office.accept(incoming("m1"))
    await office.accept(incoming("m2"))
    await office.work_off(ticket)
    await office.deliver()
    print("steps:", done)


async def crowd(client, keys, lease_s, place):
    office, stop = Office(client, keys, lease_s), asyncio.Event()
    carrying = asyncio.create_task(Courier(office.outbox, {"test": office}).run(stop))
    working = set()

    def begin(ticket):
        task = asyncio.create_task(office.work_off(ticket))
        working.add(task)
        task.add_done_callback(working.discard)

    async def take_over():
        while not await client.exists("stop"):
            for ticket in await office.inbox.take_over(5):
                begin(ticket)
            await asyncio.sleep(0.1)

    taking_over = asyncio.create_task(take_over())
    for message in messages_of(place):
        if ticket := await office.accept(message):
            begin(ticket)
    await taking_over
    stop.set()
    await asyncio.gather(carrying, *working)


async def main(url, keys, what, lease_s, number):
    client = connect(url)
    await {"one": one, "crowd": crowd}[what](client, keys, float(lease_s), int(number))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

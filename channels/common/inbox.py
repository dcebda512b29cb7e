"""What people sent, until it is answered: stored before it is acknowledged, in order, once.

A repeat of the platform's is recognised by its key in the very script that stores a message, so
that no crash lies between the two. An answer goes one of two ways and never both: to the request
that still waits for it, or to the outbox. Which of them, one script decides.
"""

import asyncio
import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Optional, Sequence
from weakref import WeakValueDictionary

from channels.common.envelope import Incoming, Outgoing
from channels.common.inbox_scripts import ACCEPT, FINISH, FORGET, GIVE_UP
from channels.common.outbox import arguments
from core.mailboxes import LEASE_S, Mailboxes, Ticket, new_token
from core.sealing import seal, unseal
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

NAME = "inbox"
#: Of one person, and of all together; the rest is not accepted.
MOST, MOST_OF_ALL = 20, 10_000
#: A request is given so much longer than it says that it will wait before it is taken for dead.
_PATIENCE_S = 1.0
#: How often an outcome of another process is looked for: at first, and in the long run.
_POLL_S, _SLOW_POLL_S = 0.02, 0.05

Status = Literal["mine", "queued", "repeated", "full"]


@dataclass(frozen=True)
class Accepted:
    """What became of a message that came in.

    Attributes:
        status: ``mine`` when the caller is to work the box off, ``queued`` when somebody does so
            already, ``repeated`` when the message is known, ``full`` when it was not stored.
        ticket: with ``mine``, the right to the box.
    """

    status: Status
    ticket: Optional[Ticket] = None


class Inbox:
    """The boxes of what people sent.

    Args:
        client: an asynchronous Redis client with text answers.
        nudge: set when an answer went to the outbox (``Outbox.nudge``), so that this process's
            courier need not wait.
    """

    def __init__(
        self,
        client: Any,
        vault: Vault,
        lease_s: float = LEASE_S,
        nudge: Optional[asyncio.Event] = None,
    ) -> None:
        self._client = client
        self._vault = vault
        self._boxes = Mailboxes(client, NAME, lease_s)
        self.lease_s = lease_s
        self._nudge = nudge or asyncio.Event()
        self._accept = self._boxes.script(ACCEPT)
        self._finish = self._boxes.script(FINISH)
        self._give_up = self._boxes.script(GIVE_UP)
        self._forget = self._boxes.script(FORGET)
        #: Who in this process waits for an outcome is woken by the turn that runs here.
        self._settled: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    async def accept(
        self,
        message: Incoming,
        most: int = MOST,
        wait_s: float = 0.0,
        most_of_all: int = MOST_OF_ALL,
    ) -> Accepted:
        """Stores a message that is not known, in one step.

        After ``full`` nothing is stored, and the platform must not be told otherwise: the caller
        lets the request fail (503), so that the platform repeats it. So it does when this raises.

        Args:
            wait_s: how long the request will wait for an answer (``outcome``, then
                ``give_up_waiting``). With 0 every answer goes to the outbox.

        Raises:
            RedisError: it is not known whether the message was stored; a repeat will tell.
        """
        item_id, box = self._id(message.account, message.key), message.sender
        item = f"{item_id} {seal(self._vault, message.to_json(), self._boxes.list_key(box))}"
        wait_ms = round((wait_s + _PATIENCE_S) * 1000) if wait_s > 0 else 0
        token = new_token()
        limits = most, most_of_all, wait_ms
        status, lost = await self._boxes.run(self._accept, item_id, box, item, token, *limits)
        return Accepted(status, Ticket(box, token, int(lost)) if status == "mine" else None)

    async def outcome(self, account: str, key: str, wait_s: float) -> Optional[str]:
        """What was answered to a message, as soon as it is known.

        Returns:
            What ``finish`` was given for the waiting request; empty when the answer goes, or went,
            another way; None when there is none after ``wait_s`` seconds.

        Raises:
            VaultError: it cannot be read: its key was taken out of use within the hour.
        """
        item_id = self._id(account, key)
        settled = self._settled.setdefault(item_id, asyncio.Event())
        until, pause = time.monotonic() + wait_s, _POLL_S
        while True:
            found = await self._client.get(self._outcome_key(item_id))
            left = until - time.monotonic()
            if found is not None or left <= 0:
                return self._open(item_id, found)
            await _wait(settled, min(pause, left))
            pause = min(pause * 1.5, _SLOW_POLL_S)

    async def give_up_waiting(self, account: str, key: str) -> Optional[str]:
        """From now on the answer to this message goes to the outbox.

        Returns:
            As ``outcome``: the answer if it was there first; None when it will go the other way.
        """
        item_id = self._id(account, key)
        return self._open(item_id, await self._boxes.run(self._give_up, item_id))

    async def next(self, ticket: Ticket) -> Optional[Incoming]:
        """The oldest message of a box that is ours, or None when nothing is left in it.

        Raises:
            LostLease: the box is not ours any more.
        """
        while found := await self._boxes.head(ticket):
            item_id, sealed = found
            try:
                opened = unseal(self._vault, sealed, self._boxes.list_key(ticket.box))
                return Incoming.from_json(opened)
            except VaultError:  # no key reads it, now or later: it must not hold up the others
                logger.exception("a message in the inbox cannot be read and is dropped")
                if not await self._boxes.drop(ticket, item_id):
                    return None
        return None

    async def finish(
        self,
        ticket: Ticket,
        message: Incoming,
        outcome: Optional[str] = None,
        outgoing: Sequence[Outgoing] = (),
    ) -> bool:
        """The head of a box was answered: settles the answer and takes the head away, in one step.

        The answer is handed over in both forms; exactly one is used. ``outcome`` goes to the
        request that waits; when none does (any more), ``outgoing`` goes to the outbox.

        Args:
            outcome: the answer for a waiting request, if it can be given there.
            outgoing: the same answer, as messages of their own.

        Returns:
            Whether more waits in the box; the lease is renewed then, and has ended otherwise. A
            repeat, after a broken connection, changes nothing more.

        Raises:
            LostLease: the box is not ours any more; nothing was settled or put.
        """
        item_id = self._id(message.account, message.key)
        sealed = seal(self._vault, outcome, self._outcome_key(item_id)) if outcome else ""
        put = arguments(self._vault, outgoing)
        more = await self._boxes.run(self._finish, ticket.box, ticket.token, item_id, sealed, *put)
        if item_id in self._settled:
            self._settled[item_id].set()
        if put:
            self._nudge.set()
        return bool(more)

    async def renew(self, ticket: Ticket) -> None:
        """Lets the lease of a box begin anew, for a turn that takes long.

        Raises:
            LostLease: the box is not ours any more.
        """
        await self._boxes.renew(ticket)

    async def take_over(self, limit: int) -> Sequence[Ticket]:
        """Takes at most ``limit`` boxes whose holder died."""
        return await self._boxes.take(limit)

    async def forget(self, sender: str) -> int:
        """Deletes what a person sent and what was answered; what is being answered now stays, and
        what came since.

        Returns:
            How many messages were deleted.
        """
        return int(await self._boxes.run(self._forget, sender))

    async def size(self) -> int:
        """How many messages wait or are being answered."""
        return await self._boxes.size()

    def _id(self, account: str, key: str) -> str:
        """A message's name in Redis: its key may hold the person's address."""
        return self._vault.fingerprint("incoming", json.dumps([account, key]))[:32]

    def _outcome_key(self, item_id: str) -> str:
        return f"{NAME}:outcome:{item_id}"

    def _open(self, item_id: str, sealed: Optional[str]) -> Optional[str]:
        return unseal(self._vault, sealed, self._outcome_key(item_id)) if sealed else sealed


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)

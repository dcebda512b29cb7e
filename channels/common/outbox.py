"""What is to be said to people, until the platform has taken it: in order, tried again, never lost.

A line waits for its head: what is refused for now is tried later, and all behind it with it. What
the platform takes only after the person has written again is parked until then.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Union

from channels.common.dead_letters import BURY
from channels.common.envelope import Outgoing, lines_of
from channels.common.outbox_scripts import EXPIRE, FORGET, LEAVE, PUT_ALL, WAKE
from core.mailboxes import LEASE_S, Mailboxes, Ticket
from core.sealing import seal, unseal
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

NAME = "outbox"
_PARKED_S = 7 * 24 * 3600


@dataclass(frozen=True)
class Item:
    """A message that is to be sent now.

    Attributes:
        tries: how often it was tried before, by holders that died too.
        maybe: whether one of these tries may have reached the person.
    """

    outgoing: Outgoing
    id: str
    tries: int
    maybe: bool
    sealed: str


class Outbox:
    """Lines of messages, one a person and one more for what needs no message before it.

    Args:
        client: an asynchronous Redis client with text answers.
    """

    def __init__(self, client: Any, vault: Vault, lease_s: float = LEASE_S) -> None:
        self._client, self._vault = client, vault
        self._boxes = Mailboxes(client, NAME, lease_s)
        self.lease_s = lease_s
        self._put = self._boxes.script(PUT_ALL)
        self._leave, self._bury = self._boxes.script(LEAVE), self._boxes.script(BURY)
        self._wake, self._forget = self._boxes.script(WAKE), self._boxes.script(FORGET)
        self._expire = self._boxes.script(EXPIRE)
        #: Set when something was put by this process, so that its courier need not wait.
        self.nudge = asyncio.Event()

    async def put(self, *messages: Outgoing) -> int:
        """Puts messages that are not known by their key. Returns how many of them are new."""
        count = int(await self._boxes.run(self._put, *arguments(self._vault, messages)))
        self.nudge.set()
        return count

    async def knows(self, channel: str, account: str, key: str) -> bool:
        """Whether a message with this key was put before."""
        return bool(
            await self._client.exists(f"{NAME}:known:{_id(self._vault, channel, account, key)}")
        )

    async def take_over(self, limit: int) -> Sequence[Ticket]:
        """Takes at most ``limit`` lines that are due, or whose holder died."""
        return await self._boxes.take(limit)

    async def next(self, ticket: Ticket) -> Optional[Item]:
        """The head of a line, or None when nothing is left in it.

        Raises:
            LostLease: the line is not ours any more.
        """
        while found := await self._boxes.head(ticket):
            item_id, tries, maybe, sealed = found
            try:
                opened = unseal(self._vault, sealed, self._boxes.list_key(ticket.box))
            except VaultError:  # no key reads it, now or later: it must not hold up the others
                logger.exception("a message in the outbox cannot be read and is dropped")
                if not await self._boxes.drop(ticket, item_id):
                    return None
                continue
            outgoing, lost = Outgoing.from_json(opened), ticket.lost
            return Item(outgoing, item_id, int(tries) + lost, bool(int(maybe) or lost), sealed)
        return None

    async def sent(self, ticket: Ticket, item: Item) -> bool:
        """The platform has taken the item. Returns whether more waits in the line.

        Raises:
            LostLease: the line is not ours any more.
        """
        return await self._boxes.drop(ticket, item.id)

    async def later(self, ticket: Ticket, item: Item, seconds: float) -> None:
        """The item is to be tried again after so many seconds; the ticket has ended.

        Args:
            item: with its tries counted and its mark as they are to be kept.

        Raises:
            LostLease: the line is not ours any more.
        """
        await self._leave_alone(ticket, item, round(seconds * 1000))

    async def park(self, ticket: Ticket, item: Item) -> None:
        """The line is to wait until the person writes, at most seven days; the ticket has ended.

        Raises:
            LostLease: the line is not ours any more.
        """
        await self._leave_alone(ticket, item, "")

    async def dead(self, ticket: Ticket, item: Item, reason: str) -> bool:
        """The item cannot be sent: it becomes a dead letter. Returns whether more waits.

        Args:
            reason: for staff; names no person.

        Raises:
            LostLease: the line is not ours any more.
        """
        outgoing = item.outgoing
        letter = {
            "line": ticket.box, "channel": outgoing.channel, "account": outgoing.account,
            "kind": outgoing.kind, "reason": reason, "tries": item.tries, "maybe": item.maybe,
            "sealed": item.sealed,
        }  # fmt: skip
        arguments = ticket.box, ticket.token, item.id, json.dumps(letter)
        return bool(await self._boxes.run(self._bury, *arguments))

    async def renew(self, ticket: Ticket) -> None:
        """Lets the lease of a line begin anew.

        Raises:
            LostLease: the line is not ours any more.
        """
        await self._boxes.renew(ticket)

    async def wake(self, sender: str) -> None:
        """The person has written: what was parked for them is due."""
        await self._boxes.run(self._wake, *lines_of(sender))
        self.nudge.set()

    async def expire(self) -> int:
        """Deletes what was parked for seven days. Returns how many messages that were."""
        return int(await self._boxes.run(self._expire))

    async def forget(self, sender: str) -> int:
        """Deletes all that waits for a person. Returns how many messages that were."""
        return int(await self._boxes.run(self._forget, *lines_of(sender)))

    async def _leave_alone(self, ticket: Ticket, item: Item, wait_ms: Union[int, str]) -> None:
        written = _written(item.id, item.tries, item.maybe, item.sealed)
        arguments = ticket.box, ticket.token, item.id, written, wait_ms, _PARKED_S * 1000
        await self._boxes.run(self._leave, *arguments)


async def waiting(client: Any) -> "tuple[int, int]":
    """How many messages wait, and how many lines of them for their person to write."""
    size, parked = await client.get(f"{NAME}:size"), await client.zcard(f"{NAME}:parked")
    return int(size or 0), int(parked)


def arguments(vault: Vault, messages: Sequence[Outgoing]) -> List[str]:
    """What ``put`` of the scripts needs of each message: its id, its line and the sealed item."""
    found = []
    for message in messages:
        item_id = _id(vault, message.channel, message.account, message.key)
        sealed = seal(vault, message.to_json(), f"{NAME}:box:{message.line}")
        found += [item_id, message.line, _written(item_id, 0, False, sealed)]
    return found


def _id(vault: Vault, channel: str, account: str, key: str) -> str:
    return vault.fingerprint("outgoing", json.dumps([channel, account, key]))[:32]


def _written(item_id: str, tries: int, maybe: bool, sealed: str) -> str:
    return f"{item_id} {tries} {int(maybe)} {sealed}"

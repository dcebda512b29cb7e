"""Works off what people wrote, and hands the answers on.

A message is stored before anybody answers it. Whoever stored the first one of a person works off
all of theirs in order; a request that can still be answered waits for its own. What is not ready in
time, or belongs to nobody who waits, goes to the outbox: decided once, by the inbox.
"""

import asyncio
import hashlib
import logging
from asyncio import FIRST_COMPLETED
from contextlib import suppress
from dataclasses import dataclass
from typing import Mapping, Optional, Protocol, Sequence, Set

from channels.common.conversation import Conversation
from channels.common.envelope import Incoming, Outgoing
from channels.common.inbox import Inbox
from channels.common.turn import Turn
from core.mailboxes import LostLease, Ticket

logger = logging.getLogger(__name__)

#: Turns that one process takes at a time: more would only make acknowledgements wait.
_AT_ONCE = 4
#: Seconds between two looks for boxes whose holder died.
_TAKE_OVER_S = 1.0
#: Seconds after which a person is shown that somebody is writing.
_TYPING_S = 1.0
#: Events that are greeted, and what is said about a message that has no words.
_GREETED = ("follow", "scan", "enter")
_WORDLESS = {"voice": "voice", "image": "picture", "video": "picture"}
_OTHERWISE = "card"
#: Seconds after which a turn is given up as if its process had died.
_LONGEST_S = 60.0
#: A message over which so many processes died is answered with an apology.
_MOST_LOST = 3


class Full(Exception):
    """There is too much waiting: nothing was stored, so nothing must be acknowledged."""


@dataclass(frozen=True)
class Answers:
    """What one message is answered with, in the forms of its channel.

    Attributes:
        passive: for the request that still waits; None where the channel knows no such answer.
        outgoing: the same for the outbox, used when nobody waits any more.
    """

    passive: Optional[str]
    outgoing: Sequence[Outgoing]


class Channel(Protocol):
    """What a platform adds to a turn."""

    def serves(self, account: str) -> bool:
        """Whether this account is set: settings change while messages wait."""

    async def heard(self, message: Incoming) -> None:
        """Notes that somebody wrote, came or went, before the turn is taken."""

    async def typing(self, message: Incoming) -> None:
        """Shows the person that an answer is being written."""

    async def answers(self, message: Incoming, turn: Turn) -> Answers:
        """The turn's replies as the platform takes them."""


class Turns:
    """Takes messages in and turns them into answers.

    Args:
        channels: by name.
    """

    def __init__(
        self,
        inbox: Inbox,
        conversation: Conversation,
        channels: Mapping[str, Channel],
    ) -> None:
        self._inbox = inbox
        self._conversation = conversation
        self._channels = channels
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._running: Set["asyncio.Task[None]"] = set()

    async def take(self, message: Incoming, wait_s: float) -> Optional[str]:
        """Stores a message; when this returns, it will be answered whatever happens.

        Args:
            wait_s: seconds that the caller can wait for an answer; 0 when it takes none.

        Returns:
            The passive answer, or None when it comes through the outbox or there is none. A
            message that comes again gets what it got before.

        Raises:
            Full: nothing was stored.
        """
        accepted = await self._inbox.accept(message, wait_s=wait_s)
        if accepted.status == "full":
            raise Full
        if accepted.ticket is not None:
            self._start(accepted.ticket)
        if not wait_s:
            return None
        outcome = await self._inbox.outcome(message.account, message.key, wait_s)
        if outcome is None:
            outcome = await self._inbox.give_up_waiting(message.account, message.key)
        return outcome or None

    async def take_over(self) -> None:
        """Works off what a process left behind that died. Runs until it is cancelled."""
        while True:
            tickets: Sequence[Ticket] = ()
            room = max(_AT_ONCE - len(self._running), 1)  # the others are for other processes
            try:
                tickets = await self._inbox.take_over(room)
            except Exception:
                logger.exception("boxes could not be taken over")
            begun = [self._start(ticket) for ticket in tickets]
            if len(begun) == room:  # there may be more
                await asyncio.wait(begun, timeout=_TAKE_OVER_S, return_when=FIRST_COMPLETED)
            else:
                await asyncio.sleep(_TAKE_OVER_S)

    async def close(self, grace_s: float = 2.0) -> None:
        """Lets the turns that run come to their end; what remains is taken over by another."""
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=grace_s)
            for task in late:
                task.cancel()

    def _start(self, ticket: Ticket) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(self._held(ticket))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _held(self, ticket: Ticket) -> None:
        """Works a box off, and keeps it while it waits for room and while a turn takes long."""
        renewing = asyncio.create_task(self._renew(ticket))
        try:
            await self._work_off(ticket)
        finally:
            renewing.cancel()

    async def _renew(self, ticket: Ticket) -> None:
        while True:
            await asyncio.sleep(self._inbox.lease_s / 3)
            try:
                await self._inbox.renew(ticket)
            except LostLease:
                return
            except Exception:  # the turn itself will see whether the box is still ours
                logger.exception("the lease of a box could not be renewed")

    async def _work_off(self, ticket: Ticket) -> None:
        more = True
        while more:
            async with self._room:
                try:
                    message = await self._inbox.next(ticket)
                    if message is None:
                        return
                    answering = self._answer(message, ticket.lost >= _MOST_LOST)
                    answers = await asyncio.wait_for(answering, _LONGEST_S)
                    ticket = Ticket(ticket.box, ticket.token)  # what was lost was this one
                    more = await self._inbox.finish(
                        ticket, message, answers.passive, answers.outgoing
                    )
                except LostLease:
                    return
                except Exception:  # the store fails: the lease ends and somebody begins again
                    logger.exception("a box could not be worked off")
                    return

    async def _answer(self, message: Incoming, is_deadly: bool) -> Answers:
        channel = self._channels.get(message.channel)
        if channel is None or not channel.serves(message.account):
            logger.error("a message of an account that is set no more is given up")
            return Answers(None, ())
        await channel.heard(message)
        typing = asyncio.create_task(_later(_TYPING_S, channel, message))
        try:
            turn = None if is_deadly else await self._turn(message)
        except Exception:
            logger.exception("a turn failed")
            is_deadly = True
        finally:
            typing.cancel()
            with suppress(asyncio.CancelledError):
                await typing
        if is_deadly:
            turn = await self._conversation.apology(message.sender, message.channel)
        return await channel.answers(message, turn) if turn else Answers(None, ())

    async def _turn(self, message: Incoming) -> Optional[Turn]:
        """What is said to a message, or None when there is nothing to say."""
        # the platform's own key may hold the person's id there
        name = hashlib.sha256(f"{message.account}/{message.key}".encode()).hexdigest()[:32]
        prompt = self._conversation.prompt
        if message.event in _GREETED:
            return await prompt(message.sender, "greet", message.channel, name)
        if message.event not in ("message", "menu"):
            if message.event == "leave":
                await self._conversation.forget(message.sender)
            return None
        if message.media and not message.text.strip():
            reason = _WORDLESS.get(message.media, _OTHERWISE)
            return await prompt(
                message.sender, "unusable_input", message.channel, name, reason=reason
            )
        return await self._conversation.turn(
            message.sender, message.text, message.channel,
            choice=message.choice, message_id=name,
        )  # fmt: skip


async def _later(seconds: float, channel: Channel, message: Incoming) -> None:
    """Never raises: the turn beside it must not fail with it."""
    await asyncio.sleep(seconds)
    try:
        await channel.typing(message)
    except Exception:
        logger.exception("nobody was shown that an answer is being written")

"""Carries what stands in the outbox to the platforms, in every process that may speak to them.

A message that was handed to a platform and whose fate is unknown, because nothing was answered or
the process was killed, may have arrived: it is marked so wherever it is kept.
"""

import asyncio
import logging
import random
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Coroutine, Literal, Mapping, Optional, Protocol, Set

from channels.common.envelope import Outgoing
from channels.common.outbox import Item, Outbox
from core.mailboxes import LostLease, Ticket

logger = logging.getLogger(__name__)

#: Seconds before the next try: the first, the factor of each further one, the longest.
_BASE_S, _FACTOR, _CAP_S = 1.0, 3.0, 300.0
#: With these seconds the eighth try is about eleven minutes after the first.
MOST_TRIES = 8
#: How often lines that another process put, or that became due, are looked for.
_LOOK_S = 0.25
#: How long it is left alone when it cannot be looked into.
_AWAY_S = 2.0
#: How long messages that are being sent may take when the process is to end.
_GRACE_S = 5.0
#: A channel that is off in this process may be on in another one, or after the next start.
_NO_SENDER_S = 60.0


@dataclass(frozen=True)
class Verdict:
    """What became of a message that was handed to a platform.

    Attributes:
        fate: ``sent``: the platform has it. ``later``: it certainly has not; worth another try.
            ``park``: not before the person writes again. ``dead``: never. ``ambiguous``: nothing
            was answered, so that it may have arrived.
        seconds: with ``later``, when the platform has said so; not before the backoff.
        reason: with ``dead``, for staff; names no person.
    """

    fate: Literal["sent", "later", "park", "dead", "ambiguous"]
    seconds: Optional[float] = None
    reason: str = ""


SENT, PARK, AMBIGUOUS = Verdict("sent"), Verdict("park"), Verdict("ambiguous")


class Sender(Protocol):
    """One platform's way to send a message to a person."""

    def send(self, outgoing: Outgoing) -> Coroutine[Any, Any, Verdict]:
        """Hands a message to the platform, once; does not try again by itself.

        Bounded in time. What it raises is logged and counts as ambiguous.
        """


class Courier:
    """Works off the lines of the outbox, each by one task, as long as the process lives.

    Args:
        senders: by the channel's name.
        at_once: how many lines are worked off side by side.
    """

    def __init__(self, outbox: Outbox, senders: Mapping[str, Sender], at_once: int = 32) -> None:
        self._outbox = outbox
        self._senders = senders
        self._at_once = at_once
        self._lines: Set["asyncio.Task[None]"] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Carries until ``stop`` is set. What is not sent by then stays for another courier."""
        try:
            while not stop.is_set():
                try:
                    found = await self.look()
                except Exception:  # Redis is away: what waits is still there when it is back
                    logger.exception("the outbox cannot be read")
                    with suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(stop.wait(), _AWAY_S)
                    continue
                if not found:
                    await self._pause(stop)
        finally:
            await self._end()

    async def look(self) -> bool:
        """Begins with lines that are due, as many as may run. Returns whether there were any."""
        self._outbox.nudge.clear()
        free = self._at_once - len(self._lines)
        tickets = await self._outbox.take_over(free) if free > 0 else []
        for ticket in tickets:
            task = asyncio.create_task(self._line(ticket))
            self._lines.add(task)
            task.add_done_callback(self._lines.discard)
        return bool(tickets)

    async def settle(self) -> None:
        """Waits until the lines that were begun are done."""
        while self._lines:
            await asyncio.wait(self._lines)

    async def _pause(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (stop, self._outbox.nudge)]
        try:
            await asyncio.wait(
                [*waits, *self._lines] if len(self._lines) >= self._at_once else waits,
                timeout=_LOOK_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for wait in waits:
                wait.cancel()

    async def _end(self) -> None:
        if self._lines:
            _, late = await asyncio.wait(set(self._lines), timeout=_GRACE_S)
            for task in late:  # its lease ends, and another courier sends the message again
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _line(self, ticket: Ticket) -> None:
        try:
            more = True
            while more and (item := await self._outbox.next(ticket)):
                more = await self._settle(ticket, item, await self._send(ticket, item))
                ticket = Ticket(ticket.box, ticket.token)  # what was lost was the item before
        except LostLease:
            logger.warning("a line of the outbox was taken over by another process, or deleted")
        except Exception:  # its lease ends, and the line is taken up again
            logger.exception("a line of the outbox could not be worked off")

    async def _send(self, ticket: Ticket, item: Item) -> Verdict:
        if item.tries >= MOST_TRIES:  # whoever sends it dies
            return Verdict("dead", reason="too many tries")
        sender = self._senders.get(item.outgoing.channel)
        if sender is None:
            return Verdict("later", _NO_SENDER_S)
        sending = asyncio.create_task(sender.send(item.outgoing))
        try:
            while not (await asyncio.wait({sending}, timeout=self._outbox.lease_s / 3))[0]:
                await self._outbox.renew(ticket)
            return sending.result()
        except LostLease:
            raise
        except Exception:
            logger.exception("a message of the kind %s could not be sent", item.outgoing.kind)
            return AMBIGUOUS
        finally:
            sending.cancel()

    async def _settle(self, ticket: Ticket, item: Item, verdict: Verdict) -> bool:
        """Does what follows from a verdict. Returns whether the line goes on."""
        fate, reason = verdict.fate, verdict.reason
        if fate == "sent":
            return await self._outbox.sent(ticket, item)
        if fate == "park" and item.outgoing.waits:
            await self._outbox.park(ticket, item)
            return False
        again = item.outgoing.critical and not item.maybe
        tried = replace(item, tries=item.tries + 1, maybe=item.maybe or fate == "ambiguous")
        if fate == "ambiguous" and not again:
            fate, reason = "dead", "possibly delivered"
        elif fate == "park":
            fate, reason = "dead", "nothing may be sent now"
        elif fate != "dead" and tried.tries >= MOST_TRIES:
            fate, reason = "dead", "too many tries"
        if fate == "dead":
            return await self._outbox.dead(ticket, tried, reason)
        # “in a moment”, said eight times in a minute, would use up the tries
        seconds = max(backoff_s(item.tries), verdict.seconds or 0)
        await self._outbox.later(ticket, tried, seconds)
        return False


def backoff_s(tries: int) -> float:
    """Seconds to wait after a try that had so many before it; up to half of them by chance."""
    longest = min(_CAP_S, _BASE_S * _FACTOR**tries)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311

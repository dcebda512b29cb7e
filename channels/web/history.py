"""What was said on the page, in Redis streams: one source for live messages, reloads and replay.

A session has two: the conversation, which is kept for a day, and what the assistant sent by itself,
such as a reminder, which waits for a person who comes back within a week. The ids of both are
moments on one clock, so that they are one sequence for whoever reads them, and a browser that was
away asks for what came after the last one it saw. Texts of people are masked before they are
written, and all of it is sealed: a reply may hold a link that is for one person alone.
"""

import json
import logging
from datetime import datetime
from typing import Any, AsyncIterator, Literal, Mapping, Optional, Tuple

import redis.asyncio

from channels.web.session import LIFETIME_S as SESSION_S
from core.privacy import mask
from core.sealing import seal, unseal
from core.vault import Vault, VaultError
from nlu.text.normalise import clean

logger = logging.getLogger(__name__)

_SAID_S, _SENT_S = 24 * 3600, 7 * 24 * 3600
_LONGEST = 400
_WAIT_MS = 15_000

Event = Tuple[str, str]


class History:
    """The messages of each web conversation, oldest first."""

    def __init__(self, client: "redis.asyncio.Redis[str]", vault: Vault) -> None:
        self._client = client
        self._vault = vault

    async def add_user(self, sender: str, text: str, client_id: str, now: datetime) -> str:
        """Writes what a person sent, masked. Returns the event's id."""
        cleaned = clean(text)  # what hides between digits must not hide them from the mask
        masked = mask(cleaned)
        shown = text if masked == cleaned else masked
        async with self._client.pipeline(transaction=True) as pipe:
            message = {"from": "user", "text": shown, "client_id": client_id}
            _put(pipe, self._vault, history_key(sender), _SAID_S, message, now)
            return str((await pipe.execute())[0])

    async def add_bot(
        self,
        sender: str,
        reply: Mapping[str, Any],
        variant: str,
        now: datetime,
        asks: Optional[str] = None,
    ) -> str:
        """Writes one reply of the assistant. Returns the event's id.

        Args:
            asks: the slot that the person is now asked for, so that the page can help to answer.
        """
        async with self._client.pipeline(transaction=True) as pipe:
            message = _bot(reply, variant, asks)
            _put(pipe, self._vault, history_key(sender), _SAID_S, message, now)
            return str((await pipe.execute())[0])

    async def since(self, sender: str, last_id: str) -> "list[Event]":
        """The events after ``last_id`` (``0-0`` for all) as pairs of id and JSON text."""
        found = [
            (event_id, message)
            for key in (history_key(sender), sent_key(sender))
            for event_id, fields in await self._client.xrange(key, f"({last_id}")
            if (message := self._open(key, fields)) is not None
        ]
        found.sort(key=lambda event: tuple(map(int, event[0].split("-"))))
        return found

    async def follow(self, sender: str, last_id: str) -> "AsyncIterator[Optional[Event]]":
        """Events after ``last_id`` as they come; None now and then when there are none."""
        last = {history_key(sender): last_id, sent_key(sender): last_id}
        while True:
            found = await self._client.xread(last, block=_WAIT_MS)
            for key, events in found:
                for event_id, fields in events:
                    last[key] = event_id
                    message = self._open(key, fields)
                    if message is not None:
                        yield event_id, message
            if not found:
                yield None

    async def export_of(self, sender: str) -> "list[dict[str, Any]]":
        """What was said, as JSON data, oldest first."""
        said = [json.loads(message) for _, message in await self.since(sender, "0-0")]
        return [{name: one.get(name) for name in ("from", "text", "time")} for one in said]

    async def forget(self, sender: str) -> None:
        await self._client.delete(history_key(sender), sent_key(sender))

    async def end(self, sender: str) -> None:
        """Ends a session: its cookie is worth nothing from now on."""
        await self._client.set(ended_key(sender), "1", ex=SESSION_S)

    async def is_ended(self, sender: str) -> bool:
        return bool(await self._client.exists(ended_key(sender)))

    async def admit(
        self, sender: str, client_id: str, limit: int, window_s: int
    ) -> "Literal['first', 'repeat', 'too_fast', 'ended']":
        """Counts a message and claims it.

        Returns:
            ``first`` when it is to be handled, ``repeat`` when it has been, ``too_fast`` when the
            sender sent more than ``limit`` in ``window_s`` seconds, ``ended`` when the session
            is over.
        """
        claim, rate = _claim(sender, client_id), f"web:rate:{sender}"
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(rate, 0, ex=window_s, nx=True)
            pipe.incr(rate)
            pipe.set(claim, "1", nx=True, ex=_SAID_S)
            pipe.exists(ended_key(sender))
            _, count, first, ended = await pipe.execute()
        if ended:
            await self.release(sender, client_id)
            return "ended"
        if not first:
            return "repeat"
        if int(count) > limit:
            await self.release(sender, client_id)
            return "too_fast"
        return "first"

    async def release(self, sender: str, client_id: str) -> None:
        """Takes a claim back: the message was not handled and may be sent again."""
        await self._client.delete(_claim(sender, client_id))

    def _open(self, key: str, fields: Mapping[str, str]) -> Optional[str]:
        """A message as it was written; None when its encryption key is in use no more."""
        try:
            return unseal(self._vault, fields["message"], key)
        except VaultError:
            logger.warning("a message of the history cannot be read")
            return None


def put_sent(
    pipe: Any,
    vault: Vault,
    sender: str,
    reply: Mapping[str, Any],
    variant: str,
    now: datetime,
    asks: Optional[str],
) -> None:
    """Adds to the commands of a transaction a reply that the assistant sends by itself."""
    _put(pipe, vault, sent_key(sender), _SENT_S, _bot(reply, variant, asks), now)


def _bot(reply: Mapping[str, Any], variant: str, asks: Optional[str]) -> "dict[str, Any]":
    return {"from": "bot", "client_id": None, "variant": variant, "asks": asks, **reply}


def _put(
    pipe: Any, vault: Vault, key: str, seconds: int, message: Mapping[str, Any], now: datetime
) -> None:
    written = json.dumps({**message, "time": now.isoformat()}, ensure_ascii=False)
    sealed = seal(vault, written, key)
    pipe.xadd(key, {"message": sealed}, maxlen=_LONGEST, approximate=True)
    pipe.expire(key, seconds)


def history_key(sender: str) -> str:
    return f"web:history:{sender}"


def sent_key(sender: str) -> str:
    return f"web:sent:{sender}"


def _claim(sender: str, client_id: str) -> str:
    return f"web:seen:{sender}:{client_id}"


def ended_key(sender: str) -> str:
    return f"web:ended:{sender}"

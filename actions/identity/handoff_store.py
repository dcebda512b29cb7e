"""Keeps sign-ins that are under way, in Redis: each stage under a secret that only one side holds.

A secret is 256 random bits; Redis holds its SHA-256 and, sealed, what it stands for. Who reads
Redis can neither make a link nor see whose it is. To look changes nothing; to take happens once,
whoever comes at the same time. No more than three sign-ins of a sender are under way: a fourth
ends the oldest.
"""

import base64
import hashlib
import json
import logging
import re
import secrets
from datetime import timedelta
from typing import Any, Literal, Optional, Type, TypeVar

from pydantic import parse_raw_as
from pydantic.json import pydantic_encoder

from actions.identity.journey import Journey, Parked
from actions.identity.model import HandOff
from core.sealing import seal, unseal
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

T = TypeVar("T")
Kind = Literal["link", "broker", "parked", "undo"]

#: For how long each stage may last.
LIFETIMES = {
    "link": timedelta(minutes=5),
    "broker": timedelta(minutes=10),
    "parked": timedelta(minutes=5),
    "undo": timedelta(hours=1),
}
AT_MOST = 3
#: URL-safe base64 of 256 bits.
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")

#: Writes a record and its name into the index; ends the oldest of those beyond the limit.
_PUT = """
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local now = redis.call('TIME')
redis.call('ZADD', KEYS[2], now[1] * 1000000 + now[2], KEYS[1])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
local alive = {}
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if redis.call('EXISTS', key) == 1 then alive[#alive + 1] = key
  else redis.call('ZREM', KEYS[2], key) end
end
for place = 1, #alive - tonumber(ARGV[3]) do
  redis.call('DEL', alive[place])
  redis.call('ZREM', KEYS[2], alive[place])
end
"""
#: The same, if a link is still there to be used up by it.
_PUT_INSTEAD = f"if redis.call('DEL', KEYS[3]) == 0 then return 0 end {_PUT} return 1"
_END = """
local ended = 0
for _, index in ipairs(KEYS) do
  for _, key in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    ended = ended + redis.call('DEL', key)
  end
  redis.call('DEL', index)
end
return ended
"""


class HandOffStore:
    """Sign-ins that are under way.

    Args:
        client: an asynchronous Redis client with text answers.
    """

    def __init__(self, client: Any, vault: Vault) -> None:
        self._client = client
        self._vault = vault
        self._put_script = client.register_script(_PUT)
        self._put_instead_script = client.register_script(_PUT_INSTEAD)
        self._end_script = client.register_script(_END)

    async def create(self, hand_off: HandOff) -> str:
        """Keeps a hand-off for five minutes and returns the token of its link."""
        token = secrets.token_urlsafe(32)
        await self._put("link", token, hand_off, hand_off.sender)
        return token

    async def look(self, token: str) -> Optional[HandOff]:
        """The hand-off behind a token, if there is one. Changes nothing."""
        key = _key("link", token)
        sealed = await self._client.get(key) if key else None
        return self._open(key, sealed, HandOff)

    async def consume(self, token: str) -> Optional[HandOff]:
        """The hand-off behind a token, for one caller only, even of several at once."""
        return await self._take("link", token, HandOff)

    async def begin(self, token: str, journey: Journey, state: str, cookie: str) -> bool:
        """Uses a link up and keeps a journey in its place, in one step.

        Args:
            state: 256 random bits in URL-safe base64, which come back with the person.
            cookie: as many, of the browser; without them ``finish`` finds nothing.

        Returns:
            False when somebody was faster: nothing is kept.
        """
        keys, args = self._sealed("broker", _both(state, cookie), journey, journey.hand_off.sender)
        return bool(await self._put_instead_script(keys=[*keys, _key("link", token)], args=args))

    async def finish(self, state: str, cookie: str) -> Optional[Journey]:
        """The journey that this browser began with this state, once."""
        if not (_SECRET.fullmatch(state) and _SECRET.fullmatch(cookie)):
            return None
        return await self._take("broker", _both(state, cookie), Journey)

    async def park(self, parked: Parked) -> None:
        """Keeps a login until its chat confirms it; one of a sender at a time."""
        sender = parked.hand_off.sender
        await self._put("parked", _of_sender(sender), parked, sender)

    async def is_parked(self, sender: str) -> bool:
        """Whether a login waits for this sender's word. Changes nothing."""
        return bool(await self._client.exists(_key("parked", _of_sender(sender))))

    async def unpark(self, sender: str) -> Optional[Parked]:
        """The login that waits for this sender's word, once: there is one try."""
        return await self._take("parked", _of_sender(sender), Parked)

    async def undo_ticket(self, sender: str) -> str:
        """A ticket with which the browser of a login may take it back for an hour."""
        ticket = secrets.token_urlsafe(32)
        await self._put("undo", ticket, sender, sender)
        return ticket

    async def undo(self, ticket: str) -> Optional[str]:
        """The sender whose sign-in a ticket takes back, once."""
        return await self._take("undo", ticket, str)

    async def end_of(self, sender: str) -> int:
        """Ends all that is under way for a sender. Returns how many things that were."""
        kinds: "tuple[Kind, ...]" = ("link", "undo")
        return int(await self._end_script(keys=[_index(kind, sender) for kind in kinds]))

    async def _put(self, kind: Kind, secret: str, record: Any, sender: str) -> None:
        keys, args = self._sealed(kind, secret, record, sender)
        await self._put_script(keys=keys, args=args)

    def _sealed(
        self, kind: Kind, secret: str, record: Any, sender: str
    ) -> "tuple[list[str], list[Any]]":
        """What the scripts are given: where a record stands and its index; the record itself."""
        key, lifetime = _key(kind, secret), LIFETIMES[kind]
        sealed = seal(self._vault, json.dumps(record, default=pydantic_encoder), key)
        milliseconds = int(lifetime.total_seconds() * 1000)
        return [key, _index(kind, sender)], [sealed, milliseconds, AT_MOST]

    async def _take(self, kind: Kind, secret: str, of: Type[T]) -> Optional[T]:
        key = _key(kind, secret)
        sealed = await self._client.getdel(key) if key else None
        return self._open(key, sealed, of)

    def _open(self, key: str, sealed: Optional[str], of: Type[T]) -> Optional[T]:
        if sealed is None:
            return None
        try:
            return parse_raw_as(of, unseal(self._vault, sealed, key))
        except VaultError:  # its key was taken out of use: the sign-in has ended with it
            logger.exception("a sign-in under way cannot be read")
            return None


def _key(kind: Kind, secret: str) -> str:
    """Where a record stands; empty for what was never a secret of ours, however long it is."""
    if not _SECRET.fullmatch(secret):
        return ""
    return f"identity:{kind}:{hashlib.sha256(secret.encode()).hexdigest()}"


def _index(kind: Kind, sender: str) -> str:
    """The names of a sender's records: tickets to undo stand apart, they end no sign-in."""
    group = "undo" if kind == "undo" else "sign-ins"
    return f"identity:{group}-of:{sender}"


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _both(state: str, cookie: str) -> str:
    """One secret of two, so that either alone finds nothing."""
    return _digest(f"{state}.{cookie}")


def _of_sender(sender: str) -> str:
    """Where the login of a sender waits; the chat's own identity is what it takes to reach it."""
    return _digest(f"parked {sender}")

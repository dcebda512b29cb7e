"""Messages that could not be sent, for staff to look at, to send again or to drop.

What they say and to whom stays sealed: staff see the kind of a message and why it was not sent.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, List, Mapping, Optional

from channels.common.envelope import sender_of
from core.mailboxes import Mailboxes

#: How many are kept, the newest, and how long.
_MOST = 1000
_KEPT = timedelta(days=30)

#: Ends a script over the outbox: the head of a line becomes a dead letter.
BURY = (
    f"local most, kept_ms = {_MOST}, {round(_KEPT.total_seconds() * 1000)}"
    + """
local line, token, id, letter = unpack(ARGV, 3)
if not holds(own, line, token) then return -1 end
local letters, order = own .. ':dead', own .. ':dead:order'
local function forget(ids)
  for _, old in ipairs(ids) do
    redis.call('HDEL', letters, old)
    redis.call('ZREM', order, old)
  end
end
if drop(own, line, id) then
  redis.call('HSET', letters, id, letter)
  redis.call('ZADD', order, now, id)
  forget(redis.call('ZRANGEBYSCORE', order, '-inf', now - kept_ms))
  forget(redis.call('ZRANGE', order, 0, -most - 1))
end
return go_on(own, line)
"""
)
_TAKE_OUT = """
local id, line, item = unpack(ARGV, 3)
redis.call('ZREM', own .. ':dead:order', id)
if redis.call('HDEL', own .. ':dead', id) == 0 then return 0 end
if item ~= '' then
  local waits = redis.call('EXISTS', list(own, line)) == 1
  add(own, line, item)
  if not waits then due(own, line, now) end
end
return 1
"""


@dataclass(frozen=True)
class DeadLetter:
    """A message that was not sent.

    Attributes:
        maybe: it may have reached the person all the same.
        at: when it was given up.
    """

    id: str
    line: str
    channel: str
    account: str
    kind: str
    reason: str
    tries: int
    maybe: bool
    at: datetime
    sealed: str

    @property
    def sender(self) -> str:
        return sender_of(self.line)


class DeadLetters:
    """The outbox's dead letters.

    Args:
        client: an asynchronous Redis client with text answers.
    """

    def __init__(self, client: Any, name: str = "outbox") -> None:
        self._client = client
        self._boxes = Mailboxes(client, name)
        self._take_out = self._boxes.script(_TAKE_OUT)

    async def list(self) -> "List[DeadLetter]":
        """All of them, the oldest first."""
        name = self._boxes.name
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.zrange(f"{name}:dead:order", 0, -1, withscores=True)
            pipe.hgetall(f"{name}:dead")
            order, letters = await pipe.execute()
        return [_letter(item_id, at, json.loads(letters[item_id])) for item_id, at in order]

    async def retry(self, item_id: str) -> bool:
        """Puts a letter at the end of its line, with all its tries before it again.

        Returns:
            Whether there was such a letter.
        """
        letter = await self._find(item_id)
        if letter is None:
            return False
        item = f"{letter.id} 0 {int(letter.maybe)} {letter.sealed}"
        return bool(await self._boxes.run(self._take_out, item_id, letter.line, item))

    async def drop(self, item_id: str) -> bool:
        """Deletes a letter. Returns whether there was such a letter."""
        return bool(await self._boxes.run(self._take_out, item_id, "", ""))

    async def forget(self, sender: str) -> int:
        """Deletes the letters to a person. Returns how many those were."""
        theirs = [letter for letter in await self.list() if letter.sender == sender]
        return sum([await self.drop(letter.id) for letter in theirs])

    async def _find(self, item_id: str) -> Optional[DeadLetter]:
        found = await self._client.hget(f"{self._boxes.name}:dead", item_id)
        return None if found is None else _letter(item_id, 0, json.loads(found))


def _letter(item_id: str, at_ms: float, values: Mapping[str, Any]) -> DeadLetter:
    at = datetime.fromtimestamp(at_ms / 1000, timezone.utc)
    return DeadLetter(id=item_id, at=at, **values)

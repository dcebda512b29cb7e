"""Boxes of messages in Redis, one a person, worked off strictly in order by one process at a time.

A sorted set names every box with work and the moment at which anybody may take it: the end of its
holder's lease, or when it is due. Whoever takes a box gets a ticket with a random token; a process
that was thought dead and comes back has an old token and can change nothing (fencing). Why not
streams with consumer groups: docs/adr/0010-mailboxes.md.

Every change is one Lua script, and time is Redis's own, so that processes need not agree on it.
One Redis server is meant, not a cluster: the scripts touch keys that they name themselves.
"""

import secrets
from dataclasses import dataclass
from typing import Any, List, Optional, Sequence

from core.errors import OneStopError

#: How long a holder may be silent before its box is given to another.
LEASE_S = 30.0

#: What every script begins with; the first two arguments are the name of the boxes and the lease.
#: An item begins with its id and a space. ``lost`` counts how often the holders of a box died since
#: its head was last dropped.
_LIBRARY = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local own, lease = ARGV[1], tonumber(ARGV[2])

local function list(name, box) return name .. ':box:' .. box end
local function id_of(item) return string.match(item, '^%S+') end
local function holds(name, box, token)
  return redis.call('HGET', name .. ':holders', box) == token
end
local function due(name, box, moment) redis.call('ZADD', name .. ':leases', moment, box) end

local function add(name, box, item)
  redis.call('RPUSH', list(name, box), item)
  redis.call('INCR', name .. ':size')
end

-- Gives a box to the holder of a token; returns how many holders of it died.
local function hold(name, box, token)
  if redis.call('HSET', name .. ':holders', box, token) == 0 then
    redis.call('HINCRBY', name .. ':lost', box, 1)
  end
  due(name, box, now + lease)
  return tonumber(redis.call('HGET', name .. ':lost', box) or 0)
end

-- Nobody holds the box any more, and nobody is to take it.
local function let_go(name, box)
  redis.call('HDEL', name .. ':holders', box)
  redis.call('HDEL', name .. ':lost', box)
  redis.call('ZREM', name .. ':leases', box)
end

-- Whether this was the head; if so it is gone.
local function drop(name, box, id)
  local head = redis.call('LINDEX', list(name, box), 0)
  if not head or id_of(head) ~= id then return false end
  redis.call('LPOP', list(name, box))
  redis.call('DECR', name .. ':size')
  redis.call('HDEL', name .. ':lost', box)
  return true
end

-- Renews the lease when more waits, else ends it; returns 1 or 0.
local function go_on(name, box)
  if redis.call('EXISTS', list(name, box)) == 0 then let_go(name, box) return 0 end
  due(name, box, now + lease)
  return 1
end

-- Deletes all items, and what is known of the box; returns how many.
local function clear(name, box)
  local count = redis.call('LLEN', list(name, box))
  redis.call('DEL', list(name, box))
  redis.call('DECRBY', name .. ':size', count)
  let_go(name, box)
  return count
end
"""

#: What a script returns to a holder that is none any more.
LOST = -1
_TAKE = """
local taken = {}
for _, box in ipairs(redis.call('ZRANGEBYSCORE', own .. ':leases', '-inf', now,
                                'LIMIT', 0, ARGV[4])) do
  table.insert(taken, {box, hold(own, box, ARGV[3])})
end
return taken
"""
_HEAD = """
if not holds(own, ARGV[3], ARGV[4]) then return -1 end
return redis.call('LINDEX', list(own, ARGV[3]), 0)
"""
_RENEW = """
if not holds(own, ARGV[3], ARGV[4]) then return -1 end
return go_on(own, ARGV[3])
"""
_DROP = """
if not holds(own, ARGV[3], ARGV[4]) then return -1 end
drop(own, ARGV[3], ARGV[5])
return go_on(own, ARGV[3])
"""


class LostLease(OneStopError):
    """The box is another's by now, or was emptied: nothing was changed."""


@dataclass(frozen=True)
class Ticket:
    """The right to work a box off until its lease ends.

    Attributes:
        lost: how many holders died over the item that is now the head. A message that kills
            whoever works at it is known by this.
    """

    box: str
    token: str
    lost: int = 0


class Mailboxes:
    """Boxes under one name.

    Args:
        client: an asynchronous Redis client with text answers.
        name: what their keys begin with.
    """

    def __init__(self, client: Any, name: str, lease_s: float = LEASE_S) -> None:
        self._client = client
        self.name = name
        self.lease_s = lease_s
        self._take, self._head = self.script(_TAKE), self.script(_HEAD)
        self._renew, self._drop = self.script(_RENEW), self.script(_DROP)

    def script(self, body: str) -> Any:
        """A Lua script that has the functions above; its own arguments begin with the third."""
        return self._client.register_script(_LIBRARY + body)

    async def run(self, script: Any, *arguments: Any) -> Any:
        """Runs a script over these boxes.

        Raises:
            LostLease: the script says so.
        """
        found = await script(args=[self.name, round(self.lease_s * 1000), *arguments])
        if found == LOST:
            raise LostLease(f"A box of the {self.name} is not ours any more.")
        return found

    async def take(self, limit: int) -> Sequence[Ticket]:
        """Takes at most ``limit`` boxes that are due or whose holder died, the oldest first."""
        token = new_token()
        return [
            Ticket(box, token, int(lost)) for box, lost in await self.run(self._take, token, limit)
        ]

    async def head(self, ticket: Ticket) -> Optional[List[str]]:
        """The words of the oldest item, its id first; None when there is none.

        Raises:
            LostLease: the box is not ours any more.
        """
        item = await self.run(self._head, ticket.box, ticket.token)
        return item.split(" ") if item else None

    async def renew(self, ticket: Ticket) -> bool:
        """Lets the lease begin anew. Returns whether anything waits; if not, the lease has ended.

        Raises:
            LostLease: the box is not ours any more.
        """
        return bool(await self.run(self._renew, ticket.box, ticket.token))

    async def drop(self, ticket: Ticket, item_id: str) -> bool:
        """Takes the head away, if it is this item still. Returns as ``renew`` does.

        Raises:
            LostLease: the box is not ours any more.
        """
        return bool(await self.run(self._drop, ticket.box, ticket.token, item_id))

    async def size(self) -> int:
        """How many items stand in all boxes together."""
        return int(await self._client.get(f"{self.name}:size") or 0)

    def list_key(self, box: str) -> str:
        """Where the items of a box stand."""
        return f"{self.name}:box:{box}"


def new_token() -> str:
    """A token that no other holder has."""
    return secrets.token_hex(12)

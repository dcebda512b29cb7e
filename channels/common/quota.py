"""How many messages a platform lets us send to a person who has done something.

A ledger of our own, so that the platform need not refuse: what we may not send waits until the
person writes again. The platform's own count decides where the two differ (``exhausted``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, Sequence

#: A person's grants stand in one hash, each as the messages left and the millisecond at which it
#: ends: “5:1763802123000”. “spent” names the one that was drawn from last, until it is refunded or
#: the person does something again.
_LIBRARY = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local key = KEYS[1]

local function read(grant)
  local left, ends = string.match(redis.call('HGET', key, grant) or '', '^(%d+):(%d+)$')
  if not ends or tonumber(ends) <= now then return 0, 0 end
  return tonumber(left), tonumber(ends)
end
local function write(grant, left, ends)
  redis.call('HSET', key, grant, left .. ':' .. string.format('%.0f', ends))
end
local function grants()
  local found = {}
  for _, grant in ipairs(redis.call('HKEYS', key)) do
    local left, ends = read(grant)
    if left > 0 then table.insert(found, {grant, left, ends}) end
  end
  return found
end
"""
_GRANT = """
local grant, messages, starts, lasts = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local ends = math.min(starts, now) + lasts
local _, before = read(grant)
if ends <= now or ends < before then return end
write(grant, messages, ends)
redis.call('HDEL', key, 'spent')
if redis.call('PTTL', key) < ends - now then
  redis.call('PEXPIREAT', key, string.format('%.0f', ends))
end
"""
_LEFT = """
local count = 0
for _, found in ipairs(grants()) do count = count + found[2] end
return count
"""
_SPEND = """
local first
for _, found in ipairs(grants()) do
  if not first or found[3] < first[3] then first = found end
end
if not first then return 0 end
write(first[1], first[2] - 1, first[3])
redis.call('HSET', key, 'spent', first[1])
return 1
"""
_REFUND = """
local grant = redis.call('HGET', key, 'spent')
if not grant then return end
redis.call('HDEL', key, 'spent')
local left, ends = read(grant)
for i = 1, #ARGV, 2 do
  if ARGV[i] == grant and ends > 0 then
    write(grant, math.min(left + 1, tonumber(ARGV[i + 1])), ends)
  end
end
"""
_EXHAUSTED = "if redis.call('HEXISTS', key, 'spent') == 1 then redis.call('DEL', key) end"


@dataclass(frozen=True)
class Rule:
    """What a person's doing something lets us send.

    Attributes:
        event: what the person did (``Incoming.event``).
        messages: how many messages it is good for.
        seconds: for how long.
    """

    event: str
    messages: int
    seconds: int


class Quota:
    """The ledger of one kind of account.

    Args:
        client: an asynchronous Redis client with text answers.
        rules: of the platform; each event has a grant of its own, which the same event renews.
    """

    def __init__(self, client: Any, rules: Sequence[Rule]) -> None:
        self._client = client
        self._rules: Dict[str, Rule] = {rule.event: rule for rule in rules}
        self._most = [word for rule in rules for word in (rule.event, rule.messages)]
        self._scripts = {
            script: client.register_script(_LIBRARY + script)
            for script in (_GRANT, _LEFT, _SPEND, _REFUND, _EXHAUSTED)
        }

    async def grant(self, sender: str, event: str, at: datetime) -> None:
        """A person did something: what it is good for begins anew. Other events change nothing.

        Args:
            at: when; a moment in the future is taken for now.
        """
        rule = self._rules.get(event)
        if rule:
            starts, lasts = round(at.timestamp() * 1000), rule.seconds * 1000
            await self._run(_GRANT, sender, event, rule.messages, starts, lasts)

    async def left(self, sender: str) -> int:
        """How many messages may be sent now."""
        return int(await self._run(_LEFT, sender))

    async def spend(self, sender: str) -> bool:
        """Takes one message from the grant that ends first. Returns whether there was any."""
        return bool(await self._run(_SPEND, sender))

    async def refund(self, sender: str) -> None:
        """The message that was spent last certainly did not reach the person."""
        await self._run(_REFUND, sender, *self._most)

    async def exhausted(self, sender: str) -> None:
        """The platform refused what was spent last because of the quota: nothing is left of it.

        Who has done something since then may be sent messages again.
        """
        await self._run(_EXHAUSTED, sender)

    async def _run(self, script: str, sender: str, *arguments: Any) -> Any:
        return await self._scripts[script](keys=[_key(sender)], args=arguments)


def _key(sender: str) -> str:
    return f"quota:{sender}"

"""A limit on wrong tries, so that nobody finds an appointment by guessing.

A try counts from before the lookup, so that many at once are no more than many in a row, and is
given back when the lookup was right. Each counted try starts the hour anew, so that there is no
hour, wherever it begins, with more of them than the limit; those that are refused do not.
"""

from typing import Callable

import redis.asyncio

#: Wrong tries in an hour, of one sender and at one reference.
PER_SENDER, PER_REFERENCE = 5, 20
_HOUR_S = 3600

#: Counts one for both, unless either has had its number.
_COUNT = """
for place, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[place]) then return 0 end
end
for _, key in ipairs(KEYS) do
  redis.call('INCR', key)
  redis.call('EXPIRE', key, ARGV[3])
end
return 1
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
"""


class Tries:
    """Counts the tries of senders, and at references, whether these exist or not.

    Args:
        fingerprint: the keyed hash of a value for a purpose; neither stands in a key as such.
    """

    def __init__(
        self, client: "redis.asyncio.Redis[str]", fingerprint: Callable[[str, str], str]
    ) -> None:
        self._client = client
        self._fingerprint = fingerprint

    async def allowed(self, sender: str, reference: str) -> bool:
        """Whether the sender may look this reference up now. If so, it counts as a wrong try.

        Args:
            reference: in its canonical form (references.find).
        """
        keys = self._keys(sender, reference)
        return bool(await self._client.eval(_COUNT, 2, *keys, PER_SENDER, PER_REFERENCE, _HOUR_S))

    async def give_back(self, sender: str, reference: str) -> None:
        """The try that was allowed was right after all, or the book could not answer it."""
        await self._client.eval(_GIVE_BACK, 2, *self._keys(sender, reference))

    def _keys(self, sender: str, reference: str) -> "tuple[str, str]":
        hashed = [self._fingerprint("try", value) for value in (sender, reference)]
        return f"tries:sender:{hashed[0]}", f"tries:reference:{hashed[1]}"

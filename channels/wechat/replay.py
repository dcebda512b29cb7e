"""Requests that somebody saw and sends again, with something else in them.

WeChat itself does not bound a request's time, and in plain mode its signature does not cover the
body: who sees one address could post any text with it. So a request is taken within five minutes
only, and a signature with one body only. The very same request again is no attack: WeChat repeats
what it got no answer to, and gets the answer that it is owed.
"""

import hashlib
import re
from typing import TYPE_CHECKING

from channels.wechat.refused import Refused
from core.clock import Clock
from core.vault import Vault

if TYPE_CHECKING:
    import redis.asyncio

#: Seconds that a request's timestamp may be away from our clock, in either direction.
WINDOW_S = 300

_TIMESTAMP = re.compile(r"[0-9]{1,12}")

# One step, so that of two bodies that come at once only one is taken.
_ADMIT = """
local seen = redis.call('GET', KEYS[1])
if not seen then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return 1
end
return seen == ARGV[1] and 1 or 0
"""


def check_time(timestamp: str, clock: Clock) -> None:
    """Refuses a request that is not of now.

    Args:
        timestamp: the request's, in seconds since 1970.

    Raises:
        Refused: it is more than five minutes off, or no number.
    """
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Refused("timestamp")
    if abs(int(timestamp) - clock().timestamp()) > WINDOW_S:
        raise Refused("timestamp")


class Replays:
    """Remembers which body each signature came with, in all workers."""

    def __init__(self, client: "redis.asyncio.Redis[str]", vault: Vault) -> None:
        self._admit = client.register_script(_ADMIT)
        self._vault = vault

    async def check(
        self, app_id: str, signature: str, timestamp: str, nonce: str, body: bytes
    ) -> None:
        """Refuses a signature that came with another body.

        Args:
            signature: the one that the request stands on, checked already.
            body: what came, as it came.

        Raises:
            Refused: this timestamp, nonce and signature came with another body before.
            RedisError: nothing can be said now.
        """
        # Length before each part, so that no two requests share a name.
        parts = (app_id, timestamp, nonce, signature)
        name = "".join(f"{len(part)}:{part}" for part in parts)
        key = "wechat:replay:" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        # Keyed: a short text could be guessed from its hash.
        seen = self._vault.fingerprint("wechat body", hashlib.sha256(body).hexdigest())
        # A timestamp of the future stays good for twice the window.
        if not await self._admit(keys=[key], args=[seen, 2 * WINDOW_S]):
            raise Refused("replay")

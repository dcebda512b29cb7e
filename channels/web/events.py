"""What is said, as server-sent events: the history first, then what comes."""

import re
from collections import Counter
from contextlib import suppress
from typing import Optional

from redis.exceptions import ConnectionError
from sanic.request import Request

from channels.web.history import History

#: Streams of one session at a time: the windows of a person, not a way to use up connections.
_STREAMS = 6
_EVENT_ID = re.compile(r"^[0-9]{1,19}-[0-9]{1,19}$", re.ASCII)


class EventStreams:
    """The open streams of this process."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._open: Counter[str] = Counter()

    def is_full(self, sender: str) -> bool:
        """Whether a sender has as many streams as one may have."""
        return self._open[sender] >= _STREAMS

    async def serve(self, request: Request, sender: str) -> None:
        """Sends events until the client goes away or the server stops."""
        self._open[sender] += 1
        try:
            await self._send(request, sender)
        finally:
            self._open[sender] -= 1
            if not self._open[sender]:
                del self._open[sender]

    async def _send(self, request: Request, sender: str) -> None:
        last = request.headers.get("last-event-id", "")
        if not _EVENT_ID.match(last):
            last = "0-0"
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = await request.respond(content_type="text/event-stream", headers=headers)
        for event_id, message in await self._history.since(sender, last):
            await stream.send(_event("message", message, event_id))
            last = event_id
        await stream.send(_event("ready", "{}"))
        with suppress(ConnectionError):  # Redis stops before us when the server does
            async for event in self._history.follow(sender, last):
                heard = _event("message", event[1], event[0]) if event else ": still here\n\n"
                await stream.send(heard)


def _event(name: str, data: str, event_id: Optional[str] = None) -> str:
    identity = f"id: {event_id}\n" if event_id else ""
    return f"{identity}event: {name}\ndata: {data}\n\n"

"""What the assistant says on the page when no message of the person's began it."""

from channels.common.turn import Turn
from channels.web.history import History
from core.clock import Clock


class WebSpeaker:
    """Writes a turn into the history (see ``channels.common.resume.Speaker``)."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history = history
        self._clock = clock

    async def say(self, sender: str, turn: Turn, key: str) -> None:
        for place, reply in enumerate(turn.replies, 1):
            asks = turn.asks if place == len(turn.replies) else None
            await self._history.add_bot(sender, reply, turn.reader.variant, self._clock(), asks)

"""Forgets a person: every place that keeps something about a sender deletes it."""

from typing import Awaitable, Callable, Sequence

#: Deletes all that one place keeps about a sender.
Forget = Callable[[str], Awaitable[None]]


class PrivacyService:
    """Knows every place that keeps something about a sender."""

    def __init__(self, places: Sequence[Forget]) -> None:
        self._places = list(places)

    async def forget(self, sender: str) -> None:
        """Deletes what is kept about ``sender``; when this returns, it is gone."""
        for place in self._places:
            await place(sender)

"""Takes an opinion down, without personal data."""

from datetime import datetime
from typing import Protocol

from core.clock import Clock
from core.privacy import mask

_LONGEST = 2000


class Store(Protocol):
    """What the service needs of a store."""

    def add(self, sender: str, text: str, said_at: datetime) -> None: ...


class FeedbackService:
    """Keeps opinions for staff to read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def leave(self, sender: str, text: str) -> None:
        """Stores an opinion, masked. When this returns it is stored."""
        self._store.add(sender, mask(text)[:_LONGEST], self._clock())

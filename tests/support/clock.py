"""A clock that tells the real time until a test sets it."""

from datetime import datetime, timedelta
from typing import Optional

from core.clock import system_clock


class SettableClock:
    """What the assistant of the tests looks at."""

    def __init__(self) -> None:
        self._now: Optional[datetime] = None

    def __call__(self) -> datetime:
        return self._now or system_clock()

    def set(self, now: Optional[datetime]) -> None:
        """Stands still at ``now``; None is the real time again."""
        self._now = now

    def turn(self, **by: float) -> None:
        self._now = self() + timedelta(**by)

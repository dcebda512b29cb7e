"""Time is injected, so that rules about days and deadlines can be tested."""

from datetime import datetime, timezone
from typing import Callable

#: Returns the present moment, always with a time zone.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(timezone.utc)

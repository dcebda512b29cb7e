"""Leaves a system that keeps failing alone: people are told at once, and it can recover."""

import time
from typing import Callable


class Breaker:
    """Opens after so many failures in a row; then one call at a time finds out whether it is over.

    Args:
        failures: how many in a row open it.
        rest_s: seconds for which it stays open.
        clock: seconds that only ever grow, so that setting the machine's time changes nothing.
    """

    def __init__(
        self,
        failures: int = 5,
        rest_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures, self._rest_s, self._clock = failures, rest_s, clock
        self._in_a_row, self._open_until = 0, 0.0

    def lets_through(self) -> bool:
        """Whether a call may be made now."""
        if self._in_a_row < self._failures:
            return True
        if self._clock() < self._open_until:
            return False
        self._open_until = self._clock() + self._rest_s  # this one tries; the others wait for it
        return True

    def failed(self) -> None:
        self._in_a_row += 1
        self._open_until = self._clock() + self._rest_s

    def worked(self) -> None:
        self._in_a_row = 0

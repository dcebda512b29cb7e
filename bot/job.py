"""What the worker does again and again."""

from typing import Awaitable, Callable, NamedTuple


class Job(NamedTuple):
    """Something to do again and again, ``every_s`` seconds after it was done last."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[object]]

"""One process at a time, over a file that stays."""

import fcntl
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Waits until no other process holds the lock, which ends with the process at the latest.

    Args:
        path: the lock's file; its folder must be there.
    """
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""The live knowledge: always one whole snapshot, replaced when files change."""

import logging
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Callable, Optional

from core.errors import OneStopError
from knowledge.fault import Fault
from knowledge.loader import Files, load_files, snapshot
from knowledge.model import Snapshot

logger = logging.getLogger(__name__)

#: How often the folder is looked at: a change must show within two seconds.
WATCH_S = 0.5


class KnowledgeStore:
    """Holds the present snapshot and keeps it fresh.

    ``current`` may be read from any thread: a snapshot never changes, it is replaced.
    """

    def __init__(self, folder: Path, known: Optional[Files] = None, demo: bool = True) -> None:
        """Loads ``folder``.

        Args:
            demo: whether centres that are stand-ins count; where they do not, they are left out.
            known: files that were read before; those that have not changed are not read again.

        Raises:
            OneStopError: the folder holds no usable entry at all.
        """
        self._folder = folder
        self._files: Files = load_files(folder, known)
        self._demo = demo
        self.current: Snapshot = self._snapshot()
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._stop = threading.Event()
        self._report()
        if not self.current.entries or not self.current.phrases:
            raise OneStopError(f"There is no knowledge in {folder}.")

    def _snapshot(self) -> Snapshot:
        made = snapshot(self._files, self._folder)
        if self._demo:
            return made
        centres = {key: centre for key, centre in made.centres.items() if not centre.demo}
        return replace(made, centres=centres)

    @property
    def faults(self) -> list[Fault]:
        """Faults of the files as they are now; answers still come from their last good version."""
        return [fault for file in self._files.values() for fault in file.faults]

    def on_change(self, listener: Callable[[Snapshot], None]) -> None:
        """Calls ``listener`` with each new snapshot, before it becomes the current one."""
        self._listeners.append(listener)

    def refresh(self) -> bool:
        """Reads changed files again. Returns whether there is a new snapshot."""
        files = load_files(self._folder, self._files)
        known, self._files = self.faults, files
        if self.faults != known:
            self._report()
        fresh = self._snapshot()
        if fresh.revision == self.current.revision:
            return False
        if not fresh.entries:
            logger.error("knowledge: %s holds no entries; the last ones stay", self._folder)
            return False
        # Without its sentences the assistant is mute; what is missing stays as it was.
        lost = sorted(self.current.phrases.keys() - fresh.phrases.keys())
        if lost:
            logger.error("knowledge: the sentences %s are missing; they stay", ", ".join(lost))
            fresh = replace(
                fresh,
                phrases={**self.current.phrases, **fresh.phrases},
                buttons={**self.current.buttons, **fresh.buttons},
            )
        for listener in self._listeners:
            listener(fresh)
        self.current = fresh
        logger.info("knowledge revision %s, %d entries", fresh.revision, len(fresh.entries))
        return True

    def watch(self) -> None:
        """Starts a thread that refreshes when files change; ``close`` ends it."""
        threading.Thread(target=self._watch, name="knowledge-watch", daemon=True).start()

    def close(self) -> None:
        self._stop.set()

    def _watch(self) -> None:
        """Looks at the files' times again and again.

        Notifications of the operating system follow a folder that was moved away; this does not,
        and takes milliseconds a look.
        """
        seen = _times(self._folder)
        while not self._stop.wait(WATCH_S):
            started = time.monotonic()
            now = _times(self._folder)
            if now != seen:
                seen = now
                try:
                    self.refresh()
                except Exception:
                    logger.exception("knowledge could not be refreshed; the last snapshot stays")
            # A folder of very many files is looked at less often, not all the time.
            self._stop.wait(4 * (time.monotonic() - started))

    def _report(self) -> None:
        for fault in self.faults:
            logger.error("knowledge: %s", fault)


def _times(folder: Path) -> "dict[str, tuple[int, int]]":
    """Each file's time of change in nanoseconds, and its size; nothing while the folder is away."""
    times: dict[str, tuple[int, int]] = {}
    try:
        for path in folder.rglob("*.yml"):
            try:
                status = path.stat()
                times[str(path)] = (status.st_mtime_ns, status.st_size)
            except OSError:
                times[str(path)] = (0, 0)  # gone or unreadable
    except OSError:
        return {}
    return times

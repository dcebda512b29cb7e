"""The live knowledge: always one whole snapshot, replaced when files change."""

import logging
import threading
from pathlib import Path
from typing import Callable

from watchfiles import watch

from core.errors import OneStopError
from knowledge.fault import Fault
from knowledge.loader import Files, load_files, snapshot
from knowledge.model import Snapshot

logger = logging.getLogger(__name__)

#: How often the folder is looked at, in milliseconds: a change must show within two seconds.
WATCH_MS = 400


class KnowledgeStore:
    """Holds the present snapshot and keeps it fresh.

    ``current`` may be read from any thread: a snapshot never changes, it is replaced.
    """

    def __init__(self, folder: Path) -> None:
        """Loads ``folder``.

        Raises:
            OneStopError: the folder holds no usable entry at all.
        """
        self._folder = folder
        self._files: Files = load_files(folder)
        self.current: Snapshot = snapshot(self._files, folder)
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._stop = threading.Event()
        self._report()
        if not self.current.entries or not self.current.phrases:
            raise OneStopError(f"There is no knowledge in {folder}.")

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
        fresh = snapshot(files, self._folder)
        if fresh.revision == self.current.revision:
            return False
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
        for _ in watch(
            self._folder, step=50, debounce=WATCH_MS, stop_event=self._stop, raise_interrupt=False
        ):
            try:
                self.refresh()
            except Exception:
                logger.exception("knowledge could not be refreshed; the last snapshot stays")

    def _report(self) -> None:
        for fault in self.faults:
            logger.error("knowledge: %s", fault)

"""Keeps another process of the assistant running beside this one, and takes it along at the end."""

import logging
import subprocess
import threading
import time
from typing import Sequence

logger = logging.getLogger(__name__)

#: Seconds before a process that died is started again: doubled each time that it dies early.
_PAUSE_S, _LONGEST_PAUSE_S, _EARLY_S = 1.0, 30.0, 60.0
_STOP_S = 3.0


class Companion:
    """A child process that is started again when it dies. Use as a context manager.

    Its standard input is a pipe that ends when this process does, even when it is killed; the
    child is to stop then. Ctrl-C reaches this process alone.

    Args:
        name: what the log calls it.
        command: the program and its arguments.
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._name = name
        self._command = list(command)
        self._stopping = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> "Companion":
        self._process = self._start()
        self._watcher = threading.Thread(target=self._watch, name=self._name, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:  # none is started from now on
            self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._watcher.join()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603
            self._command, stdin=subprocess.PIPE, start_new_session=True
        )

    def _watch(self) -> None:
        pause = _PAUSE_S
        while True:
            began = time.monotonic()
            code = self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            if time.monotonic() - began > _EARLY_S:
                pause = _PAUSE_S
            if self._stopping.is_set():
                return
            logger.error(
                "the %s ended (%s); it is started again in %.0f s", self._name, code, pause
            )
            self._stopping.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = self._start()

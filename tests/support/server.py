"""The real server in its own process, on a free port and a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Dict, Optional

from core.settings import ROOT


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``onestop serve``; use as a context manager. After ``kill`` it can be entered again.

    Args:
        data: its data folder; the project's trained models are linked into it.
        environment: further variables.
        part: the part of the assistant; all of it by default.
        module: what is run as the command line.

    Attributes:
        environment: may be changed until it is entered.
    """

    def __init__(
        self,
        data: Path,
        environment: Optional[Dict[str, str]] = None,
        part: Optional[str] = None,
        module: str = "bot.cli",
    ) -> None:
        (data / "models").symlink_to(ROOT / "var" / "models")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        self._command = [sys.executable, "-m", module, "serve", *([part] if part else [])]
        self.environment = {
            **os.environ,
            "ONESTOP_PORT": str(self.port),
            "ONESTOP_DATA_DIR": str(data),
            **(environment or {}),
        }

    def __enter__(self) -> "Server":
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self._command,
                env=self.environment, stdout=log, stderr=log, cwd=ROOT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise AssertionError(f"The server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """Kills it with all its workers, in the middle of whatever they do."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

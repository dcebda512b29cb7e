"""Our assistant as a whole process, driven over HTTP as the page does."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Dict, Tuple

import psutil
import redis

from core.cache import RedisServer
from core.settings import ROOT, Settings
from tests.support.server import Server

_ONESTOP = str(Path(sys.executable).parent / "onestop")


def child_environment() -> Dict[str, str]:
    """This process's environment; bytecode may be written, as it is for everybody else."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def train() -> float:
    """Trains from scratch. Returns seconds."""
    started = time.monotonic()
    subprocess.run([_ONESTOP, "train", "--force"], check=True, cwd=ROOT, env=child_environment(),
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return time.monotonic() - started


class OurBot:
    """``onestop serve`` and conversations with it. Use as a context manager after ``start``."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._sessions: Dict[str, Tuple[http.client.HTTPConnection, str]] = {}

    def start(self) -> float:
        """Starts the server. Returns seconds until the first answer."""
        started = time.monotonic()
        self._server = Server(Path(self._folder.name), child_environment())
        self._server.__enter__()
        self.say("first", "你好")
        seconds = time.monotonic() - started
        # The server's own embedded Redis, joined so that limits can be reset.
        self._redis_server = RedisServer(Settings(data_dir=Path(self._folder.name)))
        self._redis = redis.Redis.from_url(self._redis_server.url)
        return seconds

    def open_page(self, sender: str) -> None:
        """Opens the page's session for a sender."""
        if sender not in self._sessions:
            self._sessions[sender] = self._session()

    def say(self, sender: str, text: str) -> None:
        """One turn; returns when its replies are stored and on their way to the page."""
        self.open_page(sender)
        connection, cookie = self._sessions[sender]
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": text})
        headers = {"Content-Type": "application/json", "Cookie": cookie}
        connection.request("POST", "/chat/messages", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise RuntimeError(f"{text!r} was answered {answer.status}")

    def rest(self) -> None:
        """Resets the page's limit of messages, which no person would reach."""
        for key in self._redis.keys("web:rate:*"):
            self._redis.delete(key)

    def _session(self) -> Tuple[http.client.HTTPConnection, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=30)
        connection.request("POST", "/chat/session", "{}", {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return connection, (answer.getheader("set-cookie") or "").split(";")[0]

    def memory(self) -> float:
        """Megabytes of the server process, its embedded Redis apart."""
        return psutil.Process(self._server.process.pid).memory_info().rss / 2**20

    def counted(self, metric: str) -> float:
        """The sum of a counter over all its labels, as /metrics tells it."""
        with urllib.request.urlopen(f"{self._server.url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(metric))

    def stop(self) -> None:
        for connection, _ in self._sessions.values():
            connection.close()
        self._server.__exit__()
        self._redis.connection_pool.disconnect()
        self._redis_server.close()
        self._folder.cleanup()

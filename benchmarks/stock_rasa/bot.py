"""Starts, asks and stops the stock bot.

    prepare(folder)
    with StockBot(folder) as bot:
        bot.start()
        bot.say("somebody", "hello")
"""

import atexit
import http.client
import json
import socket
import time
from pathlib import Path

import psutil

from benchmarks.stock_rasa.process import LOOPBACK, end, environment, spawn, tail

IDLE = 60  # seconds; Rasa closes a silent connection after 120


class StockBot:
    def __init__(self, folder, start_timeout=180, turn_timeout=30):
        self._folder = Path(folder).resolve()
        self.start_timeout = start_timeout
        self.turn_timeout = turn_timeout
        self._processes = {}  # name -> Popen
        self._connection = None
        self._used = 0.0
        self.port = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Starts the action server and Rasa; returns the seconds until the first answer."""
        if self._processes:
            raise RuntimeError("already started")
        atexit.register(self.stop)
        action_port, self.port = free_ports(2)
        env = environment(action_port)
        begin = time.perf_counter()
        try:
            self._spawn(
                "actions",
                # The lighter of the two documented ways: `rasa run actions` is the same server
                # with the whole of Rasa imported.
                ["-m", "rasa_sdk", "--actions", "actions", "--port", str(action_port)],
                env,
            )
            self._spawn(
                "rasa",
                ["-m", "rasa", "run", "--model", "models/stock.tar.gz"]
                + ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
                + ["--interface", LOOPBACK, "--port", str(self.port)],
                env,
            )
            deadline = begin + self.start_timeout
            self._wait_for(action_port, deadline)
            self._wait_for(self.port, deadline)
            if not self.say("first", "hello"):
                raise RuntimeError(
                    "Rasa did not answer the first message" + tail(self._folder, "rasa")
                )
            seconds = time.perf_counter() - begin
            # Not in the time: is it our action server that answers, with our action?
            actions = request_json(action_port, "/actions")
            if {"name": "action_answer"} not in actions:
                raise RuntimeError(f"wrong action server: {actions}")
            return seconds
        except BaseException:
            self.stop()
            raise

    def say(self, sender, text):
        """One turn; returns Rasa's list of messages, such as [{"recipient_id", "text"}]."""
        if self.port is None:
            raise RuntimeError("not started")
        body = json.dumps({"sender": sender, "message": text}).encode("utf-8")
        if self._connection and time.monotonic() - self._used > IDLE:
            self._disconnect()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                LOOPBACK, self.port, timeout=self.turn_timeout
            )
        try:
            self._connection.request(
                "POST",
                "/webhooks/rest/webhook",
                body,
                {"Content-Type": "application/json"},
            )
            response = self._connection.getresponse()
            answer = response.read()
        except BaseException:
            self._disconnect()  # half an exchange must not be read by the next turn
            raise
        self._used = time.monotonic()
        if response.status != 200:
            raise RuntimeError(f"HTTP {response.status}: {answer[:200]!r}")
        return json.loads(answer)

    def memory(self):
        """Resident memory of the `rasa run` process in MB (10^6 bytes), action server not counted."""
        return psutil.Process(self._processes["rasa"].pid).memory_info().rss / 1e6

    def stop(self):
        """Ends both servers and whatever they started; safe to call at any time."""
        atexit.unregister(self.stop)
        self._disconnect()
        self.port = None
        # Held until everything is gone: an interrupted stop() can be called again.
        end(self._processes.values())
        self._processes = {}

    def _spawn(self, name, arguments, env):
        self._processes[name] = spawn(self._folder, name, arguments, env)

    def _wait_for(self, port, deadline):
        """Waits until somebody listens; Rasa listens only once its model is loaded."""
        while True:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise RuntimeError(
                        f"{name} ended with {process.returncode}" + tail(self._folder, name)
                    )
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
                return
            except OSError:
                if time.perf_counter() > deadline:
                    raise TimeoutError(
                        f"no server on port {port}" + tail(self._folder, "rasa")
                    ) from None
                time.sleep(0.05)

    def _disconnect(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def free_ports(count):
    """Ports that nobody uses now; all held at once, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def request_json(port, path):
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()

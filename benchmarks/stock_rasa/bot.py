"""Trains, starts, asks and stops the stock bot.

    with StockBot() as bot:
        bot.prepare(folder)
        bot.start()
        bot.say("somebody", "hello")
"""

import atexit
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
LOOPBACK = "127.0.0.1"
IDLE = 60  # seconds; Rasa closes a silent connection after 120


class StockBot:
    def __init__(self, train_timeout=1800, start_timeout=180, turn_timeout=30):
        self.train_timeout = train_timeout
        self.start_timeout = start_timeout
        self.turn_timeout = turn_timeout
        self.folder = None
        self._processes = {}  # name -> Popen
        self._connection = None
        self._used = 0.0
        self._port = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # ------------------------------------------------------------------ training

    def prepare(self, folder):
        """Lays out the usual Rasa project in FOLDER and trains it.

        Returns the seconds that `rasa train` took. In a folder that has been trained before they
        are fewer, as Rasa keeps a cache in it.
        """
        self.folder = Path(folder).resolve()
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "actions.py"):
            shutil.copyfile(HERE / name, self.folder / name)
        shutil.copyfile(HERE / "rules.yml", data / "rules.yml")
        self._command("data", [str(HERE / "data.py"), str(data)], timeout=120)
        return self._command(
            "train",
            ["-m", "rasa", "train", "--fixed-model-name", "stock"],
            timeout=self.train_timeout,
        )

    # ------------------------------------------------------------------ running

    def start(self):
        """Starts the action server and Rasa; returns the seconds until the first answer."""
        if self._processes:
            raise RuntimeError("already started")
        if self.folder is None:
            raise RuntimeError("prepare() comes first")
        atexit.register(self.stop)
        action_port, self._port = free_ports(2)
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
                + ["--interface", LOOPBACK, "--port", str(self._port)],
                env,
            )
            deadline = begin + self.start_timeout
            self._wait_for(action_port, deadline)
            self._wait_for(self._port, deadline)
            if not self.say("first", "hello"):
                raise RuntimeError("Rasa did not answer the first message" + self._tail("rasa"))
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
        if self._port is None:
            raise RuntimeError("not started")
        body = json.dumps({"sender": sender, "message": text}).encode("utf-8")
        if self._connection and time.monotonic() - self._used > IDLE:
            self._disconnect()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                LOOPBACK, self._port, timeout=self.turn_timeout
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
        self._port = None
        # Held until everything is gone: an interrupted stop() can be called again.
        family = []
        for process in self._processes.values():
            try:
                parent = psutil.Process(process.pid)
                family += [parent, *parent.children(recursive=True)]
            except psutil.NoSuchProcess:
                pass
        end(family)
        for process in self._processes.values():
            process.wait(timeout=10)
        self._processes = {}

    # ------------------------------------------------------------------ helpers

    def _command(self, name, arguments, timeout):
        """Runs a command in the folder to its end, with its output in <name>.log."""
        begin = time.perf_counter()
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                code = process.wait(timeout=timeout)
            finally:
                if process.poll() is None:
                    parent = psutil.Process(process.pid)
                    end([parent, *parent.children(recursive=True)])
                    process.wait(timeout=10)
        if code:
            raise RuntimeError(f"{name} ended with {code}" + self._tail(name))
        return time.perf_counter() - begin

    def _spawn(self, name, arguments, env):
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait_for(self, port, deadline):
        """Waits until somebody listens; Rasa listens only once its model is loaded."""
        while True:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended with {process.returncode}" + self._tail(name))
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
                return
            except OSError:
                if time.perf_counter() > deadline:
                    raise TimeoutError(f"no server on port {port}" + self._tail("rasa")) from None
                time.sleep(0.05)

    def _disconnect(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _tail(self, name, size=2000):
        text = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return f"\n--- end of {name}.log ---\n{text[-size:]}"


def environment(action_port=None):
    """The environment of the children: this one, without what would change the measurement."""
    env = dict(os.environ)
    for name in (
        "PYTHONPATH",  # could bring in another package named `actions`
        "PYTHONDONTWRITEBYTECODE",  # compiles every module anew at each start: over ten seconds
        "SANIC_WORKERS",
        "ACTION_SERVER_SANIC_WORKERS",
        "LOG_LEVEL",
    ):
        env.pop(name, None)
    env.update(
        RASA_TELEMETRY_ENABLED="false",
        CUDA_VISIBLE_DEVICES="",
        TF_CPP_MIN_LOG_LEVEL="2",
        TF_INTER_OP_PARALLELISM_THREADS="1",
        TF_INTRA_OP_PARALLELISM_THREADS="1",
        SANIC_HOST=LOOPBACK,  # the action server has no option for its address
        NO_PROXY=LOOPBACK,
        no_proxy=LOOPBACK,
        PYTHONUTF8="1",
    )
    if action_port is not None:
        env["STOCK_ACTION_PORT"] = str(action_port)
    return env


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


def end(processes, patience=10):
    """Asks the processes to end, and kills those that do not."""
    for signal_them in (psutil.Process.terminate, psutil.Process.kill):
        for process in processes:
            try:
                signal_them(process)
            except psutil.NoSuchProcess:
                pass
        _, processes = psutil.wait_procs(processes, timeout=patience)

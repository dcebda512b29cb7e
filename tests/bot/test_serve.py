"""`onestop serve` has a worker beside the bot, whatever happens to either."""

import os
import signal
import time

import psutil
import pytest

from tests.support.server import Server

pytestmark = pytest.mark.model


def worker_of(server, other_than=None):
    """The worker that the server started."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in psutil.Process(server.process.pid).children():
            if "worker" in child.cmdline() and child.pid != other_than:
                return child
        time.sleep(0.05)
    raise AssertionError("it has no worker")


def test_the_worker_is_started_again_and_ends_with_the_server(tmp_path, model):
    with Server(tmp_path) as server:
        first = worker_of(server)
        first.kill()
        again = worker_of(server, other_than=first.pid)
    assert server.process.returncode == 0
    assert not again.is_running()
    assert "the worker ended (-9)" in server.log.read_text()


def test_when_the_bot_is_killed_the_worker_ends_as_well(tmp_path, model):
    with Server(tmp_path) as server:
        worker = worker_of(server)
        time.sleep(3)  # it is at work
        os.kill(server.process.pid, signal.SIGKILL)
        worker.wait(10)


def test_the_bot_alone_has_no_worker(tmp_path, model):
    with Server(tmp_path, part="bot") as server:
        children = psutil.Process(server.process.pid).children()
        assert [child for child in children if "worker" in child.cmdline()] == []
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0


def of_many(server):
    """The processes that answer, when there are several."""
    every = psutil.Process(server.process.pid).children()
    return [child for child in every if "worker" not in child.cmdline()]


def alive(processes):
    """Those that have not ended within some seconds; they are ended then."""
    deadline = time.monotonic() + 10
    left = processes
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    for one in left:
        one.kill()
    return left


def test_several_processes_that_are_stopped_while_they_start_all_end(tmp_path, model):
    with Server(tmp_path, {"ONESTOP_WORKERS": "4"}, part="bot") as server:
        processes = of_many(server)  # one answers, the others may not do so yet
        server.process.terminate()
        assert len(processes) == 4 and alive(processes) == []
        assert server.process.wait(5) == 0

"""A process beside another: started again when it dies, and never left behind."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from bot import companion
from bot.companion import Companion
from core.settings import ROOT

#: Says that it has begun, and ends with its standard input, as a tied worker does.
CHILD = "import os, sys; open({0!r}, 'a').write(f'{{os.getpid()}}\\n'); sys.stdin.read()"


@pytest.fixture
def begun(tmp_path):
    """The file in which children write their ids, and a function that waits for the n-th."""
    path = tmp_path / "begun"

    def wait_for(number):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if path.exists() and len(lines := path.read_text().split()) >= number:
                return int(lines[number - 1])
            time.sleep(0.02)
        raise AssertionError("it has not begun")

    wait_for.path = path
    wait_for.command = [sys.executable, "-c", CHILD.format(str(path))]
    return wait_for


def is_gone(process, seconds=5):
    try:
        psutil.Process(process).wait(seconds)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


def test_it_runs_as_long_as_the_other(begun):
    with Companion("child", begun.command):
        process = begun(1)
        assert psutil.pid_exists(process)
    assert is_gone(process, 0)


def test_one_that_dies_is_started_again(begun, monkeypatch, caplog):
    monkeypatch.setattr(companion, "_PAUSE_S", 0.1)
    with Companion("child", begun.command):
        os.kill(begun(1), signal.SIGKILL)
        os.kill(begun(2), signal.SIGKILL)
        last = begun(3)
        assert psutil.pid_exists(last)
    assert is_gone(last, 0)
    assert "the child ended (-9)" in caplog.text


def test_one_that_always_dies_is_started_less_and_less_often(begun, monkeypatch):
    monkeypatch.setattr(companion, "_PAUSE_S", 0.1)
    command = [sys.executable, "-c", f"open({str(begun.path)!r}, 'a').write('1\\n')"]
    with Companion("child", command):
        time.sleep(1.5)
    assert 2 <= len(begun.path.read_text().split()) <= 4


def test_one_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(companion, "_STOP_S", 0.3)
    path = tmp_path / "begun"
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(path)!r}, 'w').close(); time.sleep(60)"
    )
    with Companion("child", [sys.executable, "-c", code]) as running:
        while not path.exists():
            time.sleep(0.02)
        process = running._process
    assert process.poll() == -signal.SIGKILL


def test_none_is_started_any_more_after_the_end(begun, monkeypatch):
    monkeypatch.setattr(companion, "_PAUSE_S", 0.3)
    with Companion("child", begun.command):
        os.kill(begun(1), signal.SIGKILL)
        time.sleep(0.1)  # in the pause before it would be started again
    time.sleep(0.5)
    assert len(begun.path.read_text().split()) == 1


def test_when_the_other_is_killed_it_ends_as_well(begun):
    code = (
        "import time; from bot.companion import Companion\n"
        f"with Companion('child', {begun.command!r}): time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        process = begun(1)
    finally:
        parent.kill()
        parent.wait()
    assert is_gone(process)

"""The worker: jobs again and again, none stops the others, and it ends when it is told to."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest

from actions.appointments.reminder_store import Reminder, ReminderStore
from bot import worker_wiring
from bot.job import Job
from bot.worker import work
from channels.web.history import History
from core.clock import system_clock
from core.settings import ROOT, Settings
from tests.support.reminding import KNOWLEDGE
from tests.support.vaults import vault_of


async def work_for(seconds, *jobs):
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    began = time.monotonic()
    await work(jobs, stop)
    return time.monotonic() - began


async def test_each_job_runs_at_its_own_interval():
    often, seldom = [], []

    async def run(times):
        times.append(time.monotonic())

    await work_for(
        0.5, Job("often", 0.1, lambda: run(often)), Job("seldom", 9, lambda: run(seldom))
    )
    assert 3 <= len(often) <= 5
    assert len(seldom) == 1


async def test_a_job_that_fails_runs_again_and_leaves_the_others_alone(caplog):
    failed, well = [], []

    async def fail():
        failed.append(1)
        raise RuntimeError("broken")

    async def run():
        well.append(1)

    await work_for(0.3, Job("bad", 0.05, fail), Job("good", 0.05, run))
    assert len(failed) > 2
    assert len(well) > 2
    assert "the job bad failed" in caplog.text


async def test_a_job_that_hangs_leaves_the_others_alone_and_is_cancelled_at_the_end():
    well, cancelled = [], []

    async def hang():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    async def run():
        well.append(1)

    assert await work_for(0.2, Job("hangs", 1, hang), Job("good", 0.05, run)) < 1.6
    assert len(well) > 2
    assert cancelled == [1]


async def test_what_a_job_is_doing_is_brought_to_its_end():
    done = []

    async def run():
        await asyncio.sleep(0.4)
        done.append(1)

    assert await work_for(0.1, Job("slow", 9, run)) < 0.9
    assert done == [1]


@contextmanager
def running(data, redis_url, *command, **options):
    """A worker process that is at work on a data folder of its own."""
    given = {"ONESTOP_DATA_DIR": str(data), "ONESTOP_REDIS_URL": redis_url}
    process = subprocess.Popen(
        [sys.executable, *(command or ("-m", "bot.cli", "serve", "worker"))],
        cwd=ROOT, stderr=subprocess.PIPE, env={**os.environ, **given},
        **options,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not at_work(data):
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


def at_work(data):
    try:
        with sqlite3.connect(f"file:{data}/onestop.sqlite3?mode=ro", uri=True) as opened:
            return opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path, redis_url, number):
    with running(tmp_path, redis_url) as process:
        time.sleep(0.3)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


def test_tied_it_ends_with_its_parent(tmp_path, redis_url):
    command = ("-m", "bot.cli", "serve", "worker", "--tied")
    with running(tmp_path, redis_url, *command, stdin=subprocess.PIPE) as process:
        time.sleep(1)
        assert process.poll() is None
        process.stdin.close()
        process.stdin = None
        assert process.wait(20) == 0


def test_a_job_that_nothing_can_interrupt_does_not_keep_it(tmp_path, redis_url):
    code = (
        "import asyncio, time; from bot import worker, worker_wiring;"
        "from core.settings import load_settings; build = worker_wiring.build\n"
        "def stuck(*given):\n"
        "    made = build(*given)\n"
        "    made.jobs[:] = [worker.Job('stuck', 1, lambda: asyncio.to_thread(time.sleep, 60))]\n"
        "    return made\n"
        "worker_wiring.build = stuck; worker.run(load_settings())"
    )
    with running(tmp_path, redis_url, "-c", code) as process:
        time.sleep(0.5)
        process.terminate()
        assert process.wait(20) == 0


async def test_as_it_is_wired_it_reminds_the_page(redis, redis_url, tmp_path):
    settings = Settings(data_dir=tmp_path)
    worker = worker_wiring.build(settings, redis_url)
    now, history = system_clock(), History(redis, vault_of(settings))
    try:
        worker.knowledge.current = KNOWLEDGE
        await history.add_user("web-1", "hello", "1", now)
        ReminderStore(worker.database).plan("K4M-T7P-R2W", now + timedelta(hours=2), [
            Reminder("id", "K4M-T7P-R2W", "hours", "hkid", "wan_chai", now + timedelta(hours=2),
                     "web-1", "web", "en", now, now + timedelta(hours=2))
        ])  # fmt: skip
        jobs = {job.name: job for job in worker.jobs}
        assert await jobs["reminders"].run() == 1
        assert await jobs["reminders"].run() == 0
        assert await jobs["purge of reminders"].run() == 0
        said = [json.loads(message) for _, message in await history.since("web-1", "0-0")]
        assert "K4M-T7P-R2W" in said[-1]["lead"]
    finally:
        await worker.close()

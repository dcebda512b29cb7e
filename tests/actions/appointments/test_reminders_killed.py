"""Exactly once, with real worker processes that are killed, on both databases and a real Redis."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest

from actions.appointments.reminder_store import ReminderStore
from actions.appointments.reminders import Reminders
from channels.common.delivery import Deliveries
from channels.web.delivery import WebDelivery
from channels.web.history import History
from core.clock import LOCAL
from core.reader import Reader
from core.settings import ROOT
from tests.support.reminding import KNOWLEDGE, appointment
from tests.support.vaults import VAULT

DUE = datetime(2026, 11, 29, 10, 0, tzinfo=LOCAL)
LEASE = timedelta(seconds=60)


class Setting:
    """The database, Redis and clock that killed workers and this process share."""

    def __init__(self, engine, redis, redis_url):
        self.engine, self.redis_url = engine, redis_url
        self.now = DUE - timedelta(days=2)
        self.history, self.store = History(redis, VAULT), ReminderStore(engine)
        web = Deliveries({"web": WebDelivery(redis, VAULT, lambda: self.now)})
        self.reminders = Reminders(self.store, web.deliver, lambda: KNOWLEDGE, lambda: self.now)

    async def plan(self, reference="K4M-T7P-R2W", sender="web-1"):
        await self.history.add_user(sender, "hello", "1", self.now)
        await self.reminders.plan(appointment(reference=reference), sender, "web", Reader("en"))

    def worker(self, start, speed=0, dies="never"):
        """Starts a worker whose clock shows ``start`` and runs at ``speed`` times the real one."""
        address = self.engine.url.render_as_string(hide_password=False)
        arguments = [address, self.redis_url, str(start.timestamp()), str(speed), dies]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.reminding", *arguments],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    async def reminded(self, sender="web-1"):
        said = [json.loads(message) for _, message in await self.history.since(sender, "0-0")]
        return [message["lead"] for message in said if message["from"] == "bot"]


@pytest.fixture
def setting(engine, redis, redis_url):
    return Setting(engine, redis, redis_url)


def ended(worker):
    try:
        return worker.wait(60)
    finally:
        worker.kill()
        worker.stdout.close()


@pytest.mark.parametrize("dies, delivered", [("before", 0), ("after", 1)])
async def test_a_worker_killed_around_the_delivery(setting, dies, delivered):
    await setting.plan()
    assert ended(setting.worker(DUE, dies=dies)) == -signal.SIGKILL
    assert len(await setting.reminded()) == delivered
    setting.now = DUE + LEASE - timedelta(seconds=1)  # the dead worker's claim still stands
    assert await setting.reminders.send_due() == 0
    setting.now = DUE + LEASE
    assert await setting.reminders.send_due() == 1
    assert len(await setting.reminded()) == 1
    setting.now += LEASE * 5
    assert await setting.reminders.send_due() == 0
    assert len(await setting.reminded()) == 1


async def test_cancelled_while_a_dead_worker_holds_the_claim(setting):
    await setting.plan()
    assert ended(setting.worker(DUE, dies="before")) == -signal.SIGKILL
    await setting.reminders.drop("K4M-T7P-R2W")
    setting.now = DUE + LEASE
    assert await setting.reminders.send_due() == 0
    assert await setting.reminded() == []


async def until_all_sent(setting, senders, each_round):
    deadline = time.monotonic() + 60
    while any(setting.store.export_of(s)[0]["state"] == "planned" for s in senders):
        assert time.monotonic() < deadline
        await each_round()


async def test_workers_that_are_killed_at_random_and_started_again(setting):
    """Their clock runs at 100 times the real one, so that a dead one's claims run out soon."""
    senders = [f"web-{n}" for n in range(40)]
    for number, sender in enumerate(senders):
        await setting.plan(f"K4M-T7P-R{number:02}", sender)
    workers = [setting.worker(DUE, 100) for _ in range(2)]
    began, killed = time.monotonic(), 0
    try:

        async def kill_one():
            nonlocal killed
            if killed == 6:
                await asyncio.sleep(0.1)
                return
            victim = workers[killed % 2]
            await asyncio.to_thread(victim.stdout.readline)  # it has begun
            await asyncio.sleep(0.02 * (1 + killed % 3))
            victim.kill()
            ended(victim)
            start = DUE + timedelta(seconds=100 * (time.monotonic() - began))
            workers[killed % 2] = setting.worker(start, 100)
            killed += 1

        await until_all_sent(setting, senders, kill_one)
        assert killed >= 1
    finally:
        for worker in workers:
            worker.kill()
            ended(worker)
    assert [len(await setting.reminded(sender)) for sender in senders] == [1] * 40


async def test_two_workers_at_once_send_each_reminder_once(setting):
    senders = [f"web-{n}" for n in range(60)]
    for number, sender in enumerate(senders):
        await setting.plan(f"K4M-T7P-R{number:02}", sender)
    workers = [setting.worker(DUE) for _ in range(2)]
    try:
        await until_all_sent(setting, senders, lambda: asyncio.sleep(0.1))
    finally:
        for worker in workers:
            worker.kill()
            ended(worker)
    assert [len(await setting.reminded(sender)) for sender in senders] == [1] * 60

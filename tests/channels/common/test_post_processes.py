"""The inbox and the outbox over several processes, some of which are killed."""

import asyncio
import base64
import signal
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from core.settings import ROOT
from core.vault import make_keys
from tests.support.post import ADDRESS, TEXT, check_books, end_leases, incoming, outgoing
from tests.support.post_office import EACH, PEOPLE, Office, messages_of

KEYS = make_keys()
PROCESSES = 8
#: Longer than a live process is ever kept waiting by others on a busy machine.
LEASE_S = 3


@pytest.fixture
def start(redis, redis_url):
    """Starts processes of tests.support.post_office, which end with the test at the latest."""
    started = []

    def run(what, number, lease_s=30):
        command = [sys.executable, "-m", "tests.support.post_office", redis_url, KEYS, what]
        words = [*command, str(lease_s), str(number)]
        started.append(subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


async def ended(process):
    await asyncio.to_thread(process.wait, 60)
    with process.stdout:
        return process.returncode, process.stdout.read()


#: Two acceptances; three steps a turn; one to take the line; three a sending.
STEPS = [
    "m1 accepted", "m2 accepted", "m1 begun", "m1 turned", "m1 finished", "m2 begun", "m2 turned",
    "m2 finished", "line taken", "o1 opened", "o1 sent", "o1 settled", "o2 opened", "o2 sent",
    "o2 settled",
]  # fmt: skip


async def test_the_steps_are_all_there_are(redis, start):
    returned, said = await ended(start("one", 0))
    assert (returned, said) == (0, f"steps: {len(STEPS)}\n")


@pytest.mark.parametrize("step", STEPS)
async def test_a_process_that_is_killed_loses_nothing_and_says_nothing_twice(redis, start, step):
    returned, _ = await ended(start("one", STEPS.index(step) + 1))
    assert returned == -signal.SIGKILL
    for name in ("inbox", "outbox"):
        await end_leases(redis, name)
    office = Office(redis, KEYS, 30)
    tickets = [await office.accept(incoming(key)) for key in ("m1", "m2")]  # the platform repeats
    for ticket in [*filter(None, tickets), *await office.inbox.take_over(9)]:
        await office.work_off(ticket)
    await office.deliver()
    # what was begun when the process was killed is begun again; what was handed to the platform
    # and not yet written down as sent is the one thing that nobody can know
    again = {"m1 turned": "m1", "m2 turned": "m2"}.get(step)
    turns = [key for key in ("m1", "m2") for _ in range(2 if key == again else 1)]
    assert await redis.lrange("turns:test-a", 0, -1) == turns
    again = {"o1 sent": "o-m1", "o2 sent": "o-m2"}.get(step)
    sends = [key for key in ("o-m1", "o-m2") for _ in range(2 if key == again else 1)]
    assert await redis.lrange("sends:test-a", 0, -1) == sends
    for name in ("inbox", "outbox"):
        await check_books(redis, name)
        assert await redis.get(f"{name}:size") == "0"


async def some_sent(redis, count=PROCESSES * PEOPLE * EACH):
    """Waits until so many messages are answered; all by default."""
    for _ in range(600):
        if await redis.scard("sent") >= count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"only {await redis.scard('sent')} were answered in a minute")


async def logs(redis, kind):
    """What was written down of each person."""
    return {n: await redis.lrange(f"{kind}:test-{n}", 0, -1) for n in range(PEOPLE)}


def check_order(log, prefix=""):
    """Of each process's messages of a person none is missing, or before one that came earlier."""
    for person, keys in log.items():
        for place in range(PROCESSES):
            sent_in = [f"{prefix}{place}-{number}-{person}" for number in range(EACH)]
            assert [key for key in keys if key in set(sent_in)] == sent_in


async def test_eight_processes_keep_everybodys_order_and_answer_each_message_once(redis, start):
    crowd = [start("crowd", place) for place in range(PROCESSES)]
    await some_sent(redis)
    await redis.set("stop", "1")
    assert [(await ended(process))[0] for process in crowd] == [0] * PROCESSES
    turns, sends = await logs(redis, "turns"), await logs(redis, "sends")
    check_order(turns)
    assert sends == {person: [f"o-{key}" for key in keys] for person, keys in turns.items()}
    for name in ("inbox", "outbox"):
        await check_books(redis, name)


async def test_processes_that_are_killed_and_started_again_lose_nothing(redis, start):
    crowd = [start("crowd", place, LEASE_S) for place in range(PROCESSES)]
    for place, answered in enumerate((150, 800)):
        await some_sent(redis, answered)
        crowd[place].kill()
        assert (await ended(crowd[place]))[0] == -signal.SIGKILL
        crowd[place] = start("crowd", place, LEASE_S)
    await some_sent(redis)
    await redis.set("stop", "1")
    assert [(await ended(process))[0] for process in crowd] == [0] * PROCESSES
    for kind, prefix in (("turns", ""), ("sends", "o-")):
        log = await logs(redis, kind)
        # what a killed process was just doing is done again, before anything that came later
        check_order(
            {person: [key for key, _ in groupby(keys)] for person, keys in log.items()}, prefix
        )
    for name in ("inbox", "outbox"):
        await check_books(redis, name)
        assert await redis.get(f"{name}:size") == "0"


async def test_nothing_on_redis_disk_tells_who_wrote_or_what(redis):
    office = Office(redis, KEYS, 30)
    await redis.set("control", "can be found")
    message = incoming(f"{ADDRESS}1700000000")
    ticket = (await office.inbox.accept(message, wait_s=3)).ticket
    await office.inbox.accept(incoming("m2"))
    await office.inbox.finish(ticket, message, f"{TEXT} {ADDRESS}", [])
    await office.inbox.accept(incoming("m3"))
    await office.inbox.finish(ticket, incoming("m2"), None, [outgoing(f"{ADDRESS}-o1")])
    [line] = await office.outbox.take_over(1)
    await office.outbox.dead(line, await office.outbox.next(line), "x")
    await office.outbox.put(outgoing("o2"), outgoing("o3", "b"))
    line, _ = await office.outbox.take_over(2)
    await office.outbox.park(line, await office.outbox.next(line))
    folder = Path((await redis.config_get("dir"))["dir"])
    appended = (await redis.config_get("appendfilename"))["appendfilename"]
    await redis.bgrewriteaof()
    while (await redis.info("persistence"))["aof_rewrite_in_progress"]:
        await asyncio.sleep(0.05)
    await redis.config_set("rdbcompression", "no")  # compressed, nothing would be found
    await redis.save()
    dumps = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    assert (folder / appended).exists()
    assert sum(b"can be found" in dump for dump in dumps) >= 2  # both files, in plain
    for secret in (ADDRESS, TEXT):
        for form in (secret.encode(), secret.encode("unicode_escape"), _base64_core(secret)):
            assert not any(form in dump for dump in dumps)


def _base64_core(text):
    return base64.b64encode(text.encode())[:12]


def test_the_messages_of_processes_are_all_different():
    keys = [message.key for place in range(PROCESSES) for message in messages_of(place)]
    assert len(set(keys)) == len(keys) == PROCESSES * PEOPLE * EACH == 1600

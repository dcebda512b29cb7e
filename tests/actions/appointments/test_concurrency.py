"""Many people at once, in threads and in processes: never more appointments than seats."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from actions.appointments.book import AlreadyBooked, SeatTaken
from actions.appointments.model import Proof
from actions.appointments.tables import APPOINTMENTS
from core.settings import ROOT
from core.vault import make_keys
from tests.actions.appointments.conftest import DOCUMENT, booking

NINE, HALF_PAST = "sheung_wan/hkid/20260505T0100Z", "sheung_wan/hkid/20260505T0130Z"


@pytest.fixture(autouse=True)
def _seats(check_seats):
    yield
    check_seats()


def at_once(*works):
    """What each returns, or the exception that it raises."""

    def run(work):
        try:
            return asyncio.run(work())
        except (SeatTaken, AlreadyBooked) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_two_seats_and_sixteen_people(book, clock):
    def contend(n):
        async def work():
            await book.hold(NINE, f"k{n}", clock.later(minutes=10))
            return await book.confirm(f"k{n}", booking(f"H{n:08}"))

        return work

    results = at_once(*(contend(n) for n in range(16)))
    made = [result for result in results if result is not SeatTaken]
    assert len({one.reference for one in made}) == len(made) == 2


async def test_one_document_on_two_telephones(book, clock, engine):
    for key, slot in (("a", NINE), ("b", HALF_PAST)):
        await book.hold(slot, key, clock.later(minutes=10))
    results = at_once(lambda: book.confirm("a", booking()), lambda: book.confirm("b", booking()))
    assert results.count(AlreadyBooked) == 1
    with engine.connect() as connection:
        booked = select(func.count()).where(APPOINTMENTS.c.status == "booked")
        assert connection.execute(booked).scalar_one() == 1


async def test_one_message_delivered_eight_times(book, clock):
    def hold():
        return book.hold(NINE, "k", clock.later(minutes=10))

    assert {held.free for held in at_once(*[hold] * 8)} == {1}
    made = at_once(*[lambda: book.confirm("k", booking())] * 8)
    assert len(set(made)) == 1
    await book.hold(HALF_PAST, "k2", clock.later(minutes=10))
    proof = Proof(DOCUMENT)
    moved = at_once(*[lambda: book.reschedule(made[0].reference, proof, "k2")] * 8)
    assert {one.changes for one in moved} == {1}
    cancelled = at_once(*[lambda: book.cancel(made[0].reference, proof)] * 8)
    assert {one.status for one in cancelled} == {"cancelled"}
    with pytest.raises(SeatTaken):  # the key of an appointment takes no other seat
        await hold()


_CONTENDER = """
import asyncio, json, sys
from actions.appointments.book import SeatTaken
from actions.appointments.local_book import LocalBook
from core.database import open_database
from core.vault import Vault
from tests.actions.appointments.conftest import Clock, booking, pattern

address, keys, slot, first = json.loads(sys.argv[1])
clock = Clock()
book = LocalBook(open_database(address), pattern, Vault(keys, "f" * 43), clock, demo=True)

async def contend(n):
    try:
        await book.hold(slot, f"k{n}", clock.later(minutes=10))
        return (await book.confirm(f"k{n}", booking(f"H{n:08}"))).reference
    except SeatTaken:
        return None

async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps([await contend(n) for n in range(first, first + 5)]))

asyncio.run(main())
"""


def test_two_seats_and_four_processes(engine):
    address = engine.url.render_as_string(hide_password=False)
    keys = make_keys()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _CONTENDER, json.dumps([address, keys, NINE, 5 * n])],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for n in range(4)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [
        one for process in processes for one in json.loads(process.communicate(timeout=60)[0])
    ]
    assert len(results) == 20
    made = [one for one in results if one]
    assert len(set(made)) == len(made) == 2
    with engine.connect() as connection:
        kept = connection.execute(select(APPOINTMENTS.c.reference)).scalars().all()
    assert sorted(kept) == sorted(made)

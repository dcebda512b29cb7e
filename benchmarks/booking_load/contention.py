"""200 people in 8 processes want 10 seats: exactly ten get one, whatever is killed."""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from actions.appointments.book import SeatTaken
from actions.appointments.tables import APPOINTMENTS, SEATED, SLOTS
from benchmarks.booking_load.calendar import NOW, SEATS, WANTED, booking, empty, make_book
from core.database import open_database
from core.settings import ROOT
from core.vault import make_keys

CONTENDERS, PROCESSES, ROUNDS = 200, 8, 3


def contend(address: str, keys: str, share: Sequence[int]) -> None:
    """One process of contenders: writes number and reference, null for a refusal, a line each."""
    book = make_book(open_database(address), keys)

    async def work() -> None:
        for number in share:
            reference = None
            try:
                await book.hold(WANTED.name, f"form {number}", NOW + timedelta(minutes=10))
                made = await book.confirm(f"form {number}", booking(number))
                reference = made.reference
            except SeatTaken:
                pass
            print(json.dumps([number, reference]), flush=True)

    print("ready", flush=True)
    sys.stdin.readline()
    asyncio.run(work())


class Contender:
    """A process with its share of the contenders; what it said before it was killed counts."""

    def __init__(self, address: str, keys: str, share: Sequence[int], log: Path) -> None:
        self._task = json.dumps([address, keys, list(share)])
        self.log = log
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.booking", "--contend", self._task],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=self.log.open("a"), text=True,
        )  # fmt: skip

    def go(self) -> None:
        if self.process.stdin:
            self.process.stdin.write("go\n")
            self.process.stdin.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def said(self) -> List[Tuple[int, Any]]:
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("[")]
        return [tuple(json.loads(line)) for line in lines if line.endswith("]")]

    def ready(self) -> int:
        return self.log.read_text().count("ready")


def contention(engine: Engine, address: str, rounds: int = 0) -> Dict[str, Any]:
    """Who got a seat, checked against the database.

    Args:
        rounds: how many times each process is killed at work and started again.
    """
    empty(engine)
    keys, dice = make_keys(), random.Random(rounds)
    with tempfile.TemporaryDirectory() as folder:
        each = CONTENDERS // PROCESSES
        several = [
            Contender(address, keys, range(each * n, each * (n + 1)), Path(folder) / str(n))
            for n in range(PROCESSES)
        ]
        started = time.perf_counter()
        for n in range(rounds + 1):
            while any(one.ready() <= n for one in several):
                time.sleep(0.02)
            for one in several:
                one.go()
            for one in several if n < rounds else ():
                time.sleep(dice.uniform(0, 0.02))
                one.kill()
                one.start()
        for one in several:
            if one.process.wait():
                raise RuntimeError(f"a contender failed with {one.process.returncode}")
        seconds = time.perf_counter() - started
        answers: Dict[int, set] = {}
        for one in several:
            for number, reference in one.said():
                answers.setdefault(number, set()).add(reference)
    with engine.connect() as connection:
        status = select(APPOINTMENTS.c.status, func.count()).group_by(APPOINTMENTS.c.status)
        kept = dict(connection.execute(status).all())
        references = set(
            connection.execute(
                select(APPOINTMENTS.c.reference).where(APPOINTMENTS.c.status == "booked")
            ).scalars()
        )
        taken = connection.execute(select(SLOTS.c.taken)).scalar_one()
        seated = connection.execute(
            select(func.count()).select_from(APPOINTMENTS).where(SEATED)
        ).scalar_one()
    told = [said for answer in answers.values() for said in answer if said]
    result = {
        "contenders answered": len(answers),
        "booked": kept.get("booked", 0),
        "refused": sum(answer == {None} for answer in answers.values()),
        "lost": len(references - set(told)) + len(set(told) - references),
        "twice": len(told) - len(set(told)) + sum(len(a - {None}) > 1 for a in answers.values()),
        "seats taken": taken,
        "seconds": round(seconds, 2),
    }
    good = {"contenders answered": CONTENDERS, "booked": SEATS, "refused": CONTENDERS - SEATS,
            "lost": 0, "twice": 0, "seats taken": SEATS}  # fmt: skip
    result["as it should be"] = good.items() <= result.items() and seated == taken
    return result

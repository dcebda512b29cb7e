"""The local calendar under load, on SQLite and on PostgreSQL.

Contention: 200 people in 8 processes want 10 seats; then the same with processes that are killed at
random and started again with the same keys. Throughput: bookings (a hold and its confirmation, as
the form makes them) against the bare conditional UPDATE and INSERT on the same database.
Availability: the query that the form makes, over 200 centres, 90 days and 16 slots a day.

Example: python -m benchmarks.booking --bookings 300
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import cache, partial
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import Engine

from actions.appointments.availability import free_slots
from actions.appointments.book import SeatTaken
from actions.appointments.calendar import SlotKey
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Applicant, Booking, Query
from actions.appointments.tables import APPOINTMENTS, SEATED, SLOTS
from core.clock import LOCAL
from core.database import METADATA, open_database, transaction
from core.settings import ROOT
from core.vault import Vault, make_keys

RESULTS = ROOT / "var" / "benchmarks-booking.json"
CONTENDERS, PROCESSES, SEATS, ROUNDS = 200, 8, 10, 3
CENTRES = [f"centre_{n}" for n in range(200)]
DAYS, PERMIT = 90, "hkid"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=LOCAL)
FIRST = NOW.date() + timedelta(days=1)
WANTED = SlotKey("centre_0", PERMIT, datetime.combine(FIRST, clock_time(9), LOCAL))


@cache
def times(day: date) -> Sequence[Tuple[datetime, int]]:
    """Sixteen times a day from nine o'clock, with the seats that are contended for."""
    nine = datetime.combine(day, clock_time(9), LOCAL)
    return [(nine + timedelta(minutes=30 * n), SEATS) for n in range(16)]


def pattern(_centre: str, _permit: str, day: date) -> Sequence[Tuple[datetime, int]]:
    """The same in every centre, for every permit."""
    return times(day)


def make_book(engine: Engine, keys: str) -> LocalBook:
    return LocalBook(engine, pattern, Vault(keys, "f" * 43), lambda: NOW, demo=True)


def booking(number: int) -> Booking:
    applicant = Applicant("CHAN TAI MAN", f"H{number:08}", "+85291234567", date(1960, 2, 29))
    return Booking("renewal", "hong_kong", applicant)


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


_UPDATE = text("UPDATE slots SET taken = taken + 1 WHERE id = :slot AND taken < capacity")
_INSERT = text(
    "INSERT INTO appointments (slot, status, key, permit, reference, payload, document, phone, "
    "changes, changed_at) "
    "VALUES (:slot, 'booked', :key, 'hkid', :key, :payload, :print, :print, 0, :now)"
)


def throughput(engine: Engine, count: int) -> Dict[str, Any]:
    """Bookings a second of the book and of the two bare statements, in turns of twenty."""
    empty(engine)
    book = make_book(engine, make_keys())
    slots = [SlotKey(name, PERMIT, WANTED.starts_at) for name in CENTRES]
    with transaction(engine) as connection:
        connection.execute(insert(SLOTS), [
            {"id": slot.name, "centre": slot.centre, "permit": PERMIT, "capacity": 10**6,
             "starts_at": slot.starts_at, "taken": 0, "opened": True} for slot in slots
        ])  # fmt: skip
    seconds = {"hold": 0.0, "confirm": 0.0, "bare": 0.0}

    async def ours(numbers: Sequence[int]) -> None:
        for step in seconds:
            started = time.perf_counter()
            for n in numbers if step != "bare" else ():
                if step == "hold":
                    name = slots[n % len(slots)].name
                    await book.hold(name, f"k{n}", NOW + timedelta(minutes=10))
                else:
                    await book.confirm(f"k{n}", booking(n))
            seconds[step] += time.perf_counter() - started

    async def bare(numbers: Sequence[int]) -> None:
        def one(n: int) -> None:
            row = {"slot": slots[n % len(slots)].name, "key": f"b{n}", "payload": b"x" * 250,
                   "print": f"{n:064}", "now": NOW}  # fmt: skip
            with transaction(engine) as connection:
                if connection.execute(_UPDATE, row).rowcount:
                    connection.execute(_INSERT, row)

        started = time.perf_counter()
        for n in numbers:
            await asyncio.to_thread(one, n)
        seconds["bare"] += time.perf_counter() - started

    async def work() -> None:
        for first in range(-40, count, 20):
            if first == 0:  # the first rounds warm both up
                seconds.update(hold=0.0, confirm=0.0, bare=0.0)
            await ours(range(first, first + 20))
            await bare(range(first, first + 20))

    asyncio.run(work())
    each = {f"{step}, ms": round(spent / count * 1000, 3) for step, spent in seconds.items()}
    return {
        **each,
        "bookings a second": round(count / (seconds["hold"] + seconds["confirm"])),
        "bare, a second": round(count / seconds["bare"]),
        "ratio": round(seconds["bare"] / (seconds["hold"] + seconds["confirm"]), 2),
        "ratio of confirming": round(seconds["bare"] / seconds["confirm"], 2),
    }


def availability(engine: Engine, count: int) -> Dict[str, Any]:
    """Milliseconds of a query, in a calendar that is full at first and empties with the weeks."""
    empty(engine)
    dice = random.Random(1)
    rows = []
    for centre in CENTRES:
        full = dice.randrange(0, 45)  # days that are booked out
        for n in range(DAYS):
            for starts_at, capacity in pattern(centre, PERMIT, FIRST + timedelta(days=n)):
                taken = capacity if n < full else min(capacity, dice.randrange(capacity * 2))
                if taken and (n < full or dice.random() < 0.7 - n / DAYS):
                    key = SlotKey(centre, PERMIT, starts_at)
                    rows.append({
                        "id": key.name, "centre": centre, "permit": PERMIT, "taken": taken,
                        "starts_at": starts_at, "capacity": capacity, "opened": False,
                    })  # fmt: skip
    with transaction(engine) as connection:
        for first in range(0, len(rows), 5000):
            connection.execute(insert(SLOTS), rows[first : first + 5000])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    last = FIRST + timedelta(days=DAYS - 1)
    result: Dict[str, Any] = {"slots": len(CENTRES) * DAYS * 16, "rows": len(rows)}
    rows.clear()  # or Python's collector of garbage goes through them during the queries
    for centres in (1, 4, 10, len(CENTRES)):
        spent = []
        for n in range(-10, count):
            query = Query(PERMIT, tuple(dice.sample(CENTRES, centres)), FIRST, last)
            started = time.perf_counter()
            with transaction(engine) as connection:
                found = free_slots(connection, pattern, query, NOW)
            if n >= 0:
                spent.append((time.perf_counter() - started) * 1000)
            if not found:
                raise RuntimeError("nothing found")
        spent.sort()
        result[f"{centres} centres, p50 ms"] = round(spent[len(spent) // 2], 2)
        result[f"{centres} centres, p95 ms"] = round(spent[int(len(spent) * 0.95)], 2)
    return result


def empty(engine: Engine) -> None:
    with transaction(engine) as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())


@contextmanager
def databases() -> Iterator[Dict[str, str]]:
    """The address of an empty database of each kind."""
    import pgserver

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = pgserver.get_server(str(folder / "pg"))
        stack.callback(server.cleanup)
        yield {
            "SQLite": f"sqlite:///{folder / 'booking.sqlite3'}",
            "PostgreSQL": server.get_uri().replace("postgresql://", "postgresql+psycopg2://"),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bookings", type=int, default=400, help="bookings for the throughput")
    parser.add_argument("--queries", type=int, default=200, help="queries for the availability")
    parser.add_argument("--contend", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contend:
        contend(*json.loads(options.contend))
        return
    results: Dict[str, Dict[str, Dict[str, Any]]] = {}
    with databases() as addresses:
        for name, address in addresses.items():
            engine = open_database(address)
            measures = {
                f"{CONTENDERS} contenders, {SEATS} seats": partial(contention, address=address),
                f"the same, killed {ROUNDS} times each": partial(
                    contention, address=address, rounds=ROUNDS
                ),
                "throughput": partial(throughput, count=options.bookings),
                "availability": partial(availability, count=options.queries),
            }
            for title, measure in measures.items():
                results.setdefault(title, {})[name] = measure(engine)
            engine.dispose()
    console = Console()
    for title, columns in results.items():
        table = Table("", *columns, title=title)
        for row in next(iter(columns.values())):
            table.add_row(row, *(str(column[row]) for column in columns.values()))
        console.print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()

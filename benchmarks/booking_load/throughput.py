"""Bookings a second, as the form makes them, beside the two bare statements."""

import asyncio
import time
from datetime import timedelta
from typing import Any, Dict, Sequence

from sqlalchemy import insert, text
from sqlalchemy.engine import Engine

from actions.appointments.calendar import SlotKey
from actions.appointments.tables import SLOTS
from benchmarks.booking_load.calendar import CENTRES, NOW, PERMIT, WANTED, booking, empty, make_book
from core.database import transaction
from core.vault import make_keys

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

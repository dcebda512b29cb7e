"""How long it takes to find the earliest free slots in a large calendar."""

import random
import time
from datetime import timedelta
from typing import Any, Dict

from sqlalchemy import insert, text
from sqlalchemy.engine import Engine

from actions.appointments.availability import free_slots
from actions.appointments.calendar import SlotKey
from actions.appointments.model import Query
from actions.appointments.tables import SLOTS
from benchmarks.booking_load.calendar import CENTRES, DAYS, FIRST, NOW, PERMIT, empty, pattern
from core.database import transaction


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

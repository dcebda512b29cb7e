"""Which slots are free: the opening patterns, less the seats that are taken.

Only slots that somebody has touched stand in the database; an untouched calendar costs nothing.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Iterator, Mapping, Sequence

from sqlalchemy.engine import Connection

from actions.appointments.calendar import Pattern, slot_key, stamp
from actions.appointments.hold_store import ended_holds
from actions.appointments.model import Query, Slot
from actions.appointments.slot_store import rows
from core.clock import LOCAL

_DAY = timedelta(days=1)


def free_slots(
    connection: Connection, pattern: Pattern, query: Query, now: datetime
) -> Sequence[Slot]:
    """The slots with free seats after ``now``, earliest first; those of one time as the query
    orders the centres.
    """
    ended = ended_holds(connection, now)
    order = {centre: place for place, centre in enumerate(query.centres)}
    found: list[Slot] = []
    first, days = max(query.first, now.astimezone(LOCAL).date()), 1
    while first <= query.last:
        last = min(first + (days - 1) * _DAY, query.last)
        for slots in _days(connection, pattern, query, first, last, ended):
            found += sorted(
                (slot for slot in slots if slot.free > 0 and slot.starts_at > now),
                key=lambda slot: (slot.starts_at, order[slot.centre]),
            )
            if len(found) >= query.limit:
                return found[: query.limit]
        first, days = last + _DAY, days * 2  # often the first day has enough
    return found


def _days(
    connection: Connection,
    pattern: Pattern,
    query: Query,
    first: date,
    last: date,
    ended: Mapping[str, int],
) -> Iterator[Sequence[Slot]]:
    """The slots of each day that are free, or opened by staff, in no order."""
    start = datetime.combine(first, time(), LOCAL)
    end = datetime.combine(last, time(), LOCAL) + _DAY
    kept = rows(connection, query.permit, query.centres, start, end)
    # thousands of slots may be full: what is done for each of them is little
    seats = {name: (capacity, taken, opened) for name, capacity, taken, opened in kept}
    by_staff = defaultdict(list)
    for name, (capacity, taken, opened) in seats.items():
        key = slot_key(name) if opened else None
        if key:
            starts_at = key.starts_at.astimezone(LOCAL)
            free = capacity - taken + ended.get(name, 0)
            slot = Slot(name, key.centre, key.permit, starts_at, free)
            by_staff[starts_at.date()].append(slot)
    while first <= last:
        slots = by_staff[first]
        for centre in query.centres:
            path = f"{centre}/{query.permit}/"
            for starts_at, capacity in pattern(centre, query.permit, first):
                name = path + stamp(starts_at)
                _, taken, opened = seats.get(name, (0, 0, False))
                free = capacity - taken + ended.get(name, 0)
                if free > 0 and not opened:
                    slots.append(Slot(name, centre, query.permit, starts_at, free))
        yield slots
        first += _DAY

"""Which slots are free: the opening patterns, less the seats that are taken.

Only slots that somebody has touched stand in the database; an untouched calendar costs nothing.
"""

from datetime import date, datetime, time, timedelta
from typing import Iterator, Mapping, Sequence

from sqlalchemy.engine import Connection

from actions.appointments.calendar import Pattern, slot_named, stamp
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
    # thousands of slots may be full: what is done and kept for each of them is little
    taken: dict[str, int] = {}
    opened: dict[str, Slot] = {}
    for name, seats, capacity in rows(connection, query.permit, query.centres, start, end):
        taken[name] = seats - ended.get(name, 0)
        if capacity is not None:
            key = slot_named(name)
            starts_at = key.starts_at.astimezone(LOCAL)
            opened[name] = Slot(name, key.centre, key.permit, starts_at, capacity - taken[name])
    while first <= last:
        slots = [slot for slot in opened.values() if slot.starts_at.date() == first]
        for centre in query.centres:
            path = f"{centre}/{query.permit}/"
            for starts_at, capacity in pattern(centre, query.permit, first):
                name = path + stamp(starts_at)
                free = capacity - taken.get(name, 0)
                if free > 0 and name not in opened:
                    slots.append(Slot(name, centre, query.permit, starts_at, free))
        yield slots
        first += _DAY

"""Which slots are free: the opening patterns, less the seats that are taken.

Only slots that somebody has touched stand in the database; an untouched calendar costs nothing.
"""

from datetime import date, datetime, time, timedelta
from typing import Iterator, Mapping, Sequence

from sqlalchemy.engine import Connection

from actions.appointments.calendar import Pattern, SlotKey
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
    while first <= query.last and len(found) < query.limit:
        last = min(first + (days - 1) * _DAY, query.last)
        slots = _between(connection, pattern, query, first, last, ended)
        found += sorted(
            (slot for slot in slots if slot.free > 0 and slot.starts_at > now),
            key=lambda slot: (slot.starts_at, order[slot.centre]),
        )
        first, days = last + _DAY, days * 2  # often the first day has enough
    return found[: query.limit]


def _between(
    connection: Connection,
    pattern: Pattern,
    query: Query,
    first: date,
    last: date,
    ended: Mapping[str, int],
) -> Iterator[Slot]:
    """All slots of some days, full ones included."""
    start = datetime.combine(first, time(), LOCAL)
    end = datetime.combine(last, time(), LOCAL) + _DAY
    kept = rows(connection, query.permit, query.centres, start, end)
    touched = {(row.centre, row.starts_at): row for row in kept}
    for centre in query.centres:
        day = first
        while day <= last:
            for starts_at, capacity in pattern(centre, query.permit, day):
                row = touched.get((centre, starts_at))
                if row is None:
                    key = SlotKey(centre, query.permit, starts_at)
                    yield Slot(key.name, centre, query.permit, starts_at, capacity)
                elif not row.opened:
                    free = capacity - row.taken + ended.get(row.id, 0)
                    yield Slot(row.id, centre, query.permit, starts_at, free)
            day += _DAY
    for row in kept:
        if row.opened:
            free = row.capacity - row.taken + ended.get(row.id, 0)
            starts_at = row.starts_at.astimezone(LOCAL)
            yield Slot(row.id, row.centre, query.permit, starts_at, free)

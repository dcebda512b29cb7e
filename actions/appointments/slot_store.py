"""The seats of slots. SQL on one table, always inside a transaction of the caller.

A seat is taken by one conditional update, so that two people can never have the same one; the
table's own check makes overbooking impossible even for a program that is wrong. A slot of an
opening pattern gets its row when its first seat is taken. As long as staff have not set the
capacity, that of the present pattern holds and is handed in.
"""

from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Iterable, Optional, Sequence

from sqlalchemy import Table, bindparam, case, insert, select, text, update
from sqlalchemy.engine import Connection, Row

from actions.appointments.calendar import SlotKey
from actions.appointments.tables import SLOTS
from core.compiled import Compiled

# put together once, which takes longer than to run them
# as text: SQLAlchemy 1.4 does not know that SQLite can return what it updates
_TAKE = Compiled(
    text(
        "UPDATE slots SET taken = taken + 1, "
        "capacity = CASE WHEN opened THEN capacity ELSE :pattern END "
        "WHERE id = :slot AND taken < CASE WHEN opened THEN capacity ELSE :pattern END "
        "RETURNING capacity - taken"
    )
)
_GIVE_BACK = (
    update(SLOTS)
    .where(SLOTS.c.id == bindparam("slot"))
    .values(taken=SLOTS.c.taken - bindparam("seats"))
)
_LEFT = select(SLOTS.c.capacity - SLOTS.c.taken).where(SLOTS.c.id == bindparam("slot"))

_ROWS = select(SLOTS.c.id, SLOTS.c.taken, case((SLOTS.c.opened, SLOTS.c.capacity))).where(
    SLOTS.c.permit == bindparam("permit"),
    SLOTS.c.centre.in_(bindparam("centres", expanding=True)),
    SLOTS.c.starts_at >= bindparam("start"),
    SLOTS.c.starts_at < bindparam("end"),
)


def insert_new(connection: Connection, table: Table, **values: Any) -> bool:
    """Inserts a row unless one with the same unique values is there; whether it did."""
    return _insert_new(table, tuple(values)).run(connection, values).rowcount == 1


@cache
def _insert_new(table: Table, names: tuple[str, ...]) -> Compiled:
    types = [bindparam(name, type_=table.c[name].type) for name in names]
    plain = insert(table).values(dict.fromkeys(names))
    return Compiled(text(f"{plain} ON CONFLICT DO NOTHING").bindparams(*types))


def take(connection: Connection, slot: str, pattern: int) -> Optional[int]:
    """Takes a seat of a slot that has a row.

    Args:
        pattern: the capacity that the opening pattern gives the slot, 0 for none.

    Returns:
        How many seats are free after that; None when none was.
    """
    free: Optional[int] = _TAKE.run(connection, {"slot": slot, "pattern": pattern}).scalar()
    return free


def give_back(connection: Connection, slot: str, seats: int = 1) -> None:
    """Makes seats free again."""
    connection.execute(_GIVE_BACK, {"slot": slot, "seats": seats})


def by_staff(connection: Connection, slot: str) -> bool:
    """Whether staff opened a slot that has a row."""
    return bool(connection.execute(select(SLOTS.c.opened).where(SLOTS.c.id == slot)).scalar_one())


def left(connection: Connection, slot: str) -> int:
    """The free seats of a slot that has a row."""
    return int(connection.execute(_LEFT, {"slot": slot}).scalar_one())


def make_row(connection: Connection, key: SlotKey, capacity: int) -> None:
    """Gives a slot of the opening pattern its row, unless it has one."""
    insert_new(connection, SLOTS, **_fields(key), capacity=capacity, taken=0, opened=False)


def open_by_staff(connection: Connection, key: SlotKey, capacity: int) -> bool:
    """Offers a slot, or sets the capacity of one that is offered.

    Returns:
        False, and nothing is changed, when more seats are taken than ``capacity``.
    """
    values = {"capacity": capacity, "opened": True}
    if insert_new(connection, SLOTS, **_fields(key), taken=0, **values):
        return True
    fits = update(SLOTS).where(SLOTS.c.id == key.name, SLOTS.c.taken <= capacity)
    return connection.execute(fits.values(values)).rowcount == 1


def rows(
    connection: Connection, permit: str, centres: Sequence[str], start: datetime, end: datetime
) -> Iterable[Row]:
    """The slots with a row from ``start`` to before ``end``: id, seats taken, seats set by staff.

    One after the other: thousands at once would call Python's collector of garbage.
    """
    asked = {"permit": permit, "centres": centres, "start": start, "end": end}
    return chain.from_iterable(connection.execute(_ROWS, asked).partitions(200))


def _fields(key: SlotKey) -> dict[str, Any]:
    return {"id": key.name, "centre": key.centre, "permit": key.permit, "starts_at": key.starts_at}

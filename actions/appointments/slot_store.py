"""The seats of slots. SQL on one table, always inside a transaction of the caller.

A seat is taken by one conditional update, so that two people can never have the same one; the
table's own check makes overbooking impossible even for a program that is wrong. A slot of an
opening pattern gets its row when its first seat is taken. As long as staff have not set the
capacity, that of the present pattern holds and is handed in.
"""

from datetime import datetime
from typing import Any, Sequence

from sqlalchemy import Table, bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from actions.appointments.calendar import SlotKey
from actions.appointments.tables import SLOTS

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_CAPACITY = case((SLOTS.c.opened, SLOTS.c.capacity), else_=bindparam("pattern"))
_TAKE = (
    update(SLOTS)
    .where(SLOTS.c.id == bindparam("slot"), SLOTS.c.taken < _CAPACITY)
    .values(taken=SLOTS.c.taken + 1, capacity=_CAPACITY)
)
_GIVE_BACK = (
    update(SLOTS)
    .where(SLOTS.c.id == bindparam("slot"))
    .values(taken=SLOTS.c.taken - bindparam("seats"))
)


def insert_new(connection: Connection, table: Table, **values: Any) -> bool:
    """Inserts a row unless one with the same unique values is there; whether it did."""
    statement = _INSERT[connection.dialect.name](table).on_conflict_do_nothing()
    return connection.execute(statement, values).rowcount == 1


def take(connection: Connection, slot: str, pattern: int) -> bool:
    """Takes a seat of a slot that has a row; whether one was free.

    Args:
        pattern: the capacity that the opening pattern gives the slot, 0 for none.
    """
    return connection.execute(_TAKE, {"slot": slot, "pattern": pattern}).rowcount == 1


def give_back(connection: Connection, slot: str, seats: int = 1) -> None:
    """Makes seats free again."""
    connection.execute(_GIVE_BACK, {"slot": slot, "seats": seats})


def make_row(connection: Connection, key: SlotKey, capacity: int) -> bool:
    """Gives a slot of the opening pattern its row, unless it has one. Whether it did."""
    return insert_new(connection, SLOTS, **_fields(key), capacity=capacity, taken=0, opened=False)


def open_by_staff(connection: Connection, key: SlotKey, capacity: int) -> bool:
    """Offers a slot, or sets the capacity of one that is offered.

    Returns:
        False, and nothing is changed, when more seats are taken than ``capacity``.
    """
    values = {**_fields(key), "capacity": capacity, "taken": 0, "opened": True}
    statement = _INSERT[connection.dialect.name](SLOTS).on_conflict_do_update(
        index_elements=[SLOTS.c.id],
        set_={"capacity": capacity, "opened": True},
        where=SLOTS.c.taken <= capacity,
    )
    return connection.execute(statement, values).rowcount == 1


def rows(
    connection: Connection, permit: str, centres: Sequence[str], start: datetime, end: datetime
) -> Sequence[Row]:
    """The slots that have a row, from ``start`` to before ``end``."""
    return connection.execute(
        select(SLOTS.c.id, SLOTS.c.capacity, SLOTS.c.taken, SLOTS.c.opened, SLOTS.c.centre,
               SLOTS.c.starts_at)
        .where(SLOTS.c.permit == permit, SLOTS.c.centre.in_(centres))
        .where(SLOTS.c.starts_at >= start, SLOTS.c.starts_at < end)
    ).all()  # fmt: skip


def _fields(key: SlotKey) -> dict[str, Any]:
    return {"id": key.name, "centre": key.centre, "permit": key.permit, "starts_at": key.starts_at}

"""The table of the waiting list.

Two things the database itself makes sure of: a sender has one live place in a queue, and a queue
makes one offer at a time. Without the second, whoever comes next could be served while the one
before is on the way back to the head of the queue, because somebody else took the seat.
"""

from typing import Literal

from sqlalchemy import Column, Date, Index, Integer, String, Table, text

from core.database import METADATA, Instant

#: ``offering``: a seat is chosen, and is being held and told of. ``offered``: the person has been
#: told. ``taken``: the person goes on to book it. ``over``: the person waits no more.
State = Literal["waiting", "offering", "offered", "taken", "over"]

WAITING = Table(
    "appointment_waiting",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("sender", String(128), nullable=False, index=True),
    Column("channel", String(32), nullable=False),
    Column("reader", String(16), nullable=False),
    Column("permit", String(64), nullable=False),
    Column("centre", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("ready_at", Instant, nullable=False),  # later than joined_at after a failed offer
    Column("state", String(16), nullable=False),
    Column("offers", Integer, nullable=False),
    Column("slot", String(192)),
    Column("starts_at", Instant),
    Column("offered_until", Instant),
    Index("ix_appointment_waiting_queue", "state", "centre", "permit", "day", "joined_at"),
)
_W = WAITING.c
LIVE = text("state IN ('waiting', 'offering', 'offered')")
OFFERING = text("state = 'offering'")
Index(
    "uq_appointment_waiting_live", _W.sender, _W.permit, _W.centre, _W.day,
    unique=True, sqlite_where=LIVE, postgresql_where=LIVE,
)  # fmt: skip
Index(
    "uq_appointment_waiting_offering", _W.centre, _W.permit, _W.day,
    unique=True, sqlite_where=OFFERING, postgresql_where=OFFERING,
)  # fmt: skip

"""The tables of the local calendar: slots with their seats, and who has one.

A seat that is held and one that is booked are the same row with another status.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
)

from core.database import METADATA, Instant

SLOTS = Table(
    "slots",
    METADATA,
    Column("id", String(192), primary_key=True),
    Column("centre", String(64), nullable=False),
    Column("permit", String(64), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    # by staff: offered whatever the opening pattern says, with the capacity of the row
    Column("opened", Boolean, nullable=False),
    CheckConstraint("taken >= 0 AND taken <= capacity", name="seats"),
    UniqueConstraint("centre", "permit", "starts_at"),
)

APPOINTMENTS = Table(
    "appointments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("slot", ForeignKey("slots.id"), nullable=False, index=True),
    # with a seat: held, booked, past; without: expired and released (holds), cancelled
    Column("status", String(16), nullable=False),
    Column("key", String(128), nullable=False, unique=True),
    Column("permit", String(64), nullable=False),
    Column("held_until", Instant),
    Column("reference", String(16), unique=True),
    Column("payload", LargeBinary),
    Column("document", String(64)),
    Column("phone", String(64)),
    Column("person", String(128), index=True),
    Column("sender", String(128), index=True),
    Column("changes", Integer, nullable=False),
    Column("moved_by", String(128)),  # the key of the last change
    Column("changed_at", Instant, nullable=False),
)
_A = APPOINTMENTS.c
SEATED = _A.status.in_(("held", "booked", "past"))
HELD, BOOKED = _A.status == "held", _A.status == "booked"
Index(
    "uq_appointments_active", _A.permit, _A.document,
    unique=True, sqlite_where=BOOKED, postgresql_where=BOOKED,
)  # fmt: skip
Index("ix_appointments_held", _A.held_until, sqlite_where=HELD, postgresql_where=HELD)

#: An appointment with the place and time of its slot.
KEPT = select(APPOINTMENTS, SLOTS.c.centre, SLOTS.c.starts_at).join_from(APPOINTMENTS, SLOTS)

"""Where reminders wait until they are due. The only SQL of reminders.

A row says what is needed to word a reminder and to whom it goes, and nothing about the applicant.
Every method is one transaction with one kind of write, so that any number of workers may call it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Sequence

from sqlalchemy import Column, Index, Integer, String, Table, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from core.database import METADATA, Instant, transaction

Kind = Literal["day", "hours"]
#: ``missed``: it could not be delivered while it was true. ``unreachable``: nobody is there.
Ending = Literal["sent", "unreachable", "missed"]

REMINDERS = Table(
    "appointment_reminders",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("reference", String(32), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("permit", String(64), nullable=False),
    Column("centre", String(64), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("sender", String(128), nullable=False, index=True),
    Column("channel", String(32), nullable=False),
    Column("reader", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    # nobody else tries before: a lease while it is delivered, a pause after a failure
    Column("claimed_until", Instant),
    Column("attempts", Integer, nullable=False),
    Index("ix_appointment_reminders_due", "state", "due_at"),
)
_R = REMINDERS.c
_PLANNED = _R.state == "planned"
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Reminder:
    """One message about one appointment, true from ``due_at`` until ``expires_at``."""

    id: str
    reference: str
    kind: Kind
    permit: str
    centre: str
    starts_at: datetime
    sender: str
    channel: str
    reader: str
    due_at: datetime
    expires_at: datetime
    attempts: int = 0


class ReminderStore:
    """Reminders by the appointment's reference."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(self, reference: str, starts_at: datetime, reminders: Sequence[Reminder]) -> None:
        """Puts these in the place of the reminders of any other time of the appointment.

        Those of this time that are there already stay as they are, sent ones included.
        """
        with transaction(self._engine) as connection:
            other_time = (_R.reference == reference) & (_R.starts_at != starts_at)
            connection.execute(delete(REMINDERS).where(other_time))
            for reminder in reminders:
                row = {**asdict(reminder), "state": "planned"}
                insert = _INSERT[self._engine.dialect.name](REMINDERS).values(row)
                connection.execute(insert.on_conflict_do_nothing())

    def drop(self, reference: str) -> int:
        """Deletes the reminders of an appointment. Returns how many there were."""
        return self._delete(_R.reference == reference)

    def due(self, now: datetime, limit: int) -> "list[Reminder]":
        """Reminders that may be claimed, the longest due first."""
        found = select(REMINDERS).where(_may_be_claimed(now), _R.due_at <= now)
        with self._engine.connect() as connection:
            rows = connection.execute(found.order_by(_R.due_at, _R.id).limit(limit)).mappings()
            return [_reminder(row) for row in rows]

    def claim(self, reminder: str, now: datetime, until: datetime) -> bool:
        """Takes a reminder for oneself until then. Returns whether one has got it."""
        claimed = update(REMINDERS).where(_R.id == reminder, _may_be_claimed(now))
        return self._write(claimed.values(claimed_until=until, attempts=_R.attempts + 1)) == 1

    def is_planned(self, reminder: str) -> bool:
        """Whether it is still to be sent: not sent, not cancelled, not moved away."""
        with self._engine.connect() as connection:
            found = connection.execute(select(_R.id).where(_R.id == reminder, _PLANNED))
            return found.first() is not None

    def postpone(self, reminder: str, until: datetime) -> None:
        """Leaves a reminder that failed alone until then."""
        self._write(
            update(REMINDERS).where(_R.id == reminder, _PLANNED).values(claimed_until=until)
        )

    def end(self, reminder: str, how: Ending) -> None:
        """Says how a reminder ended."""
        self._write(update(REMINDERS).where(_R.id == reminder, _PLANNED).values(state=how))

    def miss(self, now: datetime) -> int:
        """Ends what is true no more. Returns how many reminders that were."""
        over = update(REMINDERS).where(_PLANNED, _R.expires_at <= now)
        return self._write(over.values(state="missed"))

    def purge(self, now: datetime) -> int:
        """Deletes the reminders of appointments that are over."""
        return self._delete((_R.state != "planned") & (_R.starts_at <= now))

    def export_of(self, sender: str) -> "list[dict[str, Any]]":
        """What is kept about a sender, as plain data."""
        kept = select(_R.reference, _R.kind, _R.due_at, _R.state).where(_R.sender == sender)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(kept.order_by(_R.due_at)).mappings()]

    def delete_of(self, sender: str) -> int:
        """Deletes what is kept about a sender. Returns how many reminders that were."""
        return self._delete(_R.sender == sender)

    def _delete(self, which: Any) -> int:
        return self._write(delete(REMINDERS).where(which))

    def _write(self, statement: Any) -> int:
        with transaction(self._engine) as connection:
            return int(connection.execute(statement).rowcount)


def _may_be_claimed(now: datetime) -> Any:
    unclaimed = or_(_R.claimed_until.is_(None), _R.claimed_until <= now)
    return _PLANNED & (_R.expires_at > now) & unclaimed


def _reminder(row: Any) -> Reminder:
    return Reminder(**{name: row[name] for name in Reminder.__dataclass_fields__})

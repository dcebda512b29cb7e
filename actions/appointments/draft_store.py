"""Unfinished bookings, so that a person can stop in the middle and go on the next day.

One row a sender, encrypted. The only SQL of this part of the capability.
"""

import json
import logging
from datetime import datetime, timedelta, timezone
from typing import Any, Optional, Sequence

from sqlalchemy import Column, DateTime, LargeBinary, String, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine, Row
from sqlalchemy.sql import Select

from core.clock import Clock
from core.database import METADATA, transaction
from core.key_rotation import renew_rows
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=7)

DRAFTS = Table(
    "appointment_drafts",
    METADATA,
    Column("sender", String(128), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    # stands in the payload too; here the rows that are left to re-encrypt are found by it
    Column("key_id", String(32), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, index=True),
)
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class DraftStore:
    """What people told for bookings that they have not finished, for seven days."""

    def __init__(self, engine: Engine, vault: Vault, clock: Clock) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock

    def load(self, sender: str) -> Optional[dict[str, Any]]:
        """What was saved last, or None when there is nothing, it is too old, or unreadable."""
        since = _utc(self._clock()) - LIFETIME
        fresh = (DRAFTS.c.sender == sender) & (DRAFTS.c.updated_at > since)
        with transaction(self._engine) as connection:
            row = connection.execute(select(DRAFTS.c.payload).where(fresh)).first()
        return None if row is None else self._read(sender, row.payload)

    def save(self, sender: str, draft: dict[str, Any]) -> None:
        """Keeps ``draft``, JSON data, in place of what was there. Its seven days begin now."""
        payload = self._vault.encrypt(json.dumps(draft).encode(), _context(sender))
        values = {
            "payload": payload,
            "key_id": self._vault.key_id(payload),
            "updated_at": _utc(self._clock()),
        }
        insert = _INSERT[self._engine.dialect.name](DRAFTS).values(sender=sender, **values)
        with transaction(self._engine) as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["sender"], set_=values))

    def export_of(self, sender: str) -> list[dict[str, Any]]:
        """All that is kept about a sender, in plain: at most one draft and when it was saved."""
        of_sender = DRAFTS.c.sender == sender
        with transaction(self._engine) as connection:
            row = connection.execute(select(DRAFTS).where(of_sender)).first()
        draft = None if row is None else self._read(sender, row.payload)
        if row is None or draft is None:
            return []
        return [{"updated_at": _utc(row.updated_at).isoformat(), "draft": draft}]

    def delete_of(self, sender: str) -> int:
        """Deletes what a sender saved. Returns how many drafts that were."""
        with transaction(self._engine) as connection:
            return connection.execute(delete(DRAFTS).where(DRAFTS.c.sender == sender)).rowcount

    def purge(self, now: datetime) -> int:
        """Deletes the drafts that are too old to be loaded. Returns how many that were."""
        old = DRAFTS.c.updated_at <= _utc(now) - LIFETIME
        with transaction(self._engine) as connection:
            return connection.execute(delete(DRAFTS).where(old)).rowcount

    def reencrypt(self, batch: int) -> int:
        """Puts at most ``batch`` drafts under the current key. Returns how many; 0 when done.

        Raises:
            VaultError: what is left cannot be read: a key is missing, or a row was altered.
        """
        current, *older = self._vault.key_ids
        left = select(DRAFTS.c.sender, DRAFTS.c.payload).where(DRAFTS.c.key_id != current)
        readable = left.where(DRAFTS.c.key_id.in_(older)).order_by(DRAFTS.c.sender)

        def fetch(after: Optional[Row], count: int) -> Sequence[Row]:
            rest = readable.where(DRAFTS.c.sender > after.sender) if after else readable
            return self._rows(rest.limit(count))

        changed = renew_rows(fetch, self._renew, batch)
        if not changed:
            for row in self._rows(left.limit(1)):
                self._renew(row)  # under a key that is missing
        return changed

    def _renew(self, row: Row) -> int:
        context = _context(row.sender)
        renewed = self._vault.encrypt(self._vault.decrypt(row.payload, context), context)
        # what the person saved meanwhile is newer, and under the current key already
        unchanged = (DRAFTS.c.sender == row.sender) & (DRAFTS.c.payload == row.payload)
        values = {"payload": renewed, "key_id": self._vault.key_ids[0]}
        with transaction(self._engine) as connection:
            return connection.execute(update(DRAFTS).where(unchanged).values(values)).rowcount

    def _rows(self, statement: Select) -> Sequence[Row]:
        with transaction(self._engine) as connection:
            return connection.execute(statement).all()

    def _read(self, sender: str, payload: bytes) -> Optional[dict[str, Any]]:
        try:
            return json.loads(self._vault.decrypt(payload, _context(sender)))
        except VaultError:
            # A person can tell it again; without a booking nobody is helped by an error.
            logger.exception("an unfinished booking cannot be read")
            return None


def _context(sender: str) -> bytes:
    """Binds a draft to its sender: in another's row it cannot be read."""
    return f"appointment_drafts {sender}".encode()


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no time zone: what is written is UTC, and what is read without a zone is."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)

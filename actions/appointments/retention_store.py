"""How long appointments are kept, and under which key: purge, export, deletion, rotation."""

import logging
from datetime import datetime
from functools import partial
from typing import Any, Optional, Sequence

from sqlalchemy import LargeBinary, delete, false, func, literal, or_, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.sql import Select

from actions.appointments.sealing import Sealer
from actions.appointments.slot_store import give_back
from actions.appointments.tables import APPOINTMENTS, BOOKED, KEPT, SEATED, SLOTS
from actions.appointments.transactions import in_transaction
from core.clock import LOCAL
from core.key_rotation import renew_rows
from core.vault import VaultError

logger = logging.getLogger(__name__)

_A = APPOINTMENTS.c


class RetentionStore:
    """What is kept about people, seen from their side.

    Every method raises ``BookUnavailable`` when the database does not answer.
    """

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    def delete_older(self, than: datetime) -> int:
        """Deletes the slots before a moment with all appointments and holds of them.

        Returns:
            How many appointments and holds those were.
        """
        old = SLOTS.c.starts_at < than

        def work(connection: Connection) -> int:
            slots = select(SLOTS.c.id).where(old)
            gone = connection.execute(delete(APPOINTMENTS).where(_A.slot.in_(slots))).rowcount
            connection.execute(delete(SLOTS).where(old))
            return gone

        return in_transaction(self._engine, work)

    def export_of(self, sender: str) -> Sequence[dict[str, Any]]:
        """Everything that is kept of the appointments that a sender made, as JSON data.

        Of one that no key can read it is what is not encrypted.
        """
        own = KEPT.where(_A.sender == sender).order_by(_A.id)
        kept = in_transaction(self._engine, partial(_fetch, statement=own))
        return [
            {
                "reference": row.reference,
                "centre": row.centre,
                "permit": row.permit,
                "starts_at": row.starts_at.astimezone(LOCAL).isoformat(),
                "status": row.status,
                "changes": row.changes,
                "person": row.person,
                **self._told(row),
            }
            for row in kept
        ]

    def _told(self, row: Row) -> dict[str, Any]:
        try:
            return self._sealer.told(row.reference, bytes(row.payload))
        except VaultError:
            logger.exception("an appointment cannot be read")
            return {}

    def booked_of(self, sender: str, now: datetime) -> Sequence[tuple[str, str]]:
        """Centre and permit of each appointment of a sender that is still to come."""
        own = KEPT.where(_A.sender == sender, BOOKED, SLOTS.c.starts_at > now).order_by(_A.id)
        rows = in_transaction(self._engine, partial(_fetch, statement=own))
        return [(row.centre, row.permit) for row in rows]

    def delete_of(self, sender: str) -> int:
        """Deletes the appointments that a sender made; their seats are free with that.

        Returns:
            How many those were.
        """

        def work(connection: Connection) -> int:
            # the write comes first; whoever moves or cancels one of them has to wait
            own = _A.sender == sender
            connection.execute(update(APPOINTMENTS).where(own).values(sender=sender))
            seats = select(_A.slot).where(own, SEATED).order_by(_A.slot)
            for slot in connection.execute(seats).scalars().all():
                give_back(connection, slot)
            return connection.execute(delete(APPOINTMENTS).where(own)).rowcount

        return in_transaction(self._engine, work)

    def reencrypt(self, batch: int) -> int:
        """Puts at most ``batch`` payloads under the current key. Returns how many; 0 when done.

        Raises:
            VaultError: what is left cannot be read: a key is missing, or a row was altered.
        """
        current, *older = self._sealer.prefixes
        left = select(_A.id, _A.reference, _A.payload).where(~_begins(current))
        readable = left.where(or_(false(), *map(_begins, older))).order_by(_A.id)

        def fetch(after: Optional[Row], count: int) -> Sequence[Row]:
            rest = readable.where(_A.id > after.id) if after else readable
            return in_transaction(self._engine, partial(_fetch, statement=rest.limit(count)))

        changed = renew_rows(fetch, self._renew, batch)
        if not changed:
            for row in in_transaction(self._engine, partial(_fetch, statement=left.limit(1))):
                self._renew(row)  # under a key that is missing
        return changed

    def _renew(self, row: Row) -> int:
        payload = bytes(row.payload)
        renewed = self._sealer.renew(row.reference, payload)
        # an appointment that was deleted or renewed meanwhile stays so
        same = update(APPOINTMENTS).where(_A.id == row.id, _A.payload == payload)
        same = same.values(payload=renewed)
        return in_transaction(self._engine, lambda connection: connection.execute(same).rowcount)


def _begins(prefix: bytes) -> Any:
    """Whether a payload is under the key of this prefix."""
    return func.substr(_A.payload, 1, len(prefix)) == literal(prefix, LargeBinary)


def _fetch(connection: Connection, statement: Select) -> Sequence[Row]:
    return connection.execute(statement).all()

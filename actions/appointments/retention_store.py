"""How long appointments are kept, and under which key: purge, export, deletion, rotation."""

from datetime import datetime
from functools import partial
from typing import Any, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.sql import Select

from actions.appointments.sealing import Sealer
from actions.appointments.slot_store import give_back
from actions.appointments.tables import APPOINTMENTS, KEPT, SEATED, SLOTS
from actions.appointments.transactions import in_transaction
from core.clock import LOCAL

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

        Raises:
            VaultError: an appointment cannot be decrypted.
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
                **self._sealer.told(row.reference, row.payload),
            }
            for row in kept
        ]

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

    def reencrypt(self, batch: int = 100) -> int:
        """Puts every payload under the current key.

        Args:
            batch: how many appointments are read at a time.

        Returns:
            How many were under another key.

        Raises:
            VaultError: a payload cannot be read; those before it are done.
        """
        changed, after = 0, 0
        kept = select(_A.id, _A.reference, _A.payload).where(_A.payload.is_not(None))
        while True:
            some = kept.where(_A.id > after).order_by(_A.id).limit(batch)
            rows = in_transaction(self._engine, partial(_fetch, statement=some))
            if not rows:
                return changed
            changed += sum(self._renew(row.id, row.reference, row.payload) for row in rows)
            after = rows[-1].id

    def _renew(self, row_id: int, reference: str, payload: bytes) -> int:
        renewed = self._sealer.renew(reference, bytes(payload))
        if renewed is None:
            return 0
        # an appointment that was deleted meanwhile stays so
        same = update(APPOINTMENTS).where(_A.id == row_id).values(payload=renewed)
        return in_transaction(self._engine, lambda connection: connection.execute(same).rowcount)


def _fetch(connection: Connection, statement: Select) -> Sequence[Row]:
    return connection.execute(statement).all()

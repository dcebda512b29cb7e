"""What the database holds of appointments, read past the assistant: rows, and all that is written."""

import json
from datetime import date, timedelta
from typing import Any, Dict, Iterator, List, Optional

from sqlalchemy import select

from actions.appointments.book import AppointmentBook
from actions.appointments.model import Query
from actions.appointments.sealing import Sealer
from actions.appointments.tables import APPOINTMENTS, SLOTS
from core.clock import LOCAL
from core.database import METADATA
from core.settings import Settings
from core.vault import Vault


def of_sender(database: Any, sender: str) -> "List[Dict[str, Any]]":
    """The appointments of a sender with their place, day and time, the oldest first."""
    query = select(APPOINTMENTS, SLOTS.c.centre, SLOTS.c.starts_at, SLOTS.c.taken)
    query = query.join_from(APPOINTMENTS, SLOTS).where(APPOINTMENTS.c.sender == sender)
    with database.connect() as connection:
        rows = connection.execute(query.order_by(APPOINTMENTS.c.id)).mappings().all()
    found = [dict(row) for row in rows if row["reference"]]
    for row in found:
        starts_at = row["starts_at"].astimezone(LOCAL)
        row["date"], row["time"] = starts_at.date(), f"{starts_at:%H:%M}"
    return found


def told(settings: Settings, row: "Dict[str, Any]") -> "Dict[str, Any]":
    """What an appointment's payload holds, decrypted."""
    vault = Vault(settings.encryption_keys(), settings.fingerprinting_key())
    return Sealer(vault).told(row["reference"], row["payload"])


def written(database: Any) -> bytes:
    """All values of all tables, as they stand there."""
    with database.connect() as connection:
        values = [
            value
            for table in METADATA.sorted_tables
            for row in connection.execute(table.select())
            for value in row
        ]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


def signs(value: Any) -> str:
    """A value without what is spaced or bracketed differently, and without case."""
    return "".join(c for c in str(value) if c.isalnum()).upper()


def forms(*secrets: Any) -> "Iterator[bytes]":
    """How something personal could stand somewhere in plain.

    As it was told, in other case, without brackets and spaces, without the country's code, as JSON.
    """
    for secret in map(str, secrets):
        shapes = {secret, secret.lower(), secret.upper(), signs(secret)}
        shapes |= {secret.replace("+852", "").replace("+86", "").replace("+853", "")}
        shapes |= {json.dumps(shape)[1:-1] for shape in shapes}
        yield from (shape.encode() for shape in sorted(shapes))


async def fill(
    book: AppointmentBook, centre: str, permit: str, date: date, time: Optional[str] = None
) -> None:
    """Takes every free seat of a day, or of one of its times."""
    for slot in await book.free(Query(permit, (centre,), date, date)):
        if time in (None, f"{slot.starts_at.astimezone(LOCAL):%H:%M}"):
            for seat in range(slot.free):
                until = slot.starts_at + timedelta(days=1)
                await book.hold(slot.id, f"somebody {seat} {slot.id}"[:128], until)

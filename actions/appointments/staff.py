"""What staff do to the local calendar: open slots beyond the pattern, or set their seats."""

from datetime import datetime
from typing import Sequence

from sqlalchemy.engine import Engine

from actions.appointments.calendar import SlotKey
from actions.appointments.hold_store import expire
from actions.appointments.slot_store import open_by_staff
from core.clock import LOCAL
from core.database import transaction
from core.errors import OneStopError


def open_slots(engine: Engine, slots: Sequence[SlotKey], capacity: int, now: datetime) -> None:
    """Offers slots with ``capacity`` seats each, or sets the seats of those that are offered.

    Raises:
        OneStopError: more seats than that are taken in one of them. Nothing was changed.
    """
    with transaction(engine) as connection:
        for slot in slots:
            expire(connection, slot.name, now)
            if not open_by_staff(connection, slot, capacity):
                raise OneStopError(
                    f"At {slot.starts_at.astimezone(LOCAL):%H:%M} more than {capacity} seats are "
                    "taken already; nothing was changed."
                )

"""The local calendar's slots: what the opening patterns offer, and how a slot is named.

A slot that nobody has touched stands in no table; its name alone says which one it is, so that
it can be looked up in the pattern again. Names come back from outside and are checked.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import lru_cache
from typing import Callable, Optional, Sequence

from core.clock import LOCAL

#: The slots that a centre's opening pattern has for a permit on a day: when, and how many seats.
Pattern = Callable[[str, str, date], Sequence[tuple[datetime, int]]]

_NAME = re.compile(r"([a-z0-9_]{1,64})/([a-z0-9_]{1,64})/(\d{8}T\d{4}Z)", re.ASCII)
_FORM = "%Y%m%dT%H%MZ"


@lru_cache(maxsize=2**16)
def stamp(starts_at: datetime) -> str:
    """The last part of a slot's name. A search makes thousands, of the same times."""
    return starts_at.astimezone(timezone.utc).strftime(_FORM)


@dataclass(frozen=True)
class SlotKey:
    """Which slot: one for each centre, permit and time."""

    centre: str
    permit: str
    starts_at: datetime

    @property
    def name(self) -> str:
        """The slot's id, such as ``sheung_wan/hkid/20261130T0100Z``."""
        return f"{self.centre}/{self.permit}/{stamp(self.starts_at)}"


def slot_key(name: str) -> Optional[SlotKey]:
    """The slot of that name, whether the calendar has it or not; None when it is no name."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    moment = _moment(found[3])
    return SlotKey(found[1], found[2], moment) if moment else None


@lru_cache(maxsize=2**16)
def _moment(stamped: str) -> Optional[datetime]:
    """What ``stamp`` wrote; None when there is no such day or hour."""
    try:
        return datetime.strptime(stamped, _FORM).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def slot_named(name: str) -> SlotKey:
    """The slot of a name that this calendar gave.

    Raises:
        ValueError: it is no name.
    """
    key = slot_key(name)
    if key is None:
        raise ValueError("This is not the name of a slot.")
    return key


def pattern_capacity(pattern: Pattern, key: SlotKey) -> int:
    """The seats that the pattern gives a slot; 0 when it does not have it."""
    day = key.starts_at.astimezone(LOCAL).date()
    return dict(pattern(key.centre, key.permit, day)).get(key.starts_at, 0)

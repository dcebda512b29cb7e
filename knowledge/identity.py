"""How sure it must be who somebody is before a task goes on, as staff set it."""

from dataclasses import dataclass
from typing import Any, Mapping, Optional


@dataclass(frozen=True)
class Requirement:
    """A level of ``actions.identity.model.Level``, and how old, in minutes, the proof may be.

    ``max_age`` is None where the age does not matter.
    """

    level: int
    max_age: Optional[int]

    @staticmethod
    def of(raw: Mapping[str, Any]) -> "Requirement":
        return Requirement(raw["level"], raw.get("max_age_minutes"))

"""A person's own data: each place that keeps something about a sender tells and deletes it.

The receipt proves that something was deleted and says nothing about whom: nobody keeps it but the
person.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Awaitable, Callable, Dict, Literal, Mapping, Optional, Protocol, Sequence

from core.clock import LOCAL, Clock

#: Letters that are not mistaken for one another, and that no mask takes for somebody's number.
_LETTERS, _LENGTH = "BCDFGHJKLMNPQRSTVWXZ", 10

Export = Callable[[str], Awaitable[Sequence[Mapping[str, Any]]]]


@dataclass(frozen=True)
class Place:
    """One place that keeps something about people.

    Attributes:
        name: what the export and the receipt call what is kept there.
        delete: deletes all of a sender; returns how many things that were, if it counts them.
        export: all of a sender, as JSON data and moments; without, there is nothing to be read.
    """

    name: str
    delete: Callable[[str], Awaitable[Optional[int]]]
    export: Optional[Export] = None


@dataclass(frozen=True)
class Receipt:
    """What was deleted, how many of each, and the link to what it was."""

    number: str
    moment: datetime
    deleted: Mapping[str, int]
    export: str


class Links(Protocol):
    """Hands out files behind links: ``core.handouts.Handouts``."""

    async def issue(self, sender: str, name: Literal["export.json"], data: bytes) -> str: ...


class PrivacyService:
    """Knows every place that keeps something about a sender.

    Args:
        places: in the order in which they are to delete.
        booked: how many appointments of a sender would be cancelled with the deletion.
        elsewhere: whether appointments stand in a department's own system, which is not ours to
            delete from.
    """

    def __init__(
        self,
        places: Sequence[Place],
        booked: Callable[[str], Awaitable[int]],
        links: Links,
        clock: Clock,
        elsewhere: bool = False,
    ) -> None:
        self._places = list(places)
        self.booked = booked
        self._links = links
        self._clock = clock
        self.elsewhere = elsewhere

    async def forget(self, sender: str) -> Mapping[str, int]:
        """Deletes what is kept about ``sender``; when this returns, it is gone.

        Returns:
            How many things were deleted in each place that counts them.
        """
        counted = {place.name: await place.delete(sender) for place in self._places}
        return {name: count for name, count in counted.items() if count is not None}

    async def hand_over(self, sender: str) -> Receipt:
        """Deletes what is kept about ``sender`` and hands it over to them."""
        kept: Dict[str, Any] = {
            place.name: list(await place.export(sender)) for place in self._places if place.export
        }
        deleted = await self.forget(sender)
        moment = self._clock().astimezone(LOCAL)
        number = _number()
        kept = {"receipt": number, "deleted_at": moment.isoformat(timespec="seconds"), **kept}
        data = json.dumps(kept, ensure_ascii=False, indent=2, default=_local).encode()
        # only now: the deletion deletes all links
        return Receipt(
            number, moment, deleted, await self._links.issue(sender, "export.json", data)
        )


def _local(moment: datetime) -> str:
    return moment.astimezone(LOCAL).isoformat()


def _number() -> str:
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{drawn[: _LENGTH // 2]}-{drawn[_LENGTH // 2 :]}"

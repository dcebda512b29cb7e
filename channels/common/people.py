"""The people behind the pseudonyms: where they are reached, and what they let us send unasked."""

import asyncio
from typing import Any, Callable, Optional, Protocol, Sequence, TypeVar

from sqlalchemy.engine import Engine

from channels.common.envelope import Incoming
from channels.common.people_store import PeopleStore, Person
from core.clock import Clock
from core.vault import Vault

T = TypeVar("T")


class Waiting(Protocol):
    """Something in which messages of, or to, a person wait: an inbox, an outbox, dead letters."""

    async def forget(self, sender: str) -> int:
        """Deletes what waits. Returns how many messages that were."""


class People:
    """The store of people, for the event loop, and what waits for them.

    Args:
        waiting: what is emptied when a person leaves.
    """

    def __init__(
        self, engine: Engine, vault: Vault, clock: Clock, waiting: Sequence[Waiting] = ()
    ) -> None:
        self._store = PeopleStore(engine, vault, clock)
        self._waiting = waiting

    async def see(self, message: Incoming) -> None:
        """Whoever sent this is here; one who had left is back."""
        person = Person(message.sender, message.channel, message.account, message.address)
        await _off_loop(self._store.see, person)

    async def address_of(self, sender: str) -> Optional[Person]:
        """Where a person is reached, or None for a stranger and for one who left.

        Raises:
            VaultError: the address cannot be read.
        """
        return await _off_loop(self._store.find, sender)

    async def leave(self, sender: str) -> None:
        """The person left the account: the address and all that waits are deleted.

        A repeat does no harm. What is being answered at this moment stays in the inbox, and
        what came since.
        """
        await _off_loop(self._store.leave, sender)
        for place in self._waiting:
            await place.forget(sender)

    async def accept(self, sender: str, template: str, count: int = 1) -> None:
        """The person agreed to so many more messages of a template."""
        await _off_loop(self._store.accept, sender, template, count)

    async def refuse(self, sender: str, template: str) -> None:
        """The person wants no messages of a template (any more)."""
        await _off_loop(self._store.refuse, sender, template)

    async def use(self, sender: str, template: str) -> bool:
        """Takes one of the messages that the person agreed to. Returns whether there was one."""
        return await _off_loop(self._store.use, sender, template)

    async def has_accepted(self, sender: str, template: str) -> bool:
        """Whether a message is left of those that the person agreed to."""
        return await _off_loop(self._store.has_accepted, sender, template)

    async def has_refused(self, sender: str, template: str) -> bool:
        """Whether the person's last word on a template was no."""
        return await _off_loop(self._store.has_refused, sender, template)

    async def export_of(self, sender: str) -> "list[dict[str, Any]]":
        """All that is kept about a person, in plain, as JSON data and moments."""
        return await _off_loop(self._store.export_of, sender)

    async def delete_of(self, sender: str) -> int:
        """Deletes all that is kept about a person, and what waits. Returns how many rows."""
        count = await _off_loop(self._store.delete_of, sender)
        for place in self._waiting:
            await place.forget(sender)
        return count


async def _off_loop(work: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.to_thread(work, *arguments)

"""Which platform's person a pseudonym stands for. The only SQL of the channels.

The address is encrypted; it goes when the person leaves, and what stays is that a pseudonym left.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Optional, Sequence

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine, Row
from sqlalchemy.sql import Select

from core.clock import Clock
from core.database import METADATA, Instant, transaction
from core.key_rotation import renew_rows
from core.vault import Vault

#: That a person is here is written at most so often.
_SEEN_EVERY = timedelta(hours=1)

PEOPLE = Table(
    "channel_people",
    METADATA,
    Column("sender", String(128), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("address", LargeBinary),
    Column("key_id", String(32)),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("left_at", Instant),
)
SUBSCRIPTIONS = Table(
    "channel_subscriptions",
    METADATA,
    Column("sender", String(128), primary_key=True),
    Column("template", String(64), primary_key=True),
    # so many messages may be sent that the person agreed to, one each
    Column("accepted", Integer, CheckConstraint("accepted >= 0", name="accepted"), nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Person:
    """Where a pseudonym is reached.

    Attributes:
        address: the platform's id of the person.
    """

    sender: str
    channel: str
    account: str
    address: str = field(repr=False)


class PeopleStore:
    """The people who are, or were, reached on a messaging platform."""

    def __init__(self, engine: Engine, vault: Vault, clock: Clock) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock
        self._insert = _INSERT[engine.dialect.name]

    def see(self, person: Person) -> bool:
        """A person is here. Returns whether that was written: at most once an hour."""
        now, of_sender = self._clock(), PEOPLE.c.sender == person.sender
        seen = select(PEOPLE.c.last_seen).where(of_sender, PEOPLE.c.left_at.is_(None))
        with transaction(self._engine) as connection:
            row = connection.execute(seen).first()
            if row and now - row.last_seen < _SEEN_EVERY:
                return False
            address = self._vault.encrypt(person.address.encode(), _context(person.sender))
            here = {
                "address": address, "key_id": self._vault.key_id(address), "last_seen": now,
                "left_at": None,
            }  # fmt: skip
            first = {"sender": person.sender, "channel": person.channel, "first_seen": now}
            insert = self._insert(PEOPLE).values(account=person.account, **first, **here)
            connection.execute(insert.on_conflict_do_update(index_elements=["sender"], set_=here))
        return True

    def find(self, sender: str) -> Optional[Person]:
        """Where a person is reached, or None for a stranger and for one who left.

        Raises:
            VaultError: the address cannot be read.
        """
        known = (PEOPLE.c.sender == sender) & PEOPLE.c.address.isnot(None)
        with transaction(self._engine) as connection:
            row = connection.execute(select(PEOPLE).where(known)).first()
        if row is None:
            return None
        address = self._vault.decrypt(row.address, _context(sender)).decode()
        return Person(sender, row.channel, row.account, address)

    def leave(self, sender: str) -> None:
        """A person left: the address and what they agreed to are deleted."""
        gone = {"address": None, "key_id": None, "left_at": self._clock()}
        with transaction(self._engine) as connection:
            connection.execute(update(PEOPLE).where(PEOPLE.c.sender == sender).values(gone))
            connection.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.sender == sender))

    def accept(self, sender: str, template: str, count: int = 1) -> None:
        """A person agreed to so many more messages of a template."""
        more = {"accepted": SUBSCRIPTIONS.c.accepted + count, "refused": False}
        self._subscribe(sender, template, {"accepted": count, "refused": False}, more)

    def refuse(self, sender: str, template: str) -> None:
        """A person wants no messages of a template."""
        none = {"accepted": 0, "refused": True}
        self._subscribe(sender, template, none, none)

    def use(self, sender: str, template: str) -> bool:
        """Takes one of the messages that a person agreed to. Returns whether there was one."""
        one = _of(sender, template) & (SUBSCRIPTIONS.c.accepted > 0)
        less = {"accepted": SUBSCRIPTIONS.c.accepted - 1, "changed_at": self._clock()}
        with transaction(self._engine) as connection:
            return connection.execute(update(SUBSCRIPTIONS).where(one).values(less)).rowcount > 0

    def has_accepted(self, sender: str, template: str) -> bool:
        """Whether a message is left of those that a person agreed to."""
        left = select(SUBSCRIPTIONS.c.accepted).where(_of(sender, template))
        with transaction(self._engine) as connection:
            return bool(connection.execute(left).scalar())

    def has_refused(self, sender: str, template: str) -> bool:
        """Whether a person's last word on a template was no."""
        chosen = select(SUBSCRIPTIONS.c.refused).where(_of(sender, template))
        with transaction(self._engine) as connection:
            return bool(connection.execute(chosen).scalar())

    def export_of(self, sender: str) -> "list[dict[str, Any]]":
        """All that is kept about a sender, in plain, as JSON data and moments."""
        with transaction(self._engine) as connection:
            row = connection.execute(select(PEOPLE).where(PEOPLE.c.sender == sender)).first()
            chosen = select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.sender == sender)
            chosen_rows = connection.execute(chosen.order_by(SUBSCRIPTIONS.c.template)).all()
        chosen_data = [
            {name: row[name] for name in ("template", "accepted", "refused", "changed_at")}
            for row in (row._mapping for row in chosen_rows)
        ]
        if row is None:
            return chosen_data
        person = self.find(sender)
        names = ("channel", "account", "first_seen", "last_seen", "left_at")
        seen = {name: row._mapping[name] for name in names}
        return [{**seen, "address": person and person.address}, *chosen_data]

    def delete_of(self, sender: str) -> int:
        """Deletes all that is kept about a sender. Returns how many rows that was."""
        count = 0
        with transaction(self._engine) as connection:
            for table in (PEOPLE, SUBSCRIPTIONS):
                count += connection.execute(delete(table).where(table.c.sender == sender)).rowcount
        return count

    def reencrypt(self, batch: int) -> int:
        """Puts at most ``batch`` addresses under the current key. Returns how many; 0 when done.

        Raises:
            VaultError: what is left cannot be read: a key is missing, or a row was altered.
        """
        current = self._vault.key_ids[0]
        rows = select(PEOPLE.c.sender, PEOPLE.c.address).order_by(PEOPLE.c.sender)
        left = rows.where(PEOPLE.c.key_id.isnot(None), PEOPLE.c.key_id != current)

        def fetch(after: Optional[Row], count: int) -> Sequence[Row]:
            rest = left.where(PEOPLE.c.sender > after.sender) if after else left
            return self._rows(rest.limit(count))

        return renew_rows(fetch, self._renew, batch)

    def _renew(self, row: Row) -> int:
        context = _context(row.sender)
        renewed = self._vault.encrypt(self._vault.decrypt(row.address, context), context)
        # whoever came or left meanwhile has a newer row
        unchanged = (PEOPLE.c.sender == row.sender) & (PEOPLE.c.address == row.address)
        values = {"address": renewed, "key_id": self._vault.key_ids[0]}
        with transaction(self._engine) as connection:
            return connection.execute(update(PEOPLE).where(unchanged).values(values)).rowcount

    def _rows(self, statement: Select) -> Sequence[Row]:
        with transaction(self._engine) as connection:
            return connection.execute(statement).all()

    def _subscribe(self, sender: str, template: str, first: Any, after: Any) -> None:
        now = {"changed_at": self._clock()}
        insert = self._insert(SUBSCRIPTIONS).values(
            sender=sender, template=template, **first, **now
        )
        changed = insert.on_conflict_do_update(
            index_elements=["sender", "template"], set_={**after, **now}
        )
        with transaction(self._engine) as connection:
            connection.execute(changed)


def _of(sender: str, template: str) -> Any:
    return (SUBSCRIPTIONS.c.sender == sender) & (SUBSCRIPTIONS.c.template == template)


def _context(sender: str) -> bytes:
    """Binds an address to its sender: in another's row it cannot be read."""
    return f"channel_people {sender}".encode()

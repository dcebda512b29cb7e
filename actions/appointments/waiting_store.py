"""Where people wait for a seat. The only SQL of the waiting list.

A queue is that of a centre, a permit and a day. Every change is one conditional update, in a
transaction that begins with it, so that any number of workers may work on the list.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Optional, Sequence
from uuid import uuid4

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from actions.appointments.model import Slot
from actions.appointments.waiting_table import LIVE, OFFERING, WAITING, State
from core.clock import LOCAL
from core.database import transaction

#: Live places that one sender may have: nobody is to block the queues of everybody.
MOST_PLACES = 5

_W = WAITING.c
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_TURN = (_W.joined_at, _W.id)


class _OutOfTurn(Exception):
    """Somebody in the queue has waited longer."""


@dataclass(frozen=True)
class Place:
    """A sender's place in the queue of a centre, a permit and a day, with the last offer made."""

    id: str
    sender: str
    channel: str
    reader: str
    permit: str
    centre: str
    day: date
    joined_at: datetime
    ready_at: datetime
    state: State
    offers: int = 0
    slot: Optional[str] = None
    starts_at: Optional[datetime] = None
    offered_until: Optional[datetime] = None

    @property
    def key(self) -> str:
        """The key under which the book holds the seat that is offered."""
        return f"waiting-{self.id}"


class WaitingStore:
    """Places on the waiting list."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def join(
        self, sender: str, channel: str, reader: str, permit: str, centre: str, day: date,
        now: datetime,
    ) -> Optional[Place]:  # fmt: skip
        """Gives a sender a place at the end, or the live one that there is.

        Returns:
            None when the sender has ``MOST_PLACES`` others that are live, of days to come.
        """
        row = {"id": uuid4().hex, "sender": sender, "channel": channel, "reader": reader,
               "permit": permit, "centre": centre, "day": day, "joined_at": now, "ready_at": now,
               "state": "waiting", "offers": 0}  # fmt: skip
        live = select(func.count()).where(
            LIVE, _W.sender == sender, _W.day >= now.astimezone(LOCAL).date()
        )
        values = [literal(value, WAITING.c[name].type) for name, value in row.items()]
        new = select(*values).where(live.scalar_subquery() < MOST_PLACES)
        insert = _INSERT[self._engine.dialect.name](WAITING).from_select(list(row), new)
        while True:  # again only when the place that was there has ended in between
            with transaction(self._engine) as connection:
                connection.execute(insert.on_conflict_do_nothing())
                place = _one(connection, LIVE, sender=sender, permit=permit, centre=centre, day=day)
                if place or connection.execute(live).scalar_one() >= MOST_PLACES:
                    return place

    def queues(self, today: date, now: datetime) -> "list[tuple[str, str]]":
        """Every centre and permit for which somebody waits."""
        found = select(_W.centre, _W.permit).where(_ready(now), _W.day >= today).distinct()
        with self._engine.connect() as connection:
            return [(row.centre, row.permit) for row in connection.execute(found)]

    def days(self, centre: str, permit: str, today: date, now: datetime) -> "list[date]":
        """The days from today on for which somebody waits."""
        found = select(_W.day).where(_ready(now), _W.centre == centre, _W.permit == permit)
        found = found.where(_W.day >= today).distinct().order_by(_W.day)
        with self._engine.connect() as connection:
            return list(connection.execute(found).scalars())

    def offer(
        self, centre: str, permit: str, day: date, slot: Slot, now: datetime, until: datetime
    ) -> Optional[Place]:
        """Claims the place of whoever has waited longest, to offer a seat of the slot.

        Returns:
            The place as it is now; None when nobody waits, or when a seat is just being offered in
            this queue.
        """
        queue = (_W.centre == centre) & (_W.permit == permit) & (_W.day == day)
        longest = select(_W.id).where(queue, _ready(now)).order_by(*_TURN).limit(1)
        claimed = update(WAITING).where(_W.id == longest.scalar_subquery(), _W.state == "waiting")
        claimed = claimed.values(
            state="offering", offers=_W.offers + 1, slot=slot.id, starts_at=slot.starts_at,
            offered_until=until,
        )  # fmt: skip
        try:
            with transaction(self._engine) as connection:
                if not connection.execute(claimed).rowcount:
                    return None
                offer = _one(connection, queue, OFFERING)
                first = _one(connection, queue, _ready(now))
                assert offer
                if first and (first.joined_at, first.id) < (offer.joined_at, offer.id):
                    raise _OutOfTurn  # came back while this was waiting for it
                return offer
        except (IntegrityError, _OutOfTurn):
            return None

    def told(self, offer: Place) -> bool:
        """The person has been told. Whether nobody had said so before."""
        return self._change(offer.id, _same(offer, "offering"), state="offered") is not None

    def take_back(self, offer: Place, ready_at: datetime) -> bool:
        """The offer cannot be made: the person keeps the place, and waits from ``ready_at`` on."""
        changes = {"state": "waiting", "ready_at": ready_at, "slot": None, "starts_at": None,
                   "offered_until": None}  # fmt: skip
        return self._change(offer.id, _same(offer, "offering"), **changes) is not None

    def end(self, offer: Place) -> bool:
        """The offer has come to nothing, and the place ends with it."""
        offered = _same(offer, "offering", "offered")
        return self._change(offer.id, offered, state="over") is not None

    def take(self, place: str, sender: str, now: datetime) -> Optional[Place]:
        """The sender takes what is offered, in time; taking again changes nothing."""
        offered = _W.state.in_(("offering", "offered", "taken"))
        which = offered & (_W.sender == sender) & (_W.offered_until > now)
        return self._change(place, which, state="taken")

    def leave(self, place: str, sender: str) -> Optional[Place]:
        """The sender waits no more. None when there is no such live place of theirs."""
        return self._change(place, LIVE & (_W.sender == sender), state="over")

    def unfinished(self, until: datetime) -> Sequence[Place]:
        """Offers that nobody has been told of and that run out before then."""
        return self._past("offering", until)

    def expired(self, now: datetime) -> Sequence[Place]:
        """Offers that people were told of and whose time is over."""
        return self._past("offered", now)

    def of_sender(self, sender: str) -> "list[Place]":
        with self._engine.connect() as connection:
            found = select(WAITING).where(_W.sender == sender).order_by(*_TURN)
            return [_place(row) for row in connection.execute(found).mappings()]

    def delete_of(self, sender: str) -> int:
        return self._delete(_W.sender == sender)

    def delete_before(self, day: date) -> int:
        """Deletes the places of earlier days. Returns how many those were."""
        return self._delete(_W.day < day)

    def _past(self, state: State, moment: datetime) -> Sequence[Place]:
        found = select(WAITING).where(_W.state == state, _W.offered_until <= moment)
        with self._engine.connect() as connection:
            rows = connection.execute(found.order_by(*_TURN)).mappings()
            return [_place(row) for row in rows]

    def _change(self, place: str, condition: Any, **values: Any) -> Optional[Place]:
        """Changes a place if the condition holds, and returns it as it is then."""
        changed = update(WAITING).where(_W.id == place, condition).values(**values)
        with transaction(self._engine) as connection:
            if not connection.execute(changed).rowcount:
                return None
            return _one(connection, id=place)

    def _delete(self, which: Any) -> int:
        with transaction(self._engine) as connection:
            return int(connection.execute(delete(WAITING).where(which)).rowcount)


def _ready(now: datetime) -> Any:
    return (_W.state == "waiting") & (_W.ready_at <= now)


def _same(offer: Place, *states: State) -> Any:
    """It is still this offer, and not a later one of the same place."""
    return _W.state.in_(states) & (_W.offers == offer.offers)


def _one(connection: Connection, *conditions: Any, **values: Any) -> Optional[Place]:
    equal = [_W[name] == value for name, value in values.items()]
    found = select(WAITING).where(*conditions, *equal).order_by(*_TURN).limit(1)
    row = connection.execute(found).mappings().first()
    return _place(row) if row else None


def _place(row: Any) -> Place:
    return Place(**row)

"""The local calendar keeps the contract of every appointment book, on both databases."""

from datetime import timedelta

import pytest

from actions.appointments.calendar import SlotKey
from actions.appointments.local_book import LocalBook
from actions.appointments.staff import open_slots
from core.vault import Vault, make_keys
from tests.support.book_contract import NOW, BookContract, someone  # noqa: F401 (a fixture)


class Desk:
    """A calendar without an opening pattern: staff open every slot."""

    def __init__(self, engine):
        self.now, self._engine = NOW, engine
        vault = Vault(make_keys(), "f" * 43)
        self.book = LocalBook(engine, lambda *_: (), vault, lambda: self.now, demo=True)

    def open(self, centre, permit, starts_at, seats):
        open_slots(self._engine, [SlotKey(centre, permit, starts_at)], seats, self.now)

    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)


class TestLocalBook(BookContract):
    @pytest.fixture
    def desk(self, engine):
        return Desk(engine)

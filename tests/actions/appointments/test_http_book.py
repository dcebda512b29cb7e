"""A department's system behind the port: the contract of every book, and what can go wrong."""

from datetime import timedelta

import pytest
import pytest_asyncio

from actions.appointments.http_book import HttpBook
from actions.appointments.http_client import Limits
from tests.support.book_contract import NOW, BookContract, someone  # noqa: F401
from tests.support.fake_department import TOKEN, FakeDepartment
from tests.support.memory_book import MemoryBook

QUICK = Limits(connect_s=0.5, total_s=0.5, retry_after_s=0.01)


class Desk:
    def __init__(self):
        self.now = NOW
        self.book = self.calendar = MemoryBook(lambda: self.now)
        self.open = self.calendar.open

    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)


class TestMemoryBook(BookContract):
    """The book of the fake department itself: else it could not show anything about another."""

    @pytest.fixture
    def desk(self):
        return Desk()


class TestHttpBook(BookContract):
    @pytest_asyncio.fixture
    async def desk(self):
        desk = Desk()
        async with FakeDepartment(desk.calendar) as department:
            desk.book = HttpBook(department.url, TOKEN, Limits())
            yield desk
            await desk.book.close()
        assert department.complaints == []

"""How the appointments are put together: which calendar, and when there is nowhere to book."""

from dataclasses import replace

import pytest

from actions.appointments.http_book import HttpBook
from actions.appointments.local_book import LocalBook
from core.clock import system_clock
from core.settings import Environment, Settings
from core.vault import Vault, make_keys
from tests.support.office import open_quiet_office

DEPARTMENT = {"appointment_book_url": "https://d.example", "appointment_book_token": "t"}


@pytest.fixture
def make(engine, redis, content):
    def office(env, snapshot=content, **options):
        settings = Settings(env=env, **options)
        vault = Vault(make_keys(), "f" * 43)
        return open_quiet_office(settings, engine, redis, vault, lambda: snapshot, system_clock)

    return office


async def test_a_demo_offers_demo_centres_of_its_own_calendar(make):
    office = make(Environment.DEMO)
    assert isinstance(office.book, LocalBook)
    assert (office.book.demo, office.has_centres) == (True, True)
    await office.close()


@pytest.mark.parametrize("options", [{}, DEPARTMENT])
async def test_in_production_nothing_is_a_demo(make, content, options):
    office = make(Environment.PRODUCTION, replace(content, centres={}), **options)
    assert (office.book.demo, office.has_centres) == (False, False)
    await office.close()


async def test_a_departments_system_is_the_book_when_there_is_one(make):
    office = make(Environment.DEMO, **DEPARTMENT)
    assert isinstance(office.book, HttpBook)
    await office.close()

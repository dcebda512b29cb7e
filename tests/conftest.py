"""What the tests share: real Redis, real PostgreSQL, the trained model, the wired assistant."""

import logging
import os

from bot.environment import prepare

prepare()  # before anything imports Rasa
for name in [name for name in os.environ if name.startswith("ONESTOP_")]:
    del os.environ[name]

import pytest
import pytest_asyncio
from sanic import Sanic

from core.cache import RedisServer, connect
from core.database import open_database
from core.settings import ROOT, Settings
from knowledge.loader import load_files, snapshot
from nlu.model import current_model
from tests.support.clock import SettableClock

Sanic.test_mode = True
logging.getLogger().setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    """Demo settings with a data folder of their own."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def redis_url(settings):
    """A real Redis server."""
    with RedisServer(settings) as server:
        yield server.url


@pytest_asyncio.fixture
async def redis(redis_url):
    """A client on an emptied Redis."""
    client = connect(redis_url)
    await client.flushall()
    yield client
    await client.close()
    await client.connection_pool.disconnect()


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory):
    """A real PostgreSQL server."""
    import pgserver

    server = pgserver.get_server(str(tmp_path_factory.mktemp("pg")))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request, tmp_path):
    """A migrated, empty database: each test runs on SQLite and on PostgreSQL."""
    from core.database import METADATA

    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    else:
        engine = open_database(request.getfixturevalue("postgres_address"))
        with engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def content():
    """The snapshot of the real knowledge."""
    folder = ROOT / "knowledge" / "content"
    return snapshot(load_files(folder), folder)


@pytest.fixture(scope="session")
def model():
    """The trained model that fits the present code and data; `make test` trains it first."""
    return current_model(Settings())


@pytest.fixture(scope="session")
def clock_of_assistant():
    """What the assistant takes for the time: the real one, until a test sets it."""
    return SettableClock()


@pytest_asyncio.fixture(scope="session")
async def assistant(settings, redis_url, model, clock_of_assistant):
    """The whole assistant, wired as in the server, without HTTP."""
    from bot import wiring

    built = wiring.build(settings, redis_url, model, clock_of_assistant)
    yield built
    await built.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory, model):
    """The real server in a process of its own."""
    from tests.support.server import Server

    with Server(tmp_path_factory.mktemp("server")) as running:
        yield running

"""The relational database: SQLite in the data folder, or PostgreSQL in production."""

import sqlite3
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, ContextManager, Iterator, Optional

import alembic.command
import alembic.config
from sqlalchemy import DateTime, MetaData, create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.types import TypeDecorator

from core.file_lock import file_lock

#: All tables; every ``store.py`` declares its own here.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment: given with any time zone, read in UTC. SQLite itself would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        return value and value.astimezone(timezone.utc)

    def process_result_value(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        if value is None or value.tzinfo:
            return value and value.astimezone(timezone.utc)
        return value.replace(tzinfo=timezone.utc)


#: Of processes that start together one migrates, the others wait until it has done so. The number
#: is any that nothing else on the server uses.
_WAIT_FOR_OTHERS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(4105367)",
}


def open_database(address: str) -> Engine:
    """An engine with its schema brought up to date.

    Args:
        address: SQLAlchemy address, SQLite or PostgreSQL.
    """
    url = make_url(address)
    alone: ContextManager[None] = nullcontext()
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        # SQLite itself does not wait when two processes make a new file write-ahead.
        alone = file_lock(Path(url.database + ".lock"))
    engine = create_engine(url, future=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    with alone:
        migrate(engine)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def migrate(engine: Engine) -> None:
    """Brings the schema to the newest revision; harmless when it is there already."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        connection.execute(text(_WAIT_FOR_OTHERS[engine.dialect.name]))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection whose work is committed at the end, or rolled back on an error."""
    with engine.begin() as connection:
        yield connection

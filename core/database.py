"""The relational database: SQLite in the data folder, or PostgreSQL in production."""

import sqlite3
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, ContextManager, Iterator, Optional
from weakref import WeakKeyDictionary

import alembic.command
import alembic.config
from sqlalchemy import DateTime, MetaData, create_engine, event, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from core.file_lock import file_lock
from core.folders import make_private

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

#: For each engine one of its own connections whose commits do not wait for the disk: to turn that
#: on and off again in every transaction takes longer than what such a transaction does.
_IN_HASTE: "WeakKeyDictionary[Engine, Engine]" = WeakKeyDictionary()


def open_database(address: str) -> Engine:
    """An engine with its schema brought up to date.

    Args:
        address: SQLAlchemy address, SQLite or PostgreSQL.
    """
    url = make_url(address)
    alone: ContextManager[None] = nullcontext()
    if url.get_backend_name() == "sqlite" and url.database:
        make_private(Path(url.database).parent)
        # SQLite itself does not wait when two processes make a new file write-ahead.
        alone = file_lock(Path(url.database + ".lock"))
    engine, hasty = _engine(url), _engine(url, durable=False)
    event.listen(engine, "engine_disposed", lambda _engine: hasty.dispose())
    with alone:
        migrate(engine)
    _IN_HASTE[engine] = hasty
    return engine


def _engine(url: URL, durable: bool = True) -> Engine:
    # hidden: an error must not carry what was to be stored into a log
    options: dict[str, Any] = {"future": True, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        # connections stay open: with the last one SQLite gives up its log, which costs
        # milliseconds; threads take turns with them
        engine = create_engine(
            url, poolclass=QueuePool, connect_args={"check_same_thread": False}, **options
        )
        event.listen(engine, "connect", partial(_configure_sqlite, durable=durable))
        return engine
    if not durable:
        # with the connection's start, which a pooler in between refuses rather than mixes up
        given = url.query.get("options", "")
        options["connect_args"] = {"options": f"{given} -c synchronous_commit=off"}
    return create_engine(url, pool_pre_ping=True, **options)


def _configure_sqlite(connection: sqlite3.Connection, _record: Any, durable: bool) -> None:
    cursor = connection.cursor()
    wait = "FULL" if durable else "NORMAL"
    for pragma in (
        "busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON", f"synchronous={wait}"
    ):  # fmt: skip
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
def transaction(engine: Engine, durable: bool = True) -> Iterator[Connection]:
    """A connection whose work is committed at the end, or rolled back on an error.

    Args:
        durable: whether to wait until the work is on the disk. Without, the machine's failing, not
            the process's, may undo the last moments' work: whole transactions, the latest first.
    """
    with (engine if durable else _IN_HASTE.get(engine, engine)).connect() as connection:
        yield connection
        connection.commit()

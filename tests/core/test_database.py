import importlib
import subprocess
import sys
import threading
import uuid
from datetime import datetime, timedelta, timezone
from sqlite3 import ProgrammingError

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from core.database import METADATA, Instant, migrate, open_database, transaction
from core.settings import ROOT


def declare_all_tables():
    for path in sorted(ROOT.glob("*/*/*store.py")):
        if path.parts[-3] in ("actions", "channels", "admin"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


declare_all_tables()


def test_there_are_tables():
    assert "feedback" in METADATA.tables


def test_the_migrations_make_the_tables_that_the_stores_declare(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []


def test_the_names_of_keys_follow_the_convention(engine):
    for name in METADATA.tables:
        found = inspect(engine).get_pk_constraint(name)["name"]
        assert found == f"pk_{name}"


def test_migrating_again_is_harmless(engine):
    with transaction(engine) as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    migrate(engine)
    with transaction(engine) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == before
    assert len(before) == 1


def test_the_migrations_form_one_line():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "core" / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def count(engine):
    with transaction(engine) as connection:
        return connection.execute(text("SELECT count(*) FROM feedback")).scalar_one()


def leave_one(connection):
    connection.execute(
        text("INSERT INTO feedback (sender, text, said_at) VALUES ('a', 'b', '2026-11-22 10:00')")
    )


def test_a_transaction_is_kept(engine):
    with transaction(engine) as connection:
        leave_one(connection)
    assert count(engine) == 1


def test_a_transaction_that_fails_leaves_nothing(engine):
    with pytest.raises(RuntimeError), transaction(engine) as connection:
        leave_one(connection)
        raise RuntimeError
    assert count(engine) == 0


def test_the_folder_of_the_database_is_made(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'new' / 'deep' / 'one.sqlite3'}")
    assert count(engine) == 0
    engine.dispose()


def test_sqlite_writes_ahead_and_keeps_its_promises(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    with engine.connect() as connection:

        def pragma(name):
            return connection.execute(text(f"PRAGMA {name}")).scalar_one()

        assert pragma("journal_mode") == "wal"
        assert pragma("foreign_keys") == 1
        assert pragma("busy_timeout") >= 1000
        assert pragma("synchronous") == 2  # full: what was acknowledged is on the disk
    engine.dispose()


def test_the_data_survives_a_restart(tmp_path):
    address = f"sqlite:///{tmp_path / 'one.sqlite3'}"
    first = open_database(address)
    with transaction(first) as connection:
        leave_one(connection)
    first.dispose()
    second = open_database(address)
    assert count(second) == 1
    second.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_address(request, tmp_path):
    """The address of a database that has no table yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        return
    server = create_engine(
        request.getfixturevalue("postgres_address"), isolation_level="AUTOCOMMIT"
    )
    name = f"new_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def test_processes_that_start_together_migrate_once(new_address):
    code = (
        "import sys; from core.database import open_database;"
        "print('ready', flush=True); sys.stdin.readline();"
        f"open_database({new_address!r})"
    )
    several = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in several:
        assert process.stdout.readline() == "ready\n"
    for process in several:
        process.stdin.write("go\n")
        process.stdin.flush()
    faults = [process.communicate(timeout=60)[1] for process in several]
    assert [process.returncode for process in several] == [0] * 6, faults
    engine = open_database(new_address)
    assert count(engine) == 0
    engine.dispose()


def test_sqlite_keeps_its_connections_for_all_threads(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    seen = set()

    def work():
        with engine.connect() as connection:
            seen.add(id(connection.connection.dbapi_connection))

    for _ in range(5):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len(seen) == 1
    engine.dispose()


def synchronous(engine, connection):
    names = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    return connection.execute(text(names[engine.dialect.name])).scalar_one()


def test_only_what_may_be_lost_does_not_wait_for_the_disk(engine):
    def now():
        with transaction(engine) as connection:
            return synchronous(engine, connection)

    waits = now()
    assert waits in (2, "on")
    with transaction(engine, durable=False) as connection:
        assert synchronous(engine, connection) in (1, "off")
        leave_one(connection)
    assert (count(engine), now()) == (1, waits)
    with pytest.raises(RuntimeError), transaction(engine, durable=False) as connection:
        leave_one(connection)
        raise RuntimeError
    assert (count(engine), now()) == (1, waits)


def test_an_engine_of_ones_own_always_waits(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite3'}", future=True)
    with transaction(engine, durable=False) as connection:
        assert synchronous(engine, connection) == 2
    engine.dispose()


def test_the_connections_that_do_not_wait_are_closed_with_the_others(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    with transaction(engine, durable=False) as connection:
        leave_one(connection)
        unused = connection.connection.dbapi_connection
    unused.execute("SELECT 1")
    engine.dispose()
    with pytest.raises(ProgrammingError, match="closed"):
        unused.execute("SELECT 1")


@pytest.mark.postgres
def test_the_options_of_the_address_count_for_all_connections(postgres_address):
    engine = open_database(f"{postgres_address}&options=-c%20statement_timeout%3D1234")
    for durable in (True, False):
        with transaction(engine, durable) as connection:
            assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "1234ms"
    engine.dispose()


MOMENTS = Table("moments", MetaData(), Column("at", Instant))


@pytest.mark.parametrize(
    "given",
    [
        datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 11, 22, 1, 30, tzinfo=timezone.utc),
    ],
)
def test_a_moment_keeps_its_zone(engine, given):
    MOMENTS.create(engine)
    try:
        with transaction(engine) as connection:
            connection.execute(MOMENTS.insert(), [{"at": given}, {"at": None}])
            read, nothing = connection.execute(select(MOMENTS.c.at)).scalars()
            assert connection.execute(select(MOMENTS).where(MOMENTS.c.at <= given)).all()
    finally:
        MOMENTS.drop(engine)
    assert (read, read.utcoffset(), nothing) == (given, timedelta(0), None)


def test_an_error_does_not_tell_what_was_to_be_stored(engine):
    row = {"id": 1, "sender": "someone", "text": "secret", "said_at": datetime.now(timezone.utc)}
    with pytest.raises(IntegrityError) as error, transaction(engine) as connection:
        for _ in range(2):
            connection.execute(METADATA.tables["feedback"].insert(), row)
    assert "secret" not in str(error.value)

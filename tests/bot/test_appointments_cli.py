"""Staff open slots: what is wrong is one plain sentence, and what is right can be booked."""

import asyncio
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from actions.appointments.calendar import SlotKey
from actions.appointments.draft_store import DraftStore
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Applicant, Booking, Proof
from actions.appointments.staff import open_slots
from actions.appointments.tables import SLOTS
from bot import appointments_cli
from bot.cli import main
from channels.common.people_store import PeopleStore, Person
from core.clock import system_clock
from core.database import open_database, transaction
from core.vault import Vault, make_keys

GOOD = {
    "--centre": "sheung_wan", "--permit": "hkid", "--date": "2099-12-05",
    "--times": "09:00,09:30", "--capacity": "4",
}  # fmt: skip


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """The database that the command works on."""
    monkeypatch.setenv("ONESTOP_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(
        appointments_cli, "permits_of_centres", lambda _: {"sheung_wan": {"hkid"}, "sha_tin": set()}
    )
    engine = open_database(f"sqlite:///{tmp_path / 'onestop.sqlite3'}")
    yield engine
    engine.dispose()


def run(**changes):
    options = {**GOOD, **{f"--{name}": value for name, value in changes.items()}}
    words = [word for option in options.items() for word in option]
    return CliRunner().invoke(main, ["appointments", "open", *words])


def slots(engine):
    with engine.connect() as connection:
        return connection.execute(select(SLOTS).order_by(SLOTS.c.starts_at)).all()


def test_slots_are_opened(engine):
    shown = run(times="09:30, 9:00,09:30")
    assert shown.exit_code == 0, shown.output
    assert "2 times, 4 seats each" in shown.stdout
    nine, half_past = slots(engine)
    assert nine.starts_at == datetime(2099, 12, 5, 1, 0, tzinfo=timezone.utc)
    assert half_past.starts_at - nine.starts_at == timedelta(minutes=30)
    assert (nine.centre, nine.permit, nine.capacity, nine.taken, nine.opened) == (
        "sheung_wan", "hkid", 4, 0, True,
    )  # fmt: skip


def test_opening_again_sets_the_seats_but_takes_nobodys(engine):
    run()
    with transaction(engine) as connection:
        first = SLOTS.c.id == slots(engine)[0].id
        connection.execute(update(SLOTS).where(first).values(taken=3))
    assert run(capacity="3").exit_code == 0
    assert [slot.capacity for slot in slots(engine)] == [3, 3]
    shown = run(capacity="2", times="08:00,09:00,09:30")
    assert shown.exit_code == 1
    assert shown.stderr == (
        "onestop: At 09:00 more than 2 seats are taken already; nothing was changed.\n"
    )
    assert [slot.capacity for slot in slots(engine)] == [3, 3]


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("centre", "nowhere", "There is no centre “nowhere”."),
        ("centre", "sha_tin", "The centre sha_tin does not do the permit “hkid”."),
        ("permit", "visa", "does not do the permit “visa”."),
        ("date", "2099-02-30", "“2099-02-30” is not a date"),
        ("date", "tomorrow", "“tomorrow” is not a date"),
        ("date", str(date(2020, 1, 1)), "2020-01-01 09:00 is in the past."),
        ("times", "24:00", "“24:00” is not a time"),
        ("times", "09:00,", "“” is not a time"),
        ("times", "0900", "“0900” is not a time"),
        ("capacity", "0", "a number from 1 to 999"),
        ("capacity", "-1", "a number from 1 to 999"),
        ("capacity", "1000", "a number from 1 to 999"),
        ("capacity", "many", "a number from 1 to 999"),
        ("capacity", "４", "a number from 1 to 999"),
    ],
)
def test_what_is_wrong_is_one_sentence(engine, name, value, said):
    shown = run(**{name: value})
    assert shown.exit_code == 1
    assert said in shown.stderr
    assert shown.stderr.count("\n") == 1
    assert slots(engine) == []


@pytest.fixture
def kept(engine, monkeypatch):
    """An appointment, a draft and an address under the key “1”."""
    old, fingerprints = make_keys(), "f" * 43
    monkeypatch.setenv("ONESTOP_FINGERPRINT_KEY", fingerprints)
    vault, now = Vault(old, fingerprints), datetime.now(timezone.utc)
    start = now.replace(microsecond=0, second=0) + timedelta(days=3)
    key = SlotKey("sheung_wan", "hkid", start)
    open_slots(engine, [key], 1, now)
    book = LocalBook(engine, lambda *_: (), vault, system_clock, demo=True)

    async def fill():
        await book.hold(key.name, "k", now + timedelta(minutes=10))
        order = Booking("first", "hong_kong", Applicant("CHAN", "A1234563", "+85291234567"))
        return await book.confirm("k", order)

    made = asyncio.run(fill())
    DraftStore(engine, vault, system_clock).save("someone", {"task": "book"})
    PeopleStore(engine, vault, system_clock).see(Person("someone", "test", "app", "oPenId"))
    return SimpleNamespace(old=old, new=make_keys().replace("1:", "2:"), made=made)


def rotate(monkeypatch, keys):
    monkeypatch.setenv("ONESTOP_DATA_KEYS", keys)
    return CliRunner().invoke(main, ["appointments", "rotate-keys"])


def test_rotation_moves_all_that_is_encrypted_and_again_does_nothing(engine, kept, monkeypatch):
    first = rotate(monkeypatch, f"{kept.new},{kept.old}")
    assert first.exit_code == 0, first.output
    assert first.stdout.splitlines() == [
        "Re-encrypted so far: 1",
        "Re-encrypted so far: 2",
        "Re-encrypted so far: 3",
        "Everything is under the key “2”; 3 rows were not before.",
    ]
    again = rotate(monkeypatch, f"{kept.new},{kept.old}")
    assert again.stdout == "Everything is under the key “2”; 0 rows were not before.\n"
    vault = Vault(kept.new, "f" * 43)
    book = LocalBook(engine, lambda *_: (), vault, system_clock, demo=True)
    found = asyncio.run(book.find(kept.made.reference, Proof("A1234563")))
    assert found == kept.made
    assert DraftStore(engine, vault, system_clock).load("someone") == {"task": "book"}
    assert PeopleStore(engine, vault, system_clock).find("someone").address == "oPenId"


def test_rotation_without_the_old_key_says_so(engine, kept, monkeypatch):
    shown = rotate(monkeypatch, kept.new)
    assert shown.exit_code == 1
    assert shown.stderr == "onestop: The encryption key “1” is not among ONESTOP_DATA_KEYS.\n"
    assert "Everything" not in shown.stdout


def test_rotation_with_keys_that_do_not_fit_is_a_fault_of_the_settings(engine, monkeypatch):
    shown = rotate(monkeypatch, "nonsense")
    assert shown.exit_code == 2
    assert "nonsense" not in shown.stderr

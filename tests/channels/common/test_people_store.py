"""The table of people, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.common.people_store import PEOPLE, SUBSCRIPTIONS, PeopleStore, Person
from core.database import transaction
from core.vault import Vault, VaultError, make_keys
from tests.support.clock import SettableClock

OLD, NEW = make_keys(), make_keys().replace("1:", "2:", 1)
ANN = Person("test-a", "test", "app", "oPenIdOfAnn")
BEN = Person("test-b", "test", "app", "oPenIdOfBen")


@pytest.fixture
def clock():
    clock = SettableClock()
    clock.turn()
    return clock


@pytest.fixture
def make(engine, clock):
    return lambda keys: PeopleStore(engine, Vault(keys, "f"), clock)


@pytest.fixture
def store(make):
    return make(OLD)


def rows(engine, table=PEOPLE):
    with transaction(engine) as connection:
        return connection.execute(select(table).order_by(table.c.sender)).all()


def test_a_person_is_found_again(store, engine):
    assert store.see(ANN) and store.see(BEN)
    assert store.find("test-a") == ANN
    assert store.find("test-b") == BEN
    assert store.find("test-c") is None
    assert "oPenId" not in repr(store.find("test-a"))
    assert all(b"oPenId" not in row.address for row in rows(engine))


def test_that_a_person_is_here_is_written_once_an_hour(store, engine, clock):
    began = clock()
    assert store.see(ANN)
    written = rows(engine)
    clock.turn(minutes=59)
    assert not store.see(ANN)
    assert rows(engine) == written
    clock.turn(minutes=1)
    assert store.see(ANN)
    [row] = rows(engine)
    assert row.first_seen == began
    assert row.last_seen == clock() == began + timedelta(hours=1)


def test_who_leaves_is_not_reached_and_may_come_back(store, engine, clock):
    store.see(ANN)
    store.see(BEN)
    store.accept("test-a", "t1", 2)
    began = clock()
    clock.turn(minutes=1)
    store.leave("test-a")
    store.leave("test-a")
    store.leave("test-stranger")
    assert store.find("test-a") is None
    assert store.find("test-b") == BEN
    gone, _ = rows(engine)
    assert (gone.address, gone.key_id, gone.left_at) == (None, None, clock())
    assert not store.use("test-a", "t1")
    assert store.see(ANN)
    assert store.find("test-a") == ANN
    back, _ = rows(engine)
    assert (back.left_at, back.first_seen) == (None, began)


def test_many_who_see_the_same_person_at_once_see_one(store, engine):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.see(ANN), range(32)))
    assert len(rows(engine)) == 1
    assert store.find("test-a") == ANN


def test_what_was_agreed_to_is_used_up(store):
    assert not store.use("test-a", "t1")
    store.accept("test-a", "t1")
    store.accept("test-a", "t1", 2)
    store.accept("test-b", "t1")
    store.accept("test-a", "t2")
    assert [store.use("test-a", "t1") for _ in range(4)] == [True, True, True, False]
    assert store.use("test-b", "t1") and store.use("test-a", "t2")


def test_of_many_at_once_no_more_are_used_than_were_agreed_to(store):
    store.accept("test-a", "t1", 5)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: store.use("test-a", "t1"), range(20))) == 5


def test_a_refusal_is_remembered_until_the_person_agrees_again(store):
    assert not store.has_refused("test-a", "t1")
    store.accept("test-a", "t1", 2)
    store.refuse("test-a", "t1")
    assert store.has_refused("test-a", "t1")
    assert not store.has_refused("test-a", "t2")
    assert not store.has_refused("test-b", "t1")
    assert not store.use("test-a", "t1")
    store.accept("test-a", "t1")
    assert not store.has_refused("test-a", "t1")
    assert store.use("test-a", "t1")


def test_all_that_is_kept_is_exported_and_deleted(store, engine, clock):
    store.see(ANN)
    store.see(BEN)
    store.accept("test-a", "t1")
    store.refuse("test-a", "t2")
    person, *chosen = store.export_of("test-a")
    assert person == {
        "channel": "test", "account": "app", "address": "oPenIdOfAnn",
        "first_seen": clock(), "last_seen": clock(), "left_at": None,
    }  # fmt: skip
    assert [(c["template"], c["accepted"], c["refused"]) for c in chosen] == [
        ("t1", 1, False),
        ("t2", 0, True),
    ]
    assert store.export_of("test-c") == []
    assert store.delete_of("test-a") == 3
    assert store.delete_of("test-a") == 0
    assert store.export_of("test-a") == []
    assert [row.sender for row in rows(engine)] == ["test-b"]
    assert rows(engine, SUBSCRIPTIONS) == []


def test_what_is_exported_of_one_who_left_has_no_address(store):
    store.see(ANN)
    store.leave("test-a")
    [person] = store.export_of("test-a")
    assert person["address"] is None and person["left_at"]


def test_addresses_move_to_the_current_key(store, make, engine):
    for number in range(5):
        store.see(Person(f"test-{number}", "test", "app", f"oPenId{number}"))
    store.leave("test-4")
    both = make(f"{NEW},{OLD}")
    assert [both.reencrypt(3), both.reencrypt(3), both.reencrypt(3)] == [3, 1, 0]
    assert make(NEW).find("test-2").address == "oPenId2"
    assert {row.key_id for row in rows(engine)} == {"2", None}


def test_rotation_does_not_undo_what_happened_meanwhile(store, make, engine):
    store.see(ANN)
    [read] = rows(engine)
    store.leave("test-a")
    both = make(f"{NEW},{OLD}")
    assert both._renew(read) == 0
    assert both.find("test-a") is None
    assert [row.address for row in rows(engine)] == [None]


def test_what_no_key_reads_is_an_error_when_the_rest_is_done(store, make):
    store.see(ANN)
    make(NEW).see(BEN)
    strange = make(make_keys().replace("1:", "3:", 1) + "," + NEW)
    assert strange.reencrypt(9) == 1
    with pytest.raises(VaultError):
        strange.reencrypt(9)
    with pytest.raises(VaultError):
        strange.find("test-a")


def test_an_address_cannot_be_read_in_another_persons_row(store, engine):
    store.see(ANN)
    store.see(BEN)
    with transaction(engine) as connection:
        moved = update(PEOPLE).where(PEOPLE.c.sender == "test-b")
        connection.execute(moved.values(address=rows(engine)[0].address))
    with pytest.raises(VaultError):
        store.find("test-b")

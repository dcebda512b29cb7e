"""Unfinished bookings: kept for seven days, encrypted, each readable in its own row alone."""

import logging
import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update

from actions.appointments.draft_store import DRAFTS, LIFETIME, DraftStore
from core.key_rotation import reencrypt_all
from core.vault import Vault, VaultError, make_keys

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)
DRAFT = {"permit": "permit:hrp", "name": "陳大文", "document_number": "A1234563", "tries": 2}
FIRST, SECOND = make_keys(), make_keys().replace("1:", "2:", 1)


class Watch:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Watch()


@pytest.fixture
def make(engine, clock):
    return lambda keys: DraftStore(engine, Vault(keys, "f"), clock)


@pytest.fixture
def drafts(make):
    return make(FIRST)


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(select(DRAFTS).order_by(DRAFTS.c.sender)).all()


def test_what_was_saved_last_is_loaded(drafts):
    assert drafts.load("a") is None
    drafts.save("a", {"permit": "permit:id"})
    drafts.save("a", DRAFT)
    assert drafts.load("a") == DRAFT
    assert drafts.load("b") is None


def test_nothing_of_it_stands_in_the_database(drafts, engine):
    drafts.save("a", DRAFT)
    (row,) = rows(engine)
    for word in ("陳大文", "A1234563", "permit"):
        assert word.encode() not in row.payload
    assert row.key_id == "1"


def test_after_seven_days_it_is_no_longer_loaded(drafts, clock):
    drafts.save("a", DRAFT)
    clock.now = NOW + LIFETIME - timedelta(seconds=1)
    assert drafts.load("a") == DRAFT
    clock.now = NOW + LIFETIME
    assert drafts.load("a") is None


def test_saving_again_begins_the_seven_days_anew(drafts, clock):
    drafts.save("a", DRAFT)
    clock.now = NOW + timedelta(days=6)
    drafts.save("a", DRAFT)
    clock.now = NOW + timedelta(days=12)
    assert drafts.load("a") == DRAFT


def test_the_zone_of_the_clock_makes_no_difference(drafts, clock):
    clock.now = NOW.astimezone(timezone(timedelta(hours=14)))
    drafts.save("a", DRAFT)
    clock.now = NOW.astimezone(timezone(timedelta(hours=-11))) + LIFETIME - timedelta(seconds=1)
    assert drafts.load("a") == DRAFT
    assert drafts.purge(clock.now + timedelta(seconds=1)) == 1


def test_purging_takes_the_old_ones_only(drafts, clock, engine):
    drafts.save("old", DRAFT)
    clock.now = NOW + timedelta(seconds=1)
    drafts.save("young", DRAFT)
    assert drafts.purge(NOW + LIFETIME) == 1
    assert [row.sender for row in rows(engine)] == ["young"]
    assert drafts.purge(NOW + LIFETIME) == 0


def test_deleting_takes_one_senders_only(drafts, engine):
    drafts.save("a", DRAFT)
    drafts.save("b", DRAFT)
    assert drafts.delete_of("a") == 1
    assert drafts.delete_of("a") == 0
    assert [row.sender for row in rows(engine)] == ["b"]


def test_the_export_is_plain_and_says_when(drafts, clock):
    assert drafts.export_of("a") == []
    clock.now = NOW.astimezone(timezone(timedelta(hours=8)))
    drafts.save("a", DRAFT)
    clock.now = NOW + 2 * LIFETIME  # too old to go on with, and still kept
    assert drafts.export_of("a") == [{"updated_at": "2026-11-22T01:00:00+00:00", "draft": DRAFT}]
    assert drafts.export_of("b") == []


def test_a_draft_in_anothers_row_is_not_read_nor_logged(drafts, engine, caplog):
    drafts.save("a", DRAFT)
    drafts.save("b", {"permit": "permit:id"})
    (a, _) = rows(engine)
    with engine.begin() as connection:
        moved = update(DRAFTS).where(DRAFTS.c.sender == "b").values(payload=a.payload)
        connection.execute(moved)
    with caplog.at_level(logging.DEBUG):
        assert drafts.load("b") is None
        assert drafts.export_of("b") == []
    assert "cannot be read" in caplog.text
    assert "A1234563" not in caplog.text
    drafts.save("b", DRAFT)
    assert drafts.load("b") == DRAFT


def test_a_draft_under_a_lost_key_does_not_stop_a_new_booking(drafts, make):
    drafts.save("a", DRAFT)
    without = make(SECOND)
    assert without.load("a") is None
    without.save("a", DRAFT)
    assert without.load("a") == DRAFT


def test_rotation_in_small_steps(make, drafts, engine):
    for n in range(5):
        drafts.save(str(n), {**DRAFT, "tries": n})
    before = [row.updated_at for row in rows(engine)]
    both = make(f"{SECOND},{FIRST}")
    assert [both.reencrypt(2) for _ in range(4)] == [2, 2, 1, 0]
    assert {row.key_id for row in rows(engine)} == {"2"}
    assert [row.updated_at for row in rows(engine)] == before  # it makes nothing younger
    assert [make(SECOND).load(str(n))["tries"] for n in range(5)] == [0, 1, 2, 3, 4]


def test_what_is_saved_during_a_rotation_is_kept(make, drafts, monkeypatch):
    drafts.save("a", DRAFT)
    both = make(f"{SECOND},{FIRST}")
    decrypt = both._vault.decrypt

    def saved_meanwhile(payload, context):
        monkeypatch.setattr(both._vault, "decrypt", decrypt)
        both.save("a", {"permit": "newer"})
        return decrypt(payload, context)

    monkeypatch.setattr(both._vault, "decrypt", saved_meanwhile)
    both.reencrypt(10)
    assert both.load("a") == {"permit": "newer"}


def test_rotation_without_an_old_key_does_the_rest_and_says_so(make, drafts, engine):
    drafts.save("a", DRAFT)
    make(SECOND).save("b", DRAFT)
    third = make_keys().replace("1:", "3:", 1)
    store = make(f"{third},{SECOND}")
    with pytest.raises(VaultError, match="“1” is not among"):
        reencrypt_all([store], lambda done: None)
    assert {row.sender: row.key_id for row in rows(engine)} == {"a": "1", "b": "3"}


def test_one_altered_row_does_not_keep_the_others_from_it(make, drafts, engine):
    for sender in "abc":
        drafts.save(sender, DRAFT)
    with engine.begin() as connection:
        connection.execute(update(DRAFTS).where(DRAFTS.c.sender == "a").values(sender="z"))
        connection.execute(update(DRAFTS).where(DRAFTS.c.sender == "b").values(sender="a"))
    store = make(f"{SECOND},{FIRST}")
    with pytest.raises(VaultError, match="altered"):
        reencrypt_all([store], lambda done: None)
    assert {row.sender: row.key_id for row in rows(engine)} == {"a": "1", "c": "2", "z": "1"}


def test_two_first_saves_at_once_leave_one_draft(drafts, engine):
    faults = []

    def save(n):
        try:
            drafts.save("a", {"n": n})
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(rows(engine)) == 1
    assert drafts.load("a")["n"] in range(8)

"""Nothing is kept longer than it may be, and a person's own is theirs to have and to delete."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from actions.appointments.local_book import LocalBook
from actions.appointments.model import Proof
from actions.appointments.retention_store import RetentionStore
from actions.appointments.sealing import Sealer
from actions.appointments.tables import APPOINTMENTS, SLOTS
from core.vault import Vault, VaultError, make_keys
from tests.actions.appointments.conftest import DOCUMENT, KEYS, PHONE, booking, pattern

TUESDAY, WEDNESDAY = "sheung_wan/hkid/20260505T0100Z", "sheung_wan/hkid/20260506T0100Z"


@pytest.fixture
def store(engine, vault):
    return RetentionStore(engine, Sealer(vault))


@pytest.fixture(autouse=True)
def _seats(check_seats):
    yield
    check_seats()


async def book_one(book, clock, slot=TUESDAY, key="k", document=DOCUMENT, **told):
    await book.hold(slot, key, clock.later(minutes=10))
    return await book.confirm(key, booking(document, **told))


def rows(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(table)).all()


async def test_what_is_older_is_deleted_with_its_slots(store, book, clock, engine):
    await book_one(book, clock)
    kept = await book_one(book, clock, WEDNESDAY, "k2", document="H00000001")
    await book.hold(TUESDAY, "k3", clock.later(minutes=10))
    starts_at = kept.starts_at
    assert store.delete_older(starts_at - timedelta(days=1)) == 0
    assert store.delete_older(starts_at) == 2
    assert [row.reference for row in rows(engine, APPOINTMENTS)] == [kept.reference]
    assert [row.id for row in rows(engine, SLOTS)] == [WEDNESDAY]
    assert store.delete_older(starts_at + timedelta(minutes=1)) == 1
    assert rows(engine, SLOTS) == []


async def test_a_cancelled_appointment_is_deleted_as_well(store, book, clock, engine):
    made = await book_one(book, clock)
    await book.cancel(made.reference, Proof(DOCUMENT))
    assert store.delete_older(made.starts_at + timedelta(minutes=1)) == 1
    assert rows(engine, APPOINTMENTS) == []


async def test_a_person_gets_all_that_is_kept_of_them(store, book, clock):
    first = await book_one(book, clock, sender="s1", person="p1")
    second = await book_one(book, clock, WEDNESDAY, "k2", document="H00000001", sender="s1")
    await book_one(book, clock, WEDNESDAY, "k3", document="H00000002", sender="s2")
    await book.cancel(second.reference, Proof("H00000001"))
    one, two = json.loads(json.dumps(store.export_of("s1")))
    assert one == {
        "reference": first.reference, "centre": "sheung_wan", "permit": "hkid",
        "starts_at": one["starts_at"], "status": "booked", "changes": 0, "person": "p1",
        "application_type": "renewal", "applicant_side": "hong_kong",
        "applicant": {
            "name": "陳大文", "document_number": DOCUMENT, "phone": PHONE, "birth_date": None,
            "guardian_name": None, "guardian_document_number": None,
        },
    }  # fmt: skip
    assert one["starts_at"] == "2026-05-05T09:00:00+08:00"
    assert (two["reference"], two["status"]) == (second.reference, "cancelled")
    assert store.export_of("nobody") == []


async def test_deleting_ones_own_frees_the_seats_and_leaves_others(
    store, book, clock, engine, check_seats
):
    for n, (sender, slot) in enumerate(
        [("s1", TUESDAY), ("s1", TUESDAY), ("s1", WEDNESDAY), ("s2", WEDNESDAY)]
    ):
        await book_one(book, clock, slot, f"k{n}", document=f"H0000000{n}", sender=sender)
    gone = await book_one(book, clock, WEDNESDAY.replace("hkid", "eep"), "k9", sender="s1")
    await book.cancel(gone.reference, Proof(DOCUMENT))
    assert check_seats() == 4
    assert store.delete_of("s1") == 4
    assert check_seats() == 1
    assert [row.sender for row in rows(engine, APPOINTMENTS)] == ["s2"]
    assert store.delete_of("s1") == 0
    assert (await book.hold(TUESDAY, "new", clock.later(minutes=10))).free == 1


async def test_what_no_key_reads_is_told_without_what_was_encrypted(book, clock, engine, caplog):
    made = await book_one(book, clock, sender="s1")
    strange = Vault(make_keys().replace("1:", "9:"), "f" * 43)
    store = RetentionStore(engine, Sealer(strange))
    (told,) = store.export_of("s1")
    assert told["reference"] == made.reference
    assert "applicant" not in told
    assert "cannot be read" in caplog.text
    assert store.delete_of("s1") == 1


async def test_what_is_booked_is_what_is_still_to_come(store, book, clock):
    gone = await book_one(book, clock, sender="s1")
    await book.cancel(gone.reference, Proof(DOCUMENT))
    await book_one(book, clock, TUESDAY, "k2", "H00000001", sender="s1")
    await book_one(book, clock, WEDNESDAY, "k3", "H00000002", sender="s1")
    await book_one(book, clock, WEDNESDAY, "k4", "H00000003", sender="s2")
    assert store.booked_of("s1", clock()) == [("sheung_wan", "hkid")] * 2
    clock.turn(days=1)
    assert store.booked_of("s1", clock()) == [("sheung_wan", "hkid")]
    assert store.booked_of("nobody", clock()) == []


async def test_what_is_under_an_old_key_comes_under_the_new_one(engine, clock):
    old, new = make_keys(), make_keys().replace("1:", "2:")
    before = LocalBook(engine, pattern, Vault(old, "f" * 43), clock, demo=True)
    made = [
        await book_one(before, clock, slot, f"k{n}", document=f"H0000000{n}")
        for n, slot in enumerate([TUESDAY, TUESDAY, WEDNESDAY])
    ]
    await before.hold(WEDNESDAY, "a hold has no payload", clock.later(minutes=10))
    both = Vault(f"{new},{old}", "f" * 43)
    fresh = await book_one(LocalBook(engine, pattern, both, clock, demo=True), clock,
                           WEDNESDAY.replace("hkid", "eep"), "k8", document="H00000008")  # fmt: skip
    store = RetentionStore(engine, Sealer(both))
    assert [store.reencrypt(batch=2) for _ in range(3)] == [2, 1, 0]
    after = LocalBook(engine, pattern, Vault(new, "f" * 43), clock, demo=True)
    for n, one in enumerate(made):
        assert await after.find(one.reference, Proof(f"H0000000{n}")) == one
    assert await after.find(fresh.reference, Proof("H00000008")) == fresh


async def test_a_lost_key_is_said_to_be(book, clock, engine):
    await book_one(book, clock)
    strange = Vault(make_keys().replace("1:", "9:"), "f" * 43)
    with pytest.raises(VaultError, match="“1” is not among"):
        RetentionStore(engine, Sealer(strange)).reencrypt(batch=9)


async def test_one_altered_row_does_not_keep_the_others_from_it(engine, clock):
    old, new = make_keys(), make_keys().replace("1:", "2:")
    before = LocalBook(engine, pattern, Vault(old, "f" * 43), clock, demo=True)
    for n in range(3):
        await book_one(before, clock, [TUESDAY, TUESDAY, WEDNESDAY][n], f"k{n}", f"H0000000{n}")
    first = rows(engine, APPOINTMENTS)[0]
    with engine.begin() as connection:
        moved = update(APPOINTMENTS).where(APPOINTMENTS.c.id == first.id)
        connection.execute(moved.values(reference="K4M-T7P-R2W"))
    store = RetentionStore(engine, Sealer(Vault(f"{new},{old}", "f" * 43)))
    assert store.reencrypt(batch=1) == 1
    assert store.reencrypt(batch=9) == 1
    with pytest.raises(VaultError, match="altered"):
        store.reencrypt(batch=9)


async def test_what_is_deleted_meanwhile_stays_so(book, clock, engine, vault, monkeypatch):
    await book_one(book, clock, sender="s1")
    both = Sealer(Vault(f"{make_keys().replace('1:', '2:')},{KEYS}", "f" * 43))
    store, renew = RetentionStore(engine, both), both.renew

    def deleted_meanwhile(reference, payload):
        store.delete_of("s1")
        return renew(reference, payload)

    monkeypatch.setattr(both, "renew", deleted_meanwhile)
    assert store.reencrypt(batch=9) == 0
    assert rows(engine, APPOINTMENTS) == []

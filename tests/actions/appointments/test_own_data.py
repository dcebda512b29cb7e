"""A person's own appointments: deleting them gives the seats to others, at once."""

from datetime import date

import pytest

from actions.appointments.book import BookUnavailable
from actions.appointments.draft import Draft
from actions.appointments.draft_store import DraftStore
from actions.appointments.kept import Keeping, Kept
from actions.appointments.model import Query
from actions.appointments.own_data import OwnData
from actions.appointments.prefill import Prefill
from actions.appointments.retention_store import RetentionStore
from actions.appointments.sealing import Sealer
from actions.identity.access import Access
from actions.identity.model import Level, Need
from tests.actions.appointments.conftest import booking

TUESDAY = "sheung_wan/hkid/20260505T0100Z"


class Waiting:
    """Notes which seats were offered, and how many were free then."""

    def __init__(self, book):
        self.book, self.offered = book, []

    async def offer_freed(self, centre, permit):
        self.offered.append((centre, permit, await free(self.book)))


async def free(book):
    day = date(2026, 5, 5)
    found = await book.free(Query("hkid", ("sheung_wan",), day, day))
    return next((slot.free for slot in found if slot.id == TUESDAY), 0)


@pytest.fixture
def drafts(engine, vault, clock):
    return DraftStore(engine, vault, clock)


@pytest.fixture
def waiting(book):
    return Waiting(book)


@pytest.fixture
def own(book, engine, vault, clock, drafts, waiting, content):
    prefill = Prefill(Access(None, lambda task: Need(Level.LOGIN), clock), lambda: content, clock)
    retention = RetentionStore(engine, Sealer(vault))
    return OwnData(book, retention, drafts, Keeping(drafts, clock), waiting, prefill, clock)


async def test_deleted_appointments_free_their_seats_which_are_offered_on(
    own, book, clock, waiting
):
    for n, sender in enumerate(("a", "a")):
        await book.hold(TUESDAY, f"k{n}", clock.later(minutes=10))
        await book.confirm(f"k{n}", booking(f"H0000000{n}", sender=sender))
    assert (await own.booked("a"), await own.booked("b")) == (2, 0)
    assert [one["status"] for one in await own.export_appointments("a")] == ["booked"] * 2
    assert await own.delete_appointments("a") == 2
    assert waiting.offered == [("sheung_wan", "hkid", 2)]  # once, when both are free
    assert (await own.booked("a"), await own.export_appointments("a")) == (0, [])
    assert await own.delete_appointments("a") == 0


async def test_what_is_over_is_deleted_and_not_offered(own, book, clock, waiting):
    await book.hold(TUESDAY, "k", clock.later(minutes=10))
    await book.confirm("k", booking(sender="a"))
    clock.turn(days=2)
    assert await own.booked("a") == 0
    assert await own.delete_appointments("a") == 1
    assert waiting.offered == []


async def test_a_deleted_draft_lets_its_seat_go(own, book, clock, drafts):
    draft = Draft("book")
    drafts.save("a", Kept(draft).as_dict())
    await book.hold(TUESDAY, draft.key, clock.later(minutes=10))
    assert await free(book) == 1
    (told,) = await own.export_drafts("a")
    assert told["draft"]["draft"]["task"] == "book"
    assert await own.delete_drafts("a") == 1
    assert await free(book) == 2
    assert drafts.load("a") is None
    assert await own.delete_drafts("a") == 0


async def test_what_was_put_aside_goes_too_and_what_was_booked_does_not_count(
    own, book, clock, drafts
):
    aside = Draft("book")
    await book.hold(TUESDAY, aside.key, clock.later(minutes=10))
    drafts.save("a", Kept(Draft("view"), aside).as_dict())
    assert await own.delete_drafts("a") == 2
    assert await free(book) == 2
    drafts.save("a", Kept(Draft("book", state="booked")).as_dict())
    assert await own.delete_drafts("a") == 0
    assert drafts.load("a") is None


async def test_a_book_that_does_not_answer_keeps_nobody_from_deleting(
    own, book, drafts, monkeypatch
):
    async def down(key):
        raise BookUnavailable

    monkeypatch.setattr(book, "release", down)
    drafts.save("a", Kept(Draft("book")).as_dict())
    assert await own.delete_drafts("a") == 1
    assert drafts.load("a") is None

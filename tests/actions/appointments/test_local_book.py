"""The local calendar as its users know it: every promise of the port, on both databases."""

import hmac
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import create_engine, select

from actions.appointments import references
from actions.appointments.book import (
    AlreadyBooked,
    BookUnavailable,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.calendar import slot_key
from actions.appointments.local_book import LocalBook
from actions.appointments.model import Proof, Query
from actions.appointments.staff import open_slots
from actions.appointments.tables import APPOINTMENTS, SLOTS
from core.clock import LOCAL
from tests.actions.appointments.conftest import DOCUMENT, NOW, PHONE, booking, pattern

PERMIT = "home_return_permit"
NINE, HALF_PAST, TOMORROW = (
    f"sheung_wan/{PERMIT}/20260505T0100Z",
    f"sheung_wan/{PERMIT}/20260505T0130Z",
    f"sheung_wan/{PERMIT}/20260506T0100Z",
)
MINE = Proof(document_number=DOCUMENT)


@pytest.fixture(autouse=True)
def _seats(check_seats):
    yield
    check_seats()


async def hold(book, clock, slot=NINE, key="k", minutes=10):
    return await book.hold(slot, key, clock.later(minutes=minutes))


async def book_one(book, clock, slot=NINE, key="k", **told):
    await hold(book, clock, slot, key)
    return await book.confirm(key, booking(**told))


async def free(book, slot=NINE):
    day = date(2026, 5, int(slot.split("/")[2][6:8]))
    found = await book.free(Query(PERMIT, ("sheung_wan",), day, day))
    return next((one.free for one in found if one.id == slot), 0)


async def test_from_search_to_appointment(book, clock):
    first = (
        await book.free(
            Query(PERMIT, ("mong_kok", "sheung_wan"), date(2026, 5, 5), date(2026, 5, 5))
        )
    )[1]
    assert (first.id, first.free) == (NINE, 2)
    held = await hold(book, clock, first.id)
    assert held.free == 1
    assert (held.centre, held.permit, held.starts_at) == (
        first.centre,
        first.permit,
        first.starts_at,
    )
    made = await book.confirm("k", booking(person="p1", sender="s1"))
    assert (made.centre, made.permit, made.status, made.changes, made.demo) == (
        "sheung_wan", PERMIT, "booked", 0, True,
    )  # fmt: skip
    assert made.starts_at == datetime(2026, 5, 5, 9, tzinfo=LOCAL)
    assert made.starts_at.utcoffset() == timedelta(hours=8)
    assert made.booking == booking(person="p1", sender="s1")
    assert await book.find(made.reference, MINE) == made
    assert await book.find(made.reference, Proof(phone=PHONE)) == made
    assert await free(book) == 1


async def test_a_slot_has_as_many_seats_as_the_pattern_says(book, clock):
    await hold(book, clock, key="a")
    assert (await hold(book, clock, key="b")).free == 0
    with pytest.raises(SeatTaken):
        await hold(book, clock, key="c")
    assert await free(book) == 0


@pytest.mark.parametrize(
    "slot",
    [
        f"sheung_wan/{PERMIT}/20260505T0200Z",  # not in the pattern
        f"sheung_wan/{PERMIT}/20260509T0100Z",  # a Saturday
        f"sheung_wan/{PERMIT}/20260504T0100Z",  # this morning
        f"nowhere/{PERMIT}/20260505T0100Z",
        f"sheung_wan/{PERMIT}/20261305T0100Z",
        "", "x", "a/b", "a/b/c", "a/b/c/d", NINE + "\n", NINE.upper(), "\x00/\x00/20260505T0100Z",
    ],
)  # fmt: skip
async def test_what_the_calendar_does_not_have_cannot_be_held(book, clock, engine, slot):
    with pytest.raises(SeatTaken):
        await hold(book, clock, slot)
    with engine.connect() as connection:
        assert connection.execute(select(SLOTS)).all() == []


async def test_holding_again_is_the_same_hold_even_of_the_last_seat(book, clock):
    await hold(book, clock, key="other")
    for _ in range(3):
        assert (await hold(book, clock)).free == 0
    await book.release("k")
    assert await free(book) == 1


async def test_holding_again_prolongs(book, clock):
    await hold(book, clock, key="other")
    await hold(book, clock)
    clock.turn(minutes=9)
    await hold(book, clock)
    clock.turn(minutes=9)
    await book.release("other")
    await hold(book, clock, key="a")
    with pytest.raises(SeatTaken):
        await hold(book, clock, key="b")


async def test_a_key_holds_one_seat_at_most(book, clock):
    await hold(book, clock, NINE)
    await hold(book, clock, HALF_PAST)
    assert (await free(book, NINE), await free(book, HALF_PAST)) == (2, 1)


async def test_a_hold_that_cannot_be_had_leaves_the_one_that_one_has(book, clock):
    await hold(book, clock, HALF_PAST, "a")
    await hold(book, clock, HALF_PAST, "b")
    await hold(book, clock, NINE)
    with pytest.raises(SeatTaken):
        await hold(book, clock, HALF_PAST)
    assert (await book.confirm("k", booking())).starts_at.minute == 0


async def test_releasing_twice_frees_one_seat(book, clock):
    await hold(book, clock, key="a")
    await hold(book, clock, key="b")
    for _ in range(2):
        await book.release("a")
        assert await free(book) == 1
    await book.release("nobody")
    with pytest.raises(SeatTaken):
        await book.confirm("a", booking())


async def test_a_released_key_may_hold_again(book, clock):
    await hold(book, clock)
    await book.release("k")
    await hold(book, clock)
    assert (await book.confirm("k", booking())).status == "booked"


async def test_an_appointment_is_not_released(book, clock):
    made = await book_one(book, clock)
    await book.release("k")
    assert await book.find(made.reference, MINE) == made
    assert await free(book) == 1


async def test_a_hold_ends_when_its_time_is_over_and_somebody_wants_the_seat(book, clock):
    await hold(book, clock, key="a")
    await hold(book, clock, key="b")
    clock.turn(minutes=9, seconds=59)
    assert await free(book) == 0
    with pytest.raises(SeatTaken):
        await hold(book, clock, key="c")
    clock.turn(seconds=1)
    assert await free(book) == 2
    await hold(book, clock, key="c")
    assert await free(book) == 1


async def test_a_late_confirmation_gets_a_seat_as_long_as_there_is_one(book, clock):
    for key in "ab":
        await hold(book, clock, key=key)
    clock.turn(minutes=11)
    await hold(book, clock, key="c")  # ends the holds of a and b
    made = await book.confirm("a", booking("H00000001"))
    assert made.status == "booked"
    with pytest.raises(SeatTaken):
        await book.confirm("b", booking("H00000002"))
    await book.release("c")
    assert (await book.confirm("b", booking("H00000002"))).status == "booked"


async def test_what_was_let_go_after_its_end_is_not_booked(book, clock):
    for key in "ab":
        await hold(book, clock, key=key)
    clock.turn(minutes=11)
    await hold(book, clock, key="c")
    await book.release("a")
    with pytest.raises(SeatTaken):
        await book.confirm("a", booking())


async def test_a_hold_that_nobody_wanted_may_be_confirmed_late(book, clock):
    await hold(book, clock)
    clock.turn(hours=5)
    assert (await book.confirm("k", booking())).status == "booked"


async def test_confirming_again_gives_the_same_appointment(book, clock):
    made = await book_one(book, clock)
    assert await book.confirm("k", booking()) == made
    assert await book.confirm("k", booking("H99999999")) == made
    assert (await hold(book, clock)).free == 1  # the message before it, repeated
    assert await free(book) == 1
    assert await book.confirm("k", booking()) == made


async def test_the_key_of_an_appointment_holds_no_other_slot(book, clock):
    made = await book_one(book, clock)
    with pytest.raises(SeatTaken):
        await hold(book, clock, HALF_PAST)
    assert await book.find(made.reference, MINE) == made
    assert await free(book, HALF_PAST) == 2


async def test_the_key_of_a_cancelled_appointment_takes_no_seat(book, clock):
    made = await book_one(book, clock)
    await book.cancel(made.reference, MINE)
    assert (await hold(book, clock)).free == 2
    assert (await book.confirm("k", booking())).status == "cancelled"
    assert await free(book) == 2


async def test_without_a_hold_there_is_nothing_to_confirm(book):
    with pytest.raises(SeatTaken):
        await book.confirm("k", booking())


@pytest.mark.parametrize("again", [DOCUMENT, "h 1234 5678", "H12345678 "])
async def test_one_active_appointment_for_a_permit_and_document(book, clock, again):
    made = await book_one(book, clock)
    await hold(book, clock, HALF_PAST, "k2")
    with pytest.raises(AlreadyBooked) as refusal:
        await book.confirm("k2", booking(again))
    assert refusal.value.__cause__ is None  # the database's words are not passed on
    assert await book.confirm("k", booking()) == made
    other = await book.hold(HALF_PAST.replace(PERMIT, "hkid"), "k3", clock.later(minutes=10))
    assert (await book.confirm("k3", booking())).permit == other.permit
    await book.cancel(made.reference, MINE)
    assert (await book.confirm("k2", booking())).status == "booked"


async def test_an_appointment_of_the_past_is_not_active(book, clock):
    before = await book_one(book, clock)
    clock.turn(days=1)
    after = await book_one(book, clock, TOMORROW, "k2")
    assert (await book.find(before.reference, MINE)).status == "booked"
    assert (await book.find(after.reference, MINE)).reference == after.reference
    for change in (
        book.cancel(before.reference, MINE),
        book.reschedule(before.reference, MINE, "k3"),
    ):
        with pytest.raises(UnknownAppointment):
            await change


async def test_rescheduling_takes_the_held_seat_and_frees_the_old_one(book, clock):
    made = await book_one(book, clock)
    await hold(book, clock, HALF_PAST, "k2")
    moved = await book.reschedule(made.reference, MINE, "k2")
    assert (moved.reference, moved.changes, moved.starts_at.minute) == (made.reference, 1, 30)
    assert moved.booking == made.booking
    assert (await free(book, NINE), await free(book, HALF_PAST)) == (2, 1)
    assert await book.reschedule(made.reference, MINE, "k2") == moved
    assert await book.confirm("k", booking()) == moved
    with pytest.raises(SeatTaken):
        await book.confirm("k2", booking())


async def test_an_appointment_is_changed_twice_at_most(book, clock):
    made = await book_one(book, clock)
    for key, slot in (("k2", HALF_PAST), ("k3", TOMORROW)):
        await hold(book, clock, slot, key)
        await book.reschedule(made.reference, MINE, key)
    await hold(book, clock, NINE, "k4")
    with pytest.raises(TooManyChanges):
        await book.reschedule(made.reference, MINE, "k4")
    assert (await book.reschedule(made.reference, MINE, "k3")).changes == 2
    kept = await book.find(made.reference, MINE)
    assert (kept.changes, kept.starts_at.day) == (2, 6)


async def test_rescheduling_needs_a_seat_for_the_same_permit(book, clock):
    made = await book_one(book, clock)
    with pytest.raises(SeatTaken):
        await book.reschedule(made.reference, MINE, "nothing held")
    with pytest.raises(SeatTaken):
        await book.reschedule(made.reference, MINE, "k")  # its own key
    await hold(book, clock, HALF_PAST.replace(PERMIT, "hkid"), "k2")
    with pytest.raises(SeatTaken):
        await book.reschedule(made.reference, MINE, "k2")
    assert await book.find(made.reference, MINE) == made


async def test_rescheduling_late_gets_a_seat_as_long_as_there_is_one(book, clock):
    made = await book_one(book, clock)
    for key in ("k2", "k3"):
        await hold(book, clock, HALF_PAST, key)
    clock.turn(minutes=11)
    for key in ("a", "b"):
        await hold(book, clock, HALF_PAST, key)
    with pytest.raises(SeatTaken):
        await book.reschedule(made.reference, MINE, "k2")
    assert await book.find(made.reference, MINE) == made
    await book.release("a")
    assert (await book.reschedule(made.reference, MINE, "k2")).starts_at.minute == 30


async def test_cancelling_frees_the_seat_once(book, clock):
    made = await book_one(book, clock)
    await hold(book, clock, key="k2")
    assert await free(book) == 0
    for _ in range(2):
        assert (await book.cancel(made.reference, MINE)).status == "cancelled"
        assert await free(book) == 1
    with pytest.raises(UnknownAppointment):
        await book.reschedule(made.reference, MINE, "k2")


@pytest.mark.parametrize(
    "proof", [Proof(), Proof("", ""), Proof("H87654321"), Proof(phone="+85291234568"),
              Proof(PHONE, DOCUMENT), Proof("H87654321", "+85291234568")],
)  # fmt: skip
async def test_what_is_not_ones_own_looks_as_if_it_did_not_exist(book, clock, proof):
    made = await book_one(book, clock)
    await hold(book, clock, HALF_PAST, "k2")
    for reference in (made.reference, "B2B-B2B-B2B", "", "\x00", "x" * 9999):
        assert await book.find(reference, proof) is None
        for change in (book.cancel(reference, proof), book.reschedule(reference, proof, "k2")):
            with pytest.raises(UnknownAppointment) as refusal:
                await change
            assert (refusal.value.args, refusal.value.__cause__) == ((), None)
    assert await book.find(made.reference, MINE) == made


async def test_both_proofs_may_be_given(book, clock):
    made = await book_one(book, clock)
    assert await book.find(made.reference, Proof(DOCUMENT, PHONE)) == made


async def test_as_much_is_compared_whether_the_reference_exists_or_not(book, clock, monkeypatch):
    made = await book_one(book, clock)
    compared = []
    compare = hmac.compare_digest
    monkeypatch.setattr(
        hmac, "compare_digest",
        lambda one, other: compared.append((len(one), len(other))) or compare(one, other),
    )  # fmt: skip
    for reference in (made.reference, "B2B-B2B-B2B", "nonsense"):
        await book.find(reference, Proof("H87654321"))
    assert compared == [(64, 64)] * 6


async def test_the_appointments_of_a_person(book, clock):
    later = await book_one(book, clock, TOMORROW, "a", document="H00000001", person="p1")
    sooner = await book_one(book, clock, NINE, "b", document="H00000002", person="p1")
    gone = await book_one(book, clock, HALF_PAST, "c", document="H00000003", person="p1")
    await book_one(book, clock, HALF_PAST, "d", document="H00000004", person="p2")
    await book.cancel(gone.reference, Proof("H00000003"))
    assert await book.of_person("p1") == [sooner, later]
    assert await book.of_person("nobody") == []
    clock.turn(days=1)
    assert await book.of_person("p1") == [later]


async def test_a_reference_that_is_taken_is_drawn_again(book, clock, monkeypatch):
    made = await book_one(book, clock)
    drawn = iter([made.reference, made.reference, "K4M-T7P-R2W"])
    monkeypatch.setattr(references, "make", lambda: next(drawn))
    other = await book_one(book, clock, HALF_PAST, "k2", document="H00000001")
    assert other.reference == "K4M-T7P-R2W"
    assert await book.find(made.reference, MINE) == made


async def test_nothing_personal_stands_in_the_database(book, clock, engine):
    await book_one(book, clock)
    with engine.connect() as connection:
        row = connection.execute(select(APPOINTMENTS)).one()
    kept = repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
    for told in ("陳大文", DOCUMENT, "12345678", PHONE, "91234567", "renewal"):
        assert told not in kept
        assert told.encode() not in bytes(row.payload)


async def test_a_database_that_does_not_answer_is_said_to(vault, clock, tmp_path):
    nowhere = create_engine(f"sqlite:///{tmp_path}/missing/folder.sqlite3", future=True)
    book = LocalBook(nowhere, pattern, vault, clock, demo=False)
    assert not book.demo
    query = Query(PERMIT, ("sheung_wan",), NOW.date(), NOW.date())
    for call in (
        book.free(query), hold(book, clock), book.release("k"), book.confirm("k", booking()),
        book.find("B2B-B2B-B2B", MINE), book.of_person("p"), book.cancel("B2B-B2B-B2B", MINE),
        book.reschedule("B2B-B2B-B2B", MINE, "k"),
    ):  # fmt: skip
        with pytest.raises(BookUnavailable):
            await call


async def test_a_seat_whose_time_has_come_is_not_booked(book, clock):
    await hold(book, clock)
    clock.turn(days=30)
    with pytest.raises(SeatTaken):
        await book.confirm("k", booking())


async def test_an_appointment_is_not_moved_to_a_time_that_has_come(book, clock):
    made = await book_one(book, clock, HALF_PAST)
    await hold(book, clock, NINE, "other")
    clock.now = made.starts_at - timedelta(minutes=1)
    with pytest.raises(SeatTaken):
        await book.reschedule(made.reference, MINE, "other")


async def test_confirming_again_later_tells_the_appointment(book, clock):
    made = await book_one(book, clock)
    clock.turn(days=30)
    assert await book.confirm("k", booking()) == made


@pytest.fixture
def hours(engine, vault, clock):
    """A calendar whose hours may be taken away, and the book over it."""
    times = {"pattern": pattern}
    return times, LocalBook(engine, lambda *asked: times["pattern"](*asked), vault, clock, True)


async def test_a_seat_in_hours_that_are_gone_is_not_booked(hours, clock):
    times, book = hours
    await hold(book, clock)
    times["pattern"] = lambda *_: []
    with pytest.raises(SeatTaken):
        await book.confirm("k", booking())
    times["pattern"] = pattern
    assert (await book.confirm("k", booking())).starts_at == datetime(2026, 5, 5, 9, tzinfo=LOCAL)


async def test_an_appointment_is_not_moved_into_hours_that_are_gone(hours, clock):
    times, book = hours
    made = await book_one(book, clock)
    await hold(book, clock, TOMORROW, "k2")
    times["pattern"] = lambda *_: []
    with pytest.raises(SeatTaken):
        await book.reschedule(made.reference, MINE, "k2")
    assert await book.find(made.reference, MINE) == made


async def test_hours_that_are_gone_do_not_undo_what_is_booked(hours, clock):
    times, book = hours
    made = await book_one(book, clock)
    times["pattern"] = lambda *_: []
    assert await book.confirm("k", booking()) == made
    assert await book.find(made.reference, MINE) == made


async def test_what_staff_opened_stays_good_whatever_the_hours_are(hours, clock, engine):
    times, book = hours
    open_slots(engine, [slot_key(NINE)], 2, clock())
    await hold(book, clock)
    times["pattern"] = lambda *_: []
    assert (await book.confirm("k", booking())).status == "booked"

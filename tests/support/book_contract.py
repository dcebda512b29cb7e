"""What every appointment book does, whoever keeps it: inherit it, and bring a desk.

    class TestLocalBook(BookContract):
        @pytest.fixture
        def desk(self): ...

Everything is said in terms of the port; a desk adds what only the keeper of a calendar can do.
"""

import asyncio
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Protocol, Sequence

import pytest

from actions.appointments.book import (
    AlreadyBooked,
    AppointmentBook,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.model import (
    HOLD_MINUTES,
    MAX_CHANGES,
    Applicant,
    Appointment,
    Booking,
    Proof,
    Query,
    Slot,
)
from core.clock import LOCAL

#: A Sunday; slots are opened on the days after it.
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc)
DAY = date(2026, 12, 1)
CENTRE, OTHER_CENTRE = "sheung_wan", "kwai_chung"
PERMIT, OTHER_PERMIT = "home_return_permit", "hkid"


class Desk(Protocol):
    """A book with an empty calendar, at the time ``NOW``.

    Attributes:
        book: what is tried.
    """

    book: AppointmentBook

    def open(self, centre: str, permit: str, starts_at: datetime, seats: int) -> None:
        """Opens a slot."""

    def wait(self, minutes: int) -> None:
        """Lets the book's clock run on."""


def booking(document: str = "H12345678", **changes) -> Booking:
    """What somebody asks for; another document is another person, with a phone of their own."""
    applicant = Applicant("陳大文", document, f"+8529{zlib.crc32(document.encode()) % 10**7:07}")
    return replace(Booking("renewal", "hong_kong", applicant), **changes)


def proof(document: str = "H12345678") -> Proof:
    return Proof(document_number=document)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL)


class Visitor:
    """Someone at the desk: the calls with what stays the same filled in."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.book = desk, desk.book

    async def slots(self, **changes) -> Sequence[Slot]:
        return await self.book.free(replace(Query(PERMIT, (CENTRE,), DAY, DAY), **changes))

    async def seats(self, hour: int = 9) -> int:
        """The free seats of a slot."""
        return next((s.free for s in await self.slots() if s.starts_at == at(hour)), 0)

    async def opened(self, hour: int = 9, seats: int = 1, permit: str = PERMIT) -> str:
        """Opens a slot; returns its id."""
        self.desk.open(CENTRE, permit, at(hour), seats)
        found = await self.slots(permit=permit)
        return next(slot.id for slot in found if slot.starts_at == at(hour))

    async def hold(self, slot: str, key: str = "form-1", minutes: int = HOLD_MINUTES) -> Slot:
        return await self.book.hold(slot, key, NOW + timedelta(minutes=minutes))

    async def booked(
        self, key: str = "form-1", hour: int = 9, permit: str = PERMIT, **changes
    ) -> Appointment:
        await self.hold(await self.opened(hour, permit=permit), key)
        return await self.book.confirm(key, booking(**changes))


@pytest.fixture
def someone(desk) -> Visitor:
    return Visitor(desk)


class BookContract:
    """Free seats, holds, appointments, changes: what may be relied on."""

    async def test_free_slots_are_those_asked_for_earliest_first(self, desk, someone):
        desk.open(CENTRE, PERMIT, at(10), 2)
        desk.open(CENTRE, PERMIT, at(9), 1)
        desk.open(OTHER_CENTRE, PERMIT, at(8), 1)
        desk.open(CENTRE, OTHER_PERMIT, at(7), 1)
        for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
            desk.open(CENTRE, PERMIT, at(11, day=day), 1)
        found = await someone.slots()
        assert [(s.centre, s.permit, s.starts_at, s.free) for s in found] == [
            (CENTRE, PERMIT, at(9), 1),
            (CENTRE, PERMIT, at(10), 2),
        ]
        both = await someone.slots(centres=(OTHER_CENTRE, CENTRE))
        assert [slot.starts_at for slot in both] == [at(8), at(9), at(10)]
        assert [slot.starts_at for slot in await someone.slots(limit=1)] == [at(9)]

    async def test_the_days_are_those_of_hong_kong(self, desk, someone):
        desk.open(CENTRE, PERMIT, at(0, 30), 1)
        desk.open(CENTRE, PERMIT, at(23, 30), 1)
        assert [slot.starts_at for slot in await someone.slots()] == [at(0, 30), at(23, 30)]
        before = DAY - timedelta(days=1)
        assert await someone.slots(first=before, last=before) == []

    async def test_a_calendar_without_free_slots_is_no_fault(self, someone):
        assert list(await someone.slots()) == []

    async def test_a_hold_takes_one_seat_and_its_repetition_none(self, someone):
        slot = await someone.opened(seats=3)
        held = await someone.hold(slot)
        assert (held.id, held.centre, held.permit) == (slot, CENTRE, PERMIT)
        assert (held.starts_at, held.free) == (at(9), 2)
        assert await someone.hold(slot) == held
        assert await someone.seats() == 2

    async def test_a_full_slot_is_not_offered_and_cannot_be_held(self, someone):
        slot = await someone.opened()
        await someone.hold(slot, "form-1")
        assert await someone.slots() == []
        with pytest.raises(SeatTaken):
            await someone.hold(slot, "form-2")

    async def test_a_slot_that_does_not_exist_cannot_be_held(self, someone):
        with pytest.raises(SeatTaken):
            await someone.hold("nothing-of-ours")

    async def test_another_hold_of_the_same_key_lets_the_first_go(self, someone):
        nine, ten = await someone.opened(9), await someone.opened(10)
        await someone.hold(nine)
        await someone.hold(ten)
        assert (await someone.seats(9), await someone.seats(10)) == (1, 0)

    async def test_a_hold_that_is_refused_leaves_the_one_before(self, someone):
        nine, ten = await someone.opened(9), await someone.opened(10)
        await someone.hold(nine, "form-1")
        await someone.hold(ten, "form-2")
        with pytest.raises(SeatTaken):
            await someone.hold(ten, "form-1")
        assert await someone.seats(9) == 0
        assert (await someone.book.confirm("form-1", booking())).starts_at == at(9)

    async def test_a_hold_ends_by_itself(self, desk, someone):
        slot = await someone.opened()
        await someone.hold(slot, "form-1")
        desk.wait(HOLD_MINUTES + 1)
        assert await someone.seats() == 1
        await someone.hold(slot, "form-2", minutes=2 * HOLD_MINUTES + 1)
        with pytest.raises(SeatTaken):
            await someone.book.confirm("form-1", booking())

    async def test_a_hold_that_has_ended_still_books_what_nobody_took(self, desk, someone):
        await someone.hold(await someone.opened())
        desk.wait(HOLD_MINUTES + 1)
        assert (await someone.book.confirm("form-1", booking())).starts_at == at(9)
        assert await someone.seats() == 0

    async def test_holding_again_makes_the_hold_longer(self, desk, someone):
        slot = await someone.opened()
        await someone.hold(slot)
        await someone.hold(slot, minutes=2 * HOLD_MINUTES)
        desk.wait(HOLD_MINUTES + 1)
        assert await someone.seats() == 0

    async def test_what_is_released_is_free_at_once_and_can_be_held_again(self, someone):
        slot = await someone.opened()
        await someone.hold(slot)
        await someone.book.release("form-1")
        assert await someone.seats() == 1
        with pytest.raises(SeatTaken):
            await someone.book.confirm("form-1", booking())
        await someone.hold(slot)
        assert await someone.seats() == 0

    async def test_releasing_nothing_is_harmless(self, someone):
        await someone.hold(await someone.opened(), "form-1")
        await someone.book.release("form-1")
        await someone.book.release("form-1")
        await someone.book.release("form-2")
        assert await someone.seats() == 1

    async def test_releasing_does_not_touch_what_is_booked(self, someone):
        made = await someone.booked()
        await someone.book.release("form-1")
        assert await someone.book.find(made.reference, proof()) == made
        assert await someone.seats() == 0

    async def test_what_is_confirmed_is_what_was_asked_for(self, someone):
        applicant = Applicant(
            "陳小文", "H12345678", "+85291234567", date(2015, 2, 28), "CHAN TAI MAN", "A1234563"
        )
        asked = Booking("first", "macao", applicant, person="p-1")
        await someone.hold(await someone.opened(seats=2))
        made = await someone.book.confirm("form-1", asked)
        assert (made.centre, made.permit, made.starts_at) == (CENTRE, PERMIT, at(9))
        assert (made.status, made.changes, made.demo) == ("booked", 0, someone.book.demo)
        assert made.booking == asked
        assert made.starts_at.utcoffset() is not None
        assert await someone.seats() == 1

    async def test_confirming_again_gives_the_same_appointment(self, someone):
        await someone.hold(await someone.opened(seats=3))
        made = await someone.book.confirm("form-1", booking())
        assert await someone.book.confirm("form-1", booking()) == made
        assert await someone.seats() == 2

    async def test_without_a_hold_nothing_is_booked(self, someone):
        await someone.opened()
        with pytest.raises(SeatTaken):
            await someone.book.confirm("form-1", booking())
        assert await someone.seats() == 1

    async def test_a_document_has_one_active_appointment_for_a_permit(self, someone):
        await someone.booked("form-1", 9)
        await someone.hold(await someone.opened(10), "form-2")
        with pytest.raises(AlreadyBooked):
            await someone.book.confirm("form-2", booking())
        other = await someone.book.confirm("form-2", booking("C98765432"))
        assert other.starts_at == at(10)

    async def test_another_permit_is_another_matter(self, someone):
        await someone.booked("form-1")
        await someone.hold(await someone.opened(permit=OTHER_PERMIT), "form-2")
        assert (await someone.book.confirm("form-2", booking())).permit == OTHER_PERMIT

    async def test_whoever_cancelled_can_book_again(self, someone):
        made = await someone.booked("form-1", 9)
        await someone.book.cancel(made.reference, proof())
        again = await someone.booked("form-2", 10)
        assert again.reference != made.reference

    async def test_an_appointment_is_found_with_document_or_phone(self, someone):
        made = await someone.booked()
        phone = made.booking.applicant.phone
        for shown in (proof(), Proof(phone=phone), Proof("H12345678", phone)):
            assert await someone.book.find(made.reference, shown) == made

    @pytest.mark.parametrize(
        "shown",
        [
            Proof(),
            proof("H12345679"),
            Proof(phone="+85290000000"),
            proof(""),
            Proof("H12345678", "1"),
        ],
    )
    async def test_without_the_right_proof_there_is_no_appointment(self, someone, shown):
        made = await someone.booked()
        assert await someone.book.find(made.reference, shown) is None
        with pytest.raises(UnknownAppointment):
            await someone.book.cancel(made.reference, shown)
        await someone.hold(await someone.opened(10), "form-2")
        with pytest.raises(UnknownAppointment):
            await someone.book.reschedule(made.reference, shown, "form-2")
        assert await someone.book.find(made.reference, proof()) == made

    @pytest.mark.parametrize("reference", ["Z9Z-Z9Z-Z9Z", "", "../K4M", "預約", "x" * 99, "a\nb"])
    async def test_a_reference_that_does_not_exist_is_answered_alike(self, someone, reference):
        await someone.booked()
        assert await someone.book.find(reference, proof()) is None
        with pytest.raises(UnknownAppointment):
            await someone.book.cancel(reference, proof())
        with pytest.raises(UnknownAppointment):
            await someone.book.reschedule(reference, proof(), "form-2")

    async def test_a_person_sees_the_active_appointments_of_their_own(self, someone):
        late = await someone.booked("form-1", 11, document="A", person="p-1")
        early = await someone.booked("form-2", 9, document="B", person="p-1")
        gone = await someone.booked("form-3", 10, document="C", person="p-1")
        await someone.booked("form-4", 12, document="D", person="p-2")
        await someone.booked("form-5", 13, document="E")
        await someone.book.cancel(gone.reference, proof("C"))
        assert list(await someone.book.of_person("p-1")) == [early, late]
        assert list(await someone.book.of_person("p-3")) == []

    async def test_who_lost_the_reference_finds_what_this_chat_booked_by_the_number(self, someone):
        late = await someone.booked("form-1", 11, document="A", sender="web-1")
        gone = await someone.booked("form-2", 10, document="A", sender="web-1", permit=OTHER_PERMIT)
        await someone.booked("form-3", 12, document="B", sender="web-1")
        await someone.booked("form-4", 13, document="C", sender="web-2")
        await someone.book.cancel(gone.reference, proof("A"))
        early = await someone.booked("form-5", 9, document="A", sender="web-1", permit=OTHER_PERMIT)

        async def found(shown: Proof, sender: str = "web-1") -> "list[str]":
            return [a.reference for a in await someone.book.of_sender(sender, shown)]

        assert await found(proof("A")) == [early.reference, late.reference]
        assert await found(Proof(phone=late.booking.applicant.phone)) == await found(proof("A"))
        for shown in (Proof(), proof("C"), Proof("A", "+85290000000")):
            assert await found(shown) == []
        assert await found(proof("A"), "web-2") == []

    async def test_a_move_frees_the_old_seat_and_takes_the_new_one(self, someone):
        made = await someone.booked("form-1", 9)
        await someone.hold(await someone.opened(10), "form-2")
        moved = await someone.book.reschedule(made.reference, proof(), "form-2")
        assert moved == replace(made, starts_at=at(10), changes=1)
        assert (await someone.seats(9), await someone.seats(10)) == (1, 0)
        assert await someone.book.find(made.reference, proof()) == moved

    async def test_moving_again_with_the_same_key_moves_once(self, someone):
        made = await someone.booked("form-1", 9)
        await someone.hold(await someone.opened(10), "form-2")
        moved = await someone.book.reschedule(made.reference, proof(), "form-2")
        assert await someone.book.reschedule(made.reference, proof(), "form-2") == moved
        assert moved.changes == 1

    async def test_without_a_hold_nothing_is_moved(self, someone):
        made = await someone.booked("form-1", 9)
        with pytest.raises(SeatTaken):
            await someone.book.reschedule(made.reference, proof(), "form-2")
        assert await someone.book.find(made.reference, proof()) == made

    async def test_an_appointment_is_moved_so_often_and_no_more(self, someone):
        made = await someone.booked("form-0", 9)
        for n in range(1, MAX_CHANGES + 1):
            await someone.hold(await someone.opened(9 + n), f"form-{n}")
            moved = await someone.book.reschedule(made.reference, proof(), f"form-{n}")
            assert moved.changes == n
        await someone.hold(await someone.opened(20), "form-last")
        with pytest.raises(TooManyChanges):
            await someone.book.reschedule(made.reference, proof(), "form-last")
        assert await someone.book.find(made.reference, proof()) == moved
        assert await someone.seats(9 + MAX_CHANGES) == 0

    async def test_a_cancelled_seat_is_free_at_once(self, someone):
        made = await someone.booked()
        cancelled = await someone.book.cancel(made.reference, proof())
        assert cancelled == replace(made, status="cancelled")
        assert await someone.seats() == 1
        assert await someone.book.find(made.reference, proof()) == cancelled

    async def test_cancelling_again_changes_nothing(self, someone):
        made = await someone.booked()
        cancelled = await someone.book.cancel(made.reference, proof())
        assert await someone.book.cancel(made.reference, proof()) == cancelled
        assert await someone.seats() == 1

    async def test_contenders_for_the_last_seats_get_exactly_those(self, someone):
        slot = await someone.opened(seats=3)

        async def contend(n: int):
            try:
                await someone.hold(slot, f"form-{n}")
                return await someone.book.confirm(f"form-{n}", booking(f"D{n:08}"))
            except SeatTaken:
                return None

        made = [found for found in await asyncio.gather(*map(contend, range(12))) if found]
        assert len({appointment.reference for appointment in made}) == 3
        assert len(made) == 3
        assert await someone.seats() == 0

    async def test_the_same_call_at_the_same_time_is_done_once(self, someone):
        await someone.hold(await someone.opened(seats=5))
        calls = [someone.book.confirm("form-1", booking()) for _ in range(4)]
        made = await asyncio.gather(*calls)
        assert len({appointment.reference for appointment in made}) == 1
        assert await someone.seats() == 4

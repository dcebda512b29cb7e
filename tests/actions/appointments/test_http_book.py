"""A department's system behind the port: the contract of every book, and answers that do not fit."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
import pytest_asyncio

from actions.appointments.book import BookUnavailable, UnknownAppointment
from actions.appointments.http_book import HttpBook
from actions.appointments.model import Proof, Query
from tests.support.book_contract import (
    CENTRE,
    DAY,
    NOW,
    OTHER_CENTRE,
    OTHER_PERMIT,
    PERMIT,
    BookContract,
    at,
    booking,
    proof,
    someone,  # noqa: F401 (a fixture of the contract)
)
from tests.support.fake_department import TOKEN, FakeDepartment, answers, appointment_json
from tests.support.memory_book import MemoryBook

QUERY = Query(PERMIT, (CENTRE,), DAY, DAY)
UNTIL = NOW + timedelta(minutes=10)


class Desk:
    def __init__(self):
        self.now = NOW
        self.book = self.calendar = MemoryBook(lambda: self.now)
        self.open = self.calendar.open

    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)


class TestMemoryBook(BookContract):
    """The book of the fake department itself: else it could not show anything about another."""

    @pytest.fixture
    def desk(self):
        return Desk()


class TestHttpBook(BookContract):
    @pytest_asyncio.fixture
    async def desk(self):
        desk = Desk()
        async with FakeDepartment(desk.calendar) as department:
            desk.book = HttpBook(department.url, TOKEN)
            yield desk
            await desk.book.close()
        assert department.complaints == []


@pytest_asyncio.fixture
async def department():
    async with FakeDepartment(MemoryBook(lambda: NOW)) as running:
        running.book.open(CENTRE, PERMIT, at(9), 5)
        yield running
    assert running.complaints == []


@pytest_asyncio.fixture
async def book(department):
    made = HttpBook(department.url, TOKEN)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def made(book):
    await book.hold("s-1", "form-1", UNTIL)
    return await book.confirm("form-1", booking(person="p-1"))


def answer(content):
    return answers(200, json.dumps(content).encode())


@pytest.mark.parametrize(
    "url, demo",
    [("https://department.example/v1", False), ("HTTPS://department.example", False),
     ("http://127.0.0.1:9000", True), ("http://department.example", True)],
)  # fmt: skip
def test_only_a_system_that_shows_who_it_is_is_a_department(url, demo):
    assert HttpBook(url, TOKEN).demo is demo


async def test_a_key_is_sent_as_a_digest_and_the_same_everywhere(department, book):
    await book.hold("s-1", "web:someone:form-1", UNTIL)
    await book.confirm("web:someone:form-1", booking())
    await book.hold("s-1", "web:someone:form-2", UNTIL)
    first, same, other = (call.headers["Idempotency-Key"] for call in department.calls)
    assert first == same != other
    assert "someone" not in f"{[call.headers for call in department.calls]}"


async def test_no_personal_data_stands_in_an_address(department, book, made):
    await book.find(made.reference, proof())
    await book.reschedule(made.reference, proof(), "form-1")
    await book.of_person("p-1")
    await book.of_sender("web-1", proof())
    await book.cancel(made.reference, proof())
    assert {call.path for call in department.calls} == {
        "/v1/hold", "/v1/appointments", "/v1/appointments/find", "/v1/appointments/of-person",
        "/v1/appointments/of-chat", "/v1/appointments/reschedule", "/v1/appointments/cancel",
    }  # fmt: skip


async def test_what_is_not_known_is_left_out(department, book, made):
    sent = json.loads(department.calls[-1].body)
    assert set(sent["applicant"]) == {"name", "document_number", "phone"}
    await book.find(made.reference, proof())
    assert json.loads(department.calls[-1].body)["proof"] == {"document_number": "H12345678"}


@pytest.mark.parametrize(
    "reference, shown",
    [("K4M T7P", proof()), ("K4M-T7P-R2W\n", proof()), ("K4M", proof()), ("K4M-T7P-R2W", Proof()),
     ("K4M-T7P-R2W", Proof("H1\x00")), ("K4M-T7P-R2W", Proof("\ud800"))],
)  # fmt: skip
async def test_a_claim_that_can_be_nobodys_is_not_sent(department, book, reference, shown):
    assert await book.find(reference, shown) is None
    with pytest.raises(UnknownAppointment):
        await book.cancel(reference, shown)
    assert department.calls == []


async def test_a_reference_may_be_written_small(department, book, made):
    department.faults = [answer(appointment_json(made))]
    assert await book.find(made.reference.lower(), proof()) == made


async def test_slots_that_were_not_asked_for_are_passed_over(department, book):
    fits = {
        "id": "s",
        "centre": CENTRE,
        "permit": PERMIT,
        "starts_at": at(9).isoformat(),
        "free": 1,
    }
    misfits = [
        {"centre": OTHER_CENTRE},
        {"permit": OTHER_PERMIT},
        {"starts_at": at(9, day=date(2026, 12, 2)).isoformat()},
        {"starts_at": "2026-11-30T15:59:59Z"},
        {"free": 0},
    ]
    early = {**fits, "id": "early", "starts_at": "2026-11-30T16:00:00Z"}
    department.faults = [answer({"slots": [{**fits, **m} for m in misfits] + [fits, early]})] * 2
    assert [slot.id for slot in await book.free(QUERY)] == ["early", "s"]
    assert [slot.id for slot in await book.free(replace(QUERY, limit=1))] == ["early"]


async def test_days_and_hours_are_told_in_the_time_of_hong_kong(department, book, made):
    content = {**appointment_json(made), "starts_at": "2026-12-01T01:00:00Z"}
    department.faults = [answer(content)]
    found = await book.find(made.reference, proof())
    assert found.starts_at.isoformat() == "2026-12-01T09:00:00+08:00"


async def test_another_seat_than_the_one_asked_for_is_no_answer(department, book):
    held = {
        "id": "s-9",
        "centre": CENTRE,
        "permit": PERMIT,
        "starts_at": at(9).isoformat(),
        "free": 1,
    }
    department.faults = [answer(held)]
    with pytest.raises(BookUnavailable, match="not asked"):
        await book.hold("s-1", "form-1", UNTIL)


@pytest.mark.parametrize("changed", [{"reference": "K4M-T7P-R9W"}, {"status": "elsewise"}])
@pytest.mark.parametrize(
    "call",
    [lambda book, ref: book.find(ref, proof()), lambda book, ref: book.cancel(ref, proof()),
     lambda book, ref: book.reschedule(ref, proof(), "form-2")],
)  # fmt: skip
async def test_somebody_elses_appointment_is_no_answer(department, book, made, call, changed):
    department.faults = [answer({**appointment_json(made), **changed})]
    with pytest.raises(BookUnavailable):
        await call(book, made.reference)


async def test_an_outcome_that_is_not_the_one_asked_for_is_no_answer(department, book, made):
    booked = appointment_json(made)
    cancelled = {**booked, "status": "cancelled"}
    department.faults = [answer(cancelled), answer(cancelled), answer(booked)]
    with pytest.raises(BookUnavailable, match="not asked"):
        await book.confirm("form-1", booking())
    with pytest.raises(BookUnavailable, match="not asked"):
        await book.reschedule(made.reference, proof(), "form-2")
    with pytest.raises(BookUnavailable, match="not asked"):
        await book.cancel(made.reference, proof())


async def test_nobody_sees_the_appointments_of_another_person(department, book, made):
    other = appointment_json(made)
    other["booking"]["person"] = "p-2"
    department.faults = [answer({"appointments": [appointment_json(made), other]})]
    with pytest.raises(BookUnavailable, match="not asked"):
        await book.of_person("p-1")


async def test_the_chat_is_sent_as_a_digest(department, book):
    await book.hold("s-1", "form-1", UNTIL)
    await book.confirm("form-1", booking(sender="web-someone"))
    await book.of_sender("web-someone", proof())
    sent = [json.loads(call.body) for call in department.calls]
    assert sent[1]["chat"] == sent[2]["chat"]
    assert "someone" not in str(sent)


async def test_appointments_of_another_chat_are_no_answer(department, book, made):
    department.faults = [answer({"appointments": [appointment_json(made)]})]
    with pytest.raises(BookUnavailable, match="not asked"):
        await book.of_sender("web-someone", proof())


@pytest.mark.parametrize("shown", [Proof(), proof("a\nb")])
async def test_what_cannot_be_a_proof_is_not_sent(department, book, shown):
    assert list(await book.of_sender("web-someone", shown)) == []
    assert not department.calls


async def test_of_a_persons_appointments_only_active_ones_are_told(department, book, made):
    active = {**appointment_json(made), "reference": "LATE"}
    early = {**active, "reference": "EARLY", "starts_at": at(8).isoformat()}
    gone = {**active, "status": "cancelled"}
    department.faults = [answer({"appointments": [active, gone, early]})]
    assert [a.reference for a in await book.of_person("p-1")] == ["EARLY", "LATE"]

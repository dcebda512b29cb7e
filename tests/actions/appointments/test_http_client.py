"""What goes wrong between us and a department: no wait without end, no seat twice, no word told."""

import asyncio
import gzip
import logging
import ssl
import time
import traceback
from contextlib import suppress
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import web

from actions.appointments.book import BookUnavailable, SeatTaken
from actions.appointments.breaker import Breaker
from actions.appointments.http_book import HttpBook
from actions.appointments.http_client import Limits
from actions.appointments.model import Query
from tests.support.book_contract import CENTRE, DAY, NOW, PERMIT, at, booking, proof
from tests.support.certificate import self_signed
from tests.support.fake_department import (
    TOKEN,
    FakeDepartment,
    answers,
    cut_short,
    lost_after,
    lost_before,
    slow,
)
from tests.support.memory_book import MemoryBook

QUICK = Limits(connect_s=0.3, total_s=0.3, retry_after_s=0.01, body_bytes=10_000)
APPLICANT = booking().applicant
QUERY = Query(PERMIT, (CENTRE,), DAY, DAY)
UNTIL = NOW + timedelta(minutes=10)


@pytest_asyncio.fixture
async def department():
    async with FakeDepartment(MemoryBook(lambda: NOW)) as running:
        running.book.open(CENTRE, PERMIT, at(9), 5)
        yield running
    assert running.complaints == []


@pytest_asyncio.fixture
async def book(department):
    made = HttpBook(department.url, TOKEN, QUICK)
    yield made
    await made.close()


CALLS = {
    "free": lambda book: book.free(QUERY),
    "hold": lambda book: book.hold("s-1", "form-1", UNTIL),
    "release": lambda book: book.release("form-1"),
    "confirm": lambda book: book.confirm("form-1", booking(person="p-1")),
    "find": lambda book: book.find("K4M-T7P-R2W", proof()),
    "of_person": lambda book: book.of_person("p-1"),
    "of_sender": lambda book: book.of_sender("web-1", proof()),
    "reschedule": lambda book: book.reschedule("K4M-T7P-R2W", proof(), "form-1"),
    "cancel": lambda book: book.cancel("K4M-T7P-R2W", proof()),
}
NO_SLOTS = b'{"slots": []}'
HTML = b"<h1>Bad gateway</h1>"
REDIRECT = answers(307, b"{}", Location="/v1/elsewhere")
#: What is no answer, and how often it is asked for.
FAULTS = {
    "500": (answers(500, b'{"code": "failed", "message": ""}'), 1),
    "501": (answers(501, b"{}"), 1),
    "502": (answers(502, HTML, "text/html"), 2),
    "503": (answers(503, b'{"code": "unavailable", "message": ""}'), 2),
    "504": (answers(504), 2),
    "redirect": (REDIRECT, 1),
    "202": (answers(202, b"{}"), 1),
    "400": (answers(400, b'{"code": "malformed", "message": ""}'), 1),
    "401": (answers(401, b'{"code": "unauthorised", "message": ""}'), 1),
    "404 of another server": (answers(404, HTML, "text/html"), 1),
    "404 without a code": (answers(404, b"{}"), 1),
    "409 with a code of its own": (answers(409, b'{"code": "elsewise", "message": ""}'), 1),
    "409 that is no object": (answers(409, b'["seat_taken"]'), 1),
    "429": (answers(429, b'{"code": "too_many_requests", "message": ""}'), 1),
    "HTML": (answers(200, HTML, "text/html"), 1),
    "no body": (answers(200), 1),
    "broken JSON": (answers(200, b'{"slots": ['), 1),
    "no UTF-8": (answers(200, b'{"slots": "\xff"}'), 1),
    "deep JSON": (answers(200, b"[" * 9000), 1),
    "huge JSON": (answers(200, b'"' + b" " * 10_000 + b'"'), 1),
    "a list": (answers(200, b"[]"), 1),
    "null": (answers(200, b"null"), 1),
    "too slow": (slow(0.6), 2),
    "lost before": (lost_before, 2),
    "lost after": (lost_after, 2),
    "cut short": (cut_short, 2),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["500", "503", "redirect", "400", "broken JSON", "huge JSON"])
async def test_every_call_takes_what_is_no_answer_for_none(department, book, call, fault):
    what, times = FAULTS[fault]
    department.faults = [what] * 3
    with pytest.raises(BookUnavailable):
        await CALLS[call](book)
    assert len(department.calls) == times


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_answer_books_nothing_that_is_told(department, book, caplog, fault):
    await CALLS["hold"](book)
    what, times = FAULTS[fault]
    department.calls.clear()
    department.faults = [what] * 3
    with caplog.at_level(logging.DEBUG), pytest.raises(BookUnavailable) as caught:
        await CALLS["confirm"](book)
    assert len(department.calls) == times
    assert len({call.headers["Idempotency-Key"] for call in department.calls}) == 1
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "POST /appointments" in caplog.text
    for personal in (*filter(None, vars(APPLICANT).values()), TOKEN, "form-1", "gateway", "p-1"):
        assert personal not in told


@pytest.mark.parametrize(
    "fault", ["502", "503", "504", "too slow", "lost before", "lost after", "cut short"]
)
async def test_the_second_try_gets_what_the_first_one_did(department, book, fault):
    await CALLS["hold"](book)
    department.calls.clear()
    department.faults = [FAULTS[fault][0]]
    made = await CALLS["confirm"](book)
    first, second = department.calls
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.body == second.body
    assert [a.reference for a in department.book.booked()] == [made.reference]
    assert (await book.free(QUERY))[0].free == 4


async def test_a_move_whose_answer_was_lost_counts_once(department, book):
    await CALLS["hold"](book)
    made = await CALLS["confirm"](book)
    department.book.open(CENTRE, PERMIT, at(10), 1)
    await book.hold("s-3", "form-2", UNTIL)
    department.faults = [lost_after]
    moved = await book.reschedule(made.reference, proof(), "form-2")
    assert (moved.changes, moved.starts_at) == (1, at(10))


async def test_an_answer_that_takes_its_time_is_waited_for(department, book):
    department.faults = [slow(0.1)]
    assert len(await book.free(QUERY)) == 1
    assert len(department.calls) == 1


async def test_the_wait_has_an_end(department, book):
    department.faults = [slow(5)] * 2
    began = time.monotonic()
    with pytest.raises(BookUnavailable, match="in time"):
        await book.free(QUERY)
    assert time.monotonic() - began < 1.5


async def test_an_answer_that_drips_is_not_waited_for_either(department, book):
    async def drip(request, _handler):
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    department.faults = [drip] * 2
    began = time.monotonic()
    with pytest.raises(BookUnavailable, match="in time"):
        await book.free(QUERY)
    assert time.monotonic() - began < 1.5


async def test_an_answer_without_end_is_read_no_further_than_the_limit(department, book):
    sent = 0

    async def pour(request, _handler):
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while sent < 1 << 28:
            await response.write(b" " * 65536)
            sent += 65536
        return response

    department.faults = [pour]
    with pytest.raises(BookUnavailable, match="too large"):
        await book.free(QUERY)
    await asyncio.sleep(0.05)
    assert sent < 1 << 24


async def test_nobody_at_the_address_is_no_answer():
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    book = HttpBook(f"http://127.0.0.1:{port}/v1", TOKEN, QUICK)
    with pytest.raises(BookUnavailable, match="no connection"):
        await book.free(QUERY)
    await book.close()


@pytest.mark.parametrize(
    "said",
    [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 OK yes\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"a" * 20_000 + b"\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
)  # fmt: skip
async def test_a_server_that_does_not_speak_http_is_no_answer(said):
    async def speak(reader, writer):
        await reader.read(1)
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    book = HttpBook(f"http://127.0.0.1:{port}", TOKEN, QUICK)
    with pytest.raises(BookUnavailable):
        await book.free(QUERY)
    await book.close()
    server.close()


async def test_a_certificate_that_nobody_vouches_for_gets_no_data(tmp_path):
    heard = []

    async def hear(reader, _writer):
        heard.append(await reader.read())

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    book = HttpBook(f"https://localhost:{port}", TOKEN, QUICK)
    assert not book.demo
    with pytest.raises(BookUnavailable, match="no connection"):
        await CALLS["confirm"](book)
    await book.close()
    server.close()
    assert b"".join(heard) == b""


async def test_a_wrong_token_is_refused(department):
    book = HttpBook(department.url, "another", QUICK)
    with pytest.raises(BookUnavailable, match="401"):
        await book.free(QUERY)
    await book.close()


async def test_no_redirect_gets_the_token(department, book):
    department.faults = [answers(302, b"", Location=f"{department.url}/hold")]
    with pytest.raises(BookUnavailable, match="302"):
        await book.free(QUERY)
    assert [call.path for call in department.calls] == ["/v1/slots/search"]


async def test_cookies_are_not_kept(department):
    # The library keeps none of a bare address, so that the host needs a name here.
    book = HttpBook(department.url.replace("127.0.0.1", "localhost"), TOKEN, QUICK)
    department.faults = [answers(200, NO_SLOTS, **{"Set-Cookie": "a=b"})]
    await book.free(QUERY)
    await book.free(QUERY)
    await book.close()
    assert "Cookie" not in department.calls[1].headers


@pytest.mark.parametrize(
    "fault",
    [answers(201, NO_SLOTS), answers(202, NO_SLOTS), answers(206, NO_SLOTS), answers(300, NO_SLOTS),
     answers(200, NO_SLOTS, "text/html"), answers(200, NO_SLOTS, "application/octet-stream"),
     answers(200, gzip.compress(NO_SLOTS), **{"Content-Encoding": "gzip"})],
    ids=["201", "202", "206", "300", "text", "binary", "compressed"],
)  # fmt: skip
async def test_the_right_words_said_in_the_wrong_way_are_no_answer(department, book, fault):
    department.faults = [answers(200, NO_SLOTS), fault]
    assert await book.free(QUERY) == []
    with pytest.raises(BookUnavailable):
        await book.free(QUERY)


async def test_nothing_compressed_is_asked_for(department, book):
    await book.free(QUERY)
    assert department.calls[0].headers["Accept-Encoding"] == "identity"


async def test_a_refusal_that_the_call_cannot_have_is_no_answer(department, book):
    for code in ("already_booked", "too_many_changes"):
        department.faults = [answers(409, b'{"code": "%s", "message": ""}' % code.encode())]
        with pytest.raises(BookUnavailable):
            await CALLS["hold"](book)


async def test_a_system_that_keeps_failing_is_left_alone(department):
    now = 0.0
    breaker = Breaker(failures=3, rest_s=30, clock=lambda: now)
    book = HttpBook(department.url, TOKEN, QUICK, breaker)
    department.faults = [FAULTS["500"][0], FAULTS["broken JSON"][0], lost_before, lost_before]
    for _ in range(3):
        with pytest.raises(BookUnavailable):
            await book.free(QUERY)
    calls = len(department.calls)
    with pytest.raises(BookUnavailable, match="left alone"):
        await book.free(QUERY)
    assert len(department.calls) == calls
    now = 30.0
    assert len(await book.free(QUERY)) == 1
    await book.close()


@pytest.mark.parametrize("answer", [answers(200, NO_SLOTS), FAULTS["401"][0]], ids=["200", "401"])
async def test_any_answer_between_failures_starts_their_count_anew(department, answer):
    book = HttpBook(department.url, TOKEN, QUICK, Breaker(failures=2))
    department.faults = [FAULTS["500"][0], answer, FAULTS["500"][0], answer]
    for _ in department.faults[:]:
        with suppress(BookUnavailable):
            await book.free(QUERY)
    assert len(await book.free(QUERY)) == 1
    await book.close()


async def test_refusals_are_answers_and_no_failures(department):
    book = HttpBook(department.url, TOKEN, QUICK, Breaker(failures=2))
    for _ in range(4):
        with pytest.raises(SeatTaken):
            await book.hold("none", "form-1", UNTIL)
        assert await book.find("K4M-T7P-R2W", proof()) is None
        department.faults = [FAULTS["400"][0]]
        with pytest.raises(BookUnavailable):
            await book.free(QUERY)
    assert len(await book.free(QUERY)) == 1
    await book.close()


async def test_one_session_serves_all_calls(department, book):
    seen = set()

    async def note(request, handler):
        seen.add(request.transport.get_extra_info("peername"))
        return await handler(request)

    department.faults = [note] * 5
    for _ in range(5):
        await book.free(QUERY)
    assert len(seen) == 1


async def test_a_book_that_was_never_asked_closes_as_well():
    await HttpBook("https://department.example", TOKEN).close()

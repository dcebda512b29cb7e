"""With a department's system behind the assistant: a whole conversation books there, and only there.

What is not shown to be a department's by its certificate is called DEMO.
"""

import re
import shutil
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta

import aiohttp
import pytest
from sqlalchemy import select

from actions.appointments.tables import APPOINTMENTS
from bot import wiring, worker_wiring
from core.clock import LOCAL, system_clock, today
from core.settings import Settings
from nlu.components import live
from tests.support.certificate import self_signed
from tests.support.fake_department import TOKEN, FakeDepartment, answers
from tests.support.filling import ANSWERS, fill_in
from tests.support.memory_book import MemoryBook

CENTRE, PERMIT = "cts_kwai_chung", "home_return_permit"
DOWN = answers(503)


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory, settings):
    """The real knowledge with one real centre."""
    folder = tmp_path_factory.mktemp("knowledge") / "content"
    shutil.copytree(settings.knowledge_dir, folder)
    centres = folder / "appointments" / "centres"
    for path in centres.iterdir():
        if path.stem != CENTRE:
            path.unlink()
    written = (centres / f"{CENTRE}.yml").read_text()
    for sign in (" (DEMO)", "（示範 DEMO）", "（演示 DEMO）"):
        written = written.replace(sign, "")
    (centres / f"{CENTRE}.yml").write_text(written.replace("demo: true", "demo: false"))
    return folder


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A certificate of ``localhost`` that this process trusts."""
    made = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    remembered = aiohttp.TCPConnector._make_ssl_context
    remembered.cache_clear()
    yield made
    remembered.cache_clear()


@asynccontextmanager
async def at_work(tmp_path, knowledge, redis_url, model, certificate=None):
    """A department with seats on the next days, and an assistant that books there."""
    book = MemoryBook(system_clock)
    for days in range(1, 15):
        starts_at = datetime.combine(today(system_clock) + timedelta(days=days), time(10), LOCAL)
        book.open(CENTRE, PERMIT, starts_at, 2)
    async with FakeDepartment(book, certificate) as department:
        settings = Settings(
            data_dir=tmp_path / "data", knowledge_dir=knowledge,
            appointment_book_url=department.url, appointment_book_token=TOKEN,
        )  # fmt: skip
        # What the components work with is one for the process.
        in_force = (live._identifier, live._search, live._clock)
        assistant = wiring.build(settings, redis_url, model)
        try:
            yield department, assistant
        finally:
            await assistant.close()
            live.use(*in_force)
        assert assistant.office.book._client._opened.closed
    assert department.complaints == []


def person(assistant, name):
    async def say(text):
        return await assistant.conversation.turn(name, text, "web")

    return say


def heard(turns):
    return "\n".join(reply["text"] for turn in turns for reply in turn.replies)


def in_our_own(assistant):
    with assistant.database.connect() as connection:
        return connection.execute(select(APPOINTMENTS)).all()


@pytest.mark.model
async def test_over_https_the_department_books_and_nothing_is_called_demo(
    tmp_path, knowledge, redis, redis_url, model, trusted
):
    async with at_work(tmp_path, knowledge, redis_url, model, trusted) as (department, assistant):
        say = person(assistant, "https")
        turns = await fill_in(say, "I want to book a Home Return Permit appointment")
        (made,) = department.book.booked()
        assert (made.centre, made.permit) == (CENTRE, PERMIT)
        assert made.booking.applicant.document_number == ANSWERS["document_number"]
        digest = made.booking.sender  # a chat, and not whose: that is no business of theirs
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert made.reference in turns[-1].replies[0]["text"]
        assert "is booked" in heard(turns)
        assert "DEMO" not in heard(turns)
        for text in ("view my appointment", "I lost the reference"):
            assert made.reference not in (await say(text)).replies[0]["text"]
        assert made.reference in (await say(ANSWERS["phone"])).replies[0]["text"]
        assert in_our_own(assistant) == []

        gone = await say("delete my data")
        assert "department's own system stay there" in gone.replies[0]["text"]
        assert department.book.booked() == [made]


@pytest.mark.model
async def test_over_plain_http_it_says_demo_and_a_failing_system_loses_nothing(
    tmp_path, knowledge, redis, redis_url, model
):
    async with at_work(tmp_path, knowledge, redis_url, model) as (department, assistant):
        say = person(assistant, "http")
        turns = [await say("I want to book a Home Return Permit appointment")]
        while turns[-1].asks and turns[-1].asks != "confirm":
            turns.append(await say(ANSWERS.get(turns[-1].asks, "1")))
        assert turns[-1].asks == "confirm", heard(turns)
        assert "DEMO" in heard(turns)

        department.faults = [DOWN] * 2  # for both tries
        failed = await say("1")
        assert "does not answer" in heard([failed])
        assert failed.asks == "confirm"
        assert department.book.booked() == []

        done = await say("1")
        (made,) = department.book.booked()
        assert f"DEMO appointment made. Reference: {made.reference}" in heard([done])


@pytest.mark.model
async def test_a_system_that_is_down_from_the_start_is_said_kindly_and_the_form_goes_on_later(
    tmp_path, knowledge, redis, redis_url, model
):
    async with at_work(tmp_path, knowledge, redis_url, model) as (department, assistant):
        say = person(assistant, "down")
        turn = await say("I want to book a Home Return Permit appointment")
        while turn.asks in ("application_type", "applicant_side", "birth_date"):
            department.faults = [DOWN] * 2
            turn = await say(ANSWERS.get(turn.asks, "1"))
        assert "does not answer" in heard([turn])
        department.faults = []
        again = await say("I want to book an appointment")
        assert again.asks == "confirm", heard([again])  # whether to go on
        turns = [await say("1")]
        assert turns[0].asks in ("centre", "date"), heard(turns)
        while turns[-1].asks:
            turns.append(await say(ANSWERS.get(turns[-1].asks, "1")))
        assert len(department.book.booked()) == 1


async def test_the_worker_closes_its_connections_with_the_system(tmp_path, redis, redis_url):
    async with FakeDepartment(MemoryBook(system_clock)) as department:
        worker = worker_wiring.build(
            Settings(data_dir=tmp_path, appointment_book_url=department.url,
                     appointment_book_token=TOKEN),
            redis_url,
        )  # fmt: skip
        await worker.office.book.release("k")
        session = worker.office.book._client._opened
        assert not session.closed
        await worker.close()
        assert session.closed

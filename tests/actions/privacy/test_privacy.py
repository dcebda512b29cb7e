"""Forgetting a person in the whole assistant: everywhere, nobody else, and with a receipt."""

import json

import pytest
from sqlalchemy import select

from actions.appointments.draft_store import DRAFTS
from actions.appointments.reminder_store import REMINDERS
from actions.appointments.tables import APPOINTMENTS, SLOTS
from actions.appointments.waiting_table import WAITING
from actions.feedback.store import FEEDBACK
from core.clock import system_clock, today
from core.database import transaction
from core.reader import Reader
from tests.support.filling import fill_in
from tests.support.vaults import conversations

pytestmark = pytest.mark.model
TABLES = {"appointments": APPOINTMENTS, "drafts": DRAFTS, "reminders": REMINDERS,
          "waiting": WAITING, "opinions": FEEDBACK}  # fmt: skip


@pytest.fixture
def person(assistant, request):
    """What somebody of this test's own says."""

    def who(name="someone"):
        sender = f"{request.node.name}-{name}"

        async def say(text):
            return await assistant.conversation.turn(sender, text, "web")

        say.sender = sender
        return say

    return who


@pytest.fixture(autouse=True)
def _empty(assistant):
    """Everybody here has one document; the next test's person books with it again."""
    yield
    with transaction(assistant.database) as connection:
        for table in (APPOINTMENTS, SLOTS):
            connection.execute(table.delete())


@pytest.fixture
def kept(assistant):
    """Which tables have something of a sender."""

    def look(sender):
        with assistant.database.connect() as connection:
            return {
                name
                for name, table in TABLES.items()
                if connection.execute(select(table).where(table.c.sender == sender)).first()
            }

    return look


def taken(assistant):
    with assistant.database.connect() as connection:
        return {row.id: row.taken for row in connection.execute(select(SLOTS)) if row.taken}


async def export(assistant, turn):
    token, name = turn.replies[0]["link"]["url"].rsplit("/", 2)[1:]
    return json.loads(await assistant.office.handouts.take(token, name))


async def join(assistant, sender):
    day = today(system_clock)
    return await assistant.office.waiting.join(
        sender, "web", Reader.parse("en"), "hkid", "sheung_wan", day
    )


async def test_nothing_that_a_person_said_is_left(assistant, redis, person):
    leaves, stays = person("leaves"), person("stays")
    for say in (leaves, stays):
        await say("English please")
        await say("how long does a residence permit take")
        await say("I want to complain about this terrible website")
        await assistant.history.add_user(say.sender, "residence permit", "id", system_clock())
    said = await leaves("delete my data")
    assert said.intent == "delete_my_data"
    assert "deleted" in said.replies[0]["text"]
    told = await export(assistant, said)
    assert [one["text"] for one in told["opinions"]] == [
        "I want to complain about this terrible website"
    ]
    assert [(one["from"], one["text"]) for one in told["conversation"]] == [
        ("user", "residence permit")
    ]

    left = {}
    for key in await redis.keys(f"*{leaves.sender}*"):
        left[key] = await redis.get(key) if await redis.type(key) == "string" else "something"
    # the link to the export, which has been made since
    assert set(left) <= {f"tracker:{leaves.sender}", f"handouts:{leaves.sender}"}
    assert "residence" not in str(left) and "website" not in str(left) and '"en"' not in str(left)
    assert len(await redis.keys(f"*{stays.sender}*")) >= 3
    with assistant.database.connect() as connection:
        senders = {row.sender for row in connection.execute(select(FEEDBACK))}
    assert leaves.sender not in senders
    assert stays.sender in senders


async def test_a_booked_appointment_is_asked_for_handed_over_and_cancelled(
    assistant, redis, person, kept
):
    say, before = person(), taken(assistant)
    booked = (await fill_in(say))[-1]
    calendar = booked.replies[0]["link"]["url"].rsplit("/", 2)[1:]
    await join(assistant, say.sender)
    await say("I want to book an identity card appointment")
    await say("stop")
    assert kept(say.sender) >= {"appointments", "reminders", "waiting"}

    asked = await say("delete my data")
    assert (asked.asks, len(asked.replies[0]["buttons"])) == ("confirm", 2)
    assert "appointments: 1" in asked.replies[0]["text"]
    assert kept(say.sender) >= {"appointments", "reminders", "waiting"}
    done = await say("1")
    text = done.replies[0]["text"]
    assert "Receipt" in text and "Appointments: 1." in text and "waiting lists: 1." in text
    assert "CHAN" not in text and "A123456" not in text
    assert kept(say.sender) == set()
    assert taken(assistant) == before
    assert await assistant.office.handouts.take(*calendar) is None
    told = await export(assistant, done)
    (appointment,) = told["appointments"]
    assert appointment["applicant"]["document_number"] == "A123456(3)"
    assert appointment["applicant"]["name"] == "CHAN TAI MAN"
    assert len(told["reminders"]) >= 1 and len(told["waiting"]) == 1
    assert "CHAN" not in await conversations(redis, assistant.vault)

    assert (await say("delete my data")).asks is None  # nothing is left to be asked about


@pytest.mark.parametrize("answer", ["no", "2", "how long does a residence permit take"])
async def test_whatever_is_no_yes_keeps_everything(person, kept, answer):
    say = person()
    await fill_in(say)
    await say("delete my data")
    said = await say(answer)
    assert "deleted nothing" in said.replies[0]["text"]
    if answer.startswith("how"):
        assert said.knowledge == ["faq:rp02"]
    await say("yes")  # to nothing
    assert "appointments" in kept(say.sender)
    asked = await say("delete my data")
    assert "appointments: 1" in asked.replies[0]["text"]


async def test_an_old_yes_of_the_question_deletes_nothing(person, kept):
    say = person()
    await fill_in(say)
    button = (await say("delete my data")).replies[0]["buttons"][0]["payload"]
    await say("no")
    await say(button)
    assert "appointments" in kept(say.sender)


async def test_an_old_yes_of_a_form_deletes_nothing(person, kept):
    say = person()
    turns = await fill_in(say)
    consent = next(turn for turn in turns if turn.asks == "consent")
    await say("delete my data")
    await say(consent.replies[-1]["buttons"][0]["payload"])
    assert "appointments" in kept(say.sender)


async def test_in_the_middle_of_a_form_it_is_closed_and_its_seat_let_go(assistant, person, kept):
    say, before = person(), taken(assistant)
    turn = await say("I want to book an appointment")
    while turn.asks != "name":
        turn = await say("1 January 1990" if turn.asks == "birth_date" else "1")
    assert taken(assistant) != before
    said = await say("delete my data")
    assert "Unfinished bookings: 1." in said.replies[0]["text"]
    assert said.asks is None
    assert taken(assistant) == before
    assert kept(say.sender) == set()
    after = await say("CHAN TAI MAN")
    assert after.asks is None
    assert kept(say.sender) == set()


async def test_who_starts_a_booking_instead_gets_the_form(person):
    say = person()
    await fill_in(say)
    await say("delete my data")
    said = await say("I want to book an appointment")
    assert "deleted nothing" in said.replies[0]["text"]
    assert said.asks == "permit"


async def test_in_the_middle_of_a_form_the_question_takes_its_place(person, kept):
    say = person()
    await fill_in(say)
    turn = await say("I want to book an appointment")
    asked = await say("delete my data")
    assert (turn.asks, asked.asks) == ("permit", "confirm")
    assert "appointments: 1" in asked.replies[-1]["text"]
    await say("yes")
    assert kept(say.sender) == set()
    assert (await say("1")).asks is None  # no permit: the form is closed

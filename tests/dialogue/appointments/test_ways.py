"""Ways through the form that are not straight: corrections, refusals, other people, other days."""

import asyncio
import json
from datetime import date

import pytest

from actions.appointments.model import OFFER_MINUTES
from tests.dialogue.appointments import ledger
from tests.dialogue.appointments.script import scripts
from tests.support import applicants
from tests.support.filling import fill_in

ALL = list(scripts("ways"))
pytestmark = pytest.mark.model
BORN = date(1990, 5, 6)
SOUTHBOUND = "I want to book Southbound Travel"


@pytest.mark.parametrize("script", ALL, ids=[script.name for script in ALL])
async def test_ends_as_written(stage, script):
    await stage.play(script)


def ledger_of(person, assistant):
    return ledger.of_sender(assistant.database, person.sender)


async def book(person, number, first=SOUTHBOUND, **answers):
    """Books with the first of all choices; Mainland residents born in 1990."""
    person.values["document"] = applicants.mainland_id(number, BORN)
    given = {"birth_date": f"{BORN:%Y-%m-%d}", "document_number": person.values["document"]}
    return await fill_in(person.say, first, **{**given, **answers})


@pytest.mark.parametrize(
    "view, stop",
    [("view my appointment", "stop"), ("查看我的预约", "停"), ("睇返我個預約", "停")],
)
async def test_another_ones_reference_is_as_good_as_none(talk, view, stop):
    owner, stranger = talk(), talk()
    await book(owner, 901, phone="136 0013 0901")

    async def asked_with(reference):
        await stranger.say(view, "reference")
        await stranger.say(reference, "document_number")
        await stranger.say("A123456(3)", "reference")
        said = stranger.text
        await stranger.say(stop, None)
        return said

    theirs, nobodys = await asked_with(owner.values["reference"]), await asked_with("B2C-D3F-G4H")
    assert theirs == nobodys
    await owner.say("cancel my appointment", "reference")
    await owner.say("{reference}", "document_number")
    await owner.say("{document}", "confirm")
    await owner.say("yes", None)


async def test_each_of_several_appointments_is_found_by_its_reference(assistant, talk):
    person = talk()
    await book(person, 902, phone="136 0013 0902")
    southbound = person.values["reference"]
    await book(person, 902, "I want to book an exit-entry permit renewal", phone="136 0013 0902")
    permit = person.values["reference"]
    first, second = ledger_of(person, assistant)
    assert (first["reference"], first["permit"]) == (southbound, "southbound")
    assert (second["reference"], second["permit"]) == (permit, "eep")

    for reference, name in ((southbound, "Southbound"), (permit, "Exit-Entry")):
        await person.say("view my appointment", "reference")
        await person.say(reference, "document_number")
        await person.say("{document}", None)
        assert reference in person.text
        assert name in person.text
    await person.say(f"cancel my appointment {southbound}", "document_number")
    await person.say("{document}", "confirm")
    await person.say("yes", None)
    assert [row["status"] for row in ledger_of(person, assistant)] == ["cancelled", "booked"]


async def test_an_old_button_books_nothing(assistant, talk):
    person = talk()
    await book(person, 903, phone="136 0013 0903")
    old = tapped("/answer" + json.dumps({"slot": "confirm", "value": "yes"}))
    await person.say(old, None)
    await person.say("I want to book Northbound Travel", "application_type")
    await person.say(old, "application_type")
    await person.say("1", "birth_date")
    await person.say(old, "birth_date")
    assert [row["permit"] for row in ledger_of(person, assistant)] == ["southbound"]
    await person.say("stop", None)


async def test_the_same_message_twice_books_once(assistant, talk):
    person = talk()
    person.values["document"] = applicants.mainland_id(904, BORN)
    await person.say(SOUTHBOUND)
    while person.turn.asks != "confirm":
        given = {"birth_date": "1990-05-06", "name": "Hu Die", "phone": "136 0013 0904",
                 "document_number": "{document}", "consent": "yes"}  # fmt: skip
        await person.say(given.get(person.turn.asks, "1"))
    turns = await asyncio.gather(
        *(assistant.conversation.turn(person.sender, "yes", "web") for _ in range(2))
    )
    (row,) = ledger_of(person, assistant)
    assert row["status"] == "booked"
    assert [row["reference"] in turn.replies[0]["text"] for turn in turns] == [True, False]
    assert all("went wrong" not in turn.replies[0]["text"] for turn in turns)


async def test_a_freed_seat_is_offered_to_who_waits_and_booked(assistant, talk, monday):
    first, second = talk(), talk()
    await book(first, 905, phone="136 0013 0905", centre="Zhongshan", date="8 December")
    (mine,) = ledger_of(first, assistant)
    assert str(mine["date"]) == "2026-12-08"
    await ledger.fill(assistant.office.book, "exam_zhongshan", "southbound", mine["date"])

    second.values["document"] = applicants.mainland_id(906, BORN)
    await second.say("我想約粵車南下呀", "birth_date")
    await second.say("1990年5月6日", "centre")
    await second.say("中山", "date")
    await second.say("12月8號", "date")
    assert "已經滿咗" in second.text
    await second.say(f"tap {len(second.titles)}", None)  # the waiting list is the last choice
    assert "12月8日" in second.text
    assert await offers_to(assistant, second) == []

    await first.say("cancel my appointment", "reference")
    await first.say("{reference}", "document_number")
    await first.say("{document}", "confirm")
    await first.say("yes", None)
    (offer,) = await offers_to(assistant, second)
    monday.turn(minutes=OFFER_MINUTES - 1)
    await second.say(tapped(offer["buttons"][0]["payload"]), "name")
    await second.say("胡蝶", "document_number")
    await second.say("{document}", "phone")
    await second.say("136 0013 0906", "consent")
    await second.say("好", "confirm")
    await second.say("啱", None)
    (row,) = ledger_of(second, assistant)
    assert (row["status"], row["slot"]) == ("booked", mine["slot"])


def tapped(payload):
    """A choice that was offered earlier, as ``Talk`` says it: its braces are no placeholders."""
    return payload.replace("{", "{{").replace("}", "}}")


async def offers_to(assistant, person):
    """What the assistant has sent to somebody by itself."""
    events = await assistant.history.since(person.sender, "0-0")
    return [json.loads(message) for _, message in events]

"""Appointments that were made: seen, moved and cancelled by those whose they are, and nobody else."""

from dataclasses import replace

import pytest

from tests.dialogue.test_booking import booked, person, to_confirm  # noqa: F401

pytestmark = pytest.mark.model


@pytest.fixture
async def owner(person):  # noqa: F811
    somebody = person()
    await booked(somebody)
    return somebody


async def test_a_reference_of_others_is_as_one_that_does_not_exist(owner, talk):
    said = []
    for reference in (owner.values["reference"], "K4M-T7P-R2W"):
        stranger = talk(reference=reference)
        await stranger.say("view my appointment", "reference")
        await stranger.say("{reference}", "document_number")
        await stranger.say("K000999(9)", "reference")
        said.append((stranger.text, stranger.titles, stranger.turn.replies))
    assert said[0] == said[1]
    assert "no appointment" in said[0][0]


async def test_the_telephone_number_proves_it_too(owner):
    await owner.say("view my appointment", "reference")
    await owner.say("{reference}", "document_number")
    await owner.say("my phone is {phone}", None)
    assert owner.values["reference"] in owner.text


async def test_reference_and_number_in_one_message(owner):
    await owner.say("cancel my appointment", "reference")
    await owner.say("{reference}, {document}", "confirm")
    await owner.say("no", None)
    assert [row.status for row in owner.rows()] == ["booked"]


async def test_two_changes_at_most(owner):
    await owner.say("reschedule my appointment", "reference")
    await owner.say("{reference}", "document_number")
    await owner.say("{document}", "date")
    for n, day in enumerate(("Thursday 10am", "Friday 10am"), 1):
        await owner.say(day, "confirm")
        await owner.say("yes", None)
        assert [row.changes for row in owner.rows() if row.status == "booked"] == [n]
        # proved a moment ago
        await owner.say("reschedule my appointment", "date" if n == 1 else None)
        assert owner.values["reference"] in owner.text
    assert "twice at most" in owner.text


async def test_the_button_under_an_appointment_needs_no_second_proof(owner, monday):
    await owner.say("view my appointment", "reference")
    await owner.say("{reference}", "document_number")
    await owner.say("{document}", None)
    await owner.say("tap 1", "date")
    await owner.say("Thursday 10am", "confirm")
    await owner.say("no", None)
    monday.turn(minutes=11)
    await owner.say("view my appointment", "reference")


@pytest.mark.parametrize("words", ["I lost the reference", "tap 1", "{document}", "{phone}"])
async def test_who_lost_the_reference_gets_it_back(owner, words):
    reference = owner.values.pop("reference")
    await owner.say("view my appointment", "reference")
    await owner.say(words)
    if owner.turn.asks:
        assert reference not in owner.text
        await owner.say("{document}", None)
    assert reference in owner.text


async def test_an_appointment_is_looked_at_in_the_middle_of_a_booking(owner):
    await owner.say(
        "I want to book an appointment for a Hong Kong identity card", "application_type"
    )
    await owner.say("view my appointment", "reference")
    await owner.say("{reference}", "document_number")
    await owner.say("{document}", "confirm")
    assert owner.values["reference"] in owner.text
    assert owner.titles[:2] == ["Continue", "Stop"]
    await owner.say("yes please", "application_type")


async def test_a_killed_turn_is_made_good_in_the_next(person, assistant, monkeypatch):  # noqa: F811
    somebody = person()
    await to_confirm(somebody)
    tracker_store = assistant.conversation._agent.processor.tracker_store

    async def dies(*_):
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(tracker_store, "save", dies)
        with pytest.raises(RuntimeError):
            await somebody.say("yes")
    await somebody.say("are you there?", None)
    (row,) = somebody.rows()
    assert (row.status, somebody.values["reference"]) == ("booked", row.reference)


async def test_an_old_yes_does_not_cancel(person, assistant):  # noqa: F811
    somebody = person()
    await booked(somebody)
    yes = '/answer{"slot": "confirm", "value": "book"}'
    await somebody.say("cancel my appointment", "reference")
    await somebody.say("{reference}", "document_number")
    await somebody.say("{document}", "confirm")
    turn = await assistant.conversation.turn(somebody.sender, yes, "web")
    assert turn.asks == "confirm"
    assert [row.status for row in somebody.rows()] == ["booked"]
    await somebody.say("tap 1", None)
    assert [row.status for row in somebody.rows()] == ["cancelled"]


@pytest.fixture
def closed(assistant, monkeypatch):
    """All centres but those for cars are taken out of the knowledge; appointments outlive them."""

    def close():
        content = assistant.knowledge.current
        centres = {k: one for k, one in content.centres.items() if one.permits == {"northbound"}}
        assert centres
        monkeypatch.setattr(assistant.knowledge, "current", replace(content, centres=centres))

    return close


async def test_an_appointment_at_a_centre_that_is_gone_is_seen_and_cancelled(owner, closed):
    closed()
    for words in ("view my appointment", "{reference}"):
        await owner.say(words)
    await owner.say("{document}", None)
    assert owner.values["reference"] in owner.text
    for words in ("cancel my appointment", "{reference}"):
        await owner.say(words)
    await owner.say("{document}", "confirm")
    await owner.say("yes", None)
    assert [row.status for row in owner.rows()] == ["cancelled"]


async def test_it_cannot_be_moved_there(owner, closed):
    closed()
    await owner.say("I want to reschedule my appointment")
    await owner.say("{reference}")
    await owner.say("{document}", None)
    assert "sorry" not in owner.text.lower()
    assert [(row.status, row.changes) for row in owner.rows()] == [("booked", 0)]


async def test_a_form_for_a_permit_that_is_taken_out_ends(talk, closed):
    person = talk()  # noqa: F811
    await person.say("book an appointment for a Home Return Permit", "application_type")
    closed()
    await person.say("renewal", None)
    assert "went wrong" not in person.text
    await person.say("hello", None)
    assert "went wrong" not in person.text


async def test_of_two_numbers_none_is_a_proof(owner):
    await owner.say("view my appointment", "reference")
    await owner.say("{reference}", "document_number")
    await owner.say("{document} and B123456(3)", "document_number")
    assert "more than one" in owner.text

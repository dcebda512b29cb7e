"""What is offered of a verified profile, what is taken, and when it goes again."""

from datetime import datetime, timezone

import pytest

from actions.appointments.draft import Draft
from actions.appointments.message import Message
from actions.appointments.prefill import Prefill
from actions.appointments.say import Say
from actions.identity.model import Profile

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=timezone.utc)
WHOLE = Profile("CHAN TAI MAN", "1988-03-12", "hkid", "Q000001(5)", "+85251739468")
FILLED = {
    "birth_date": "1988-03-12", "name": "CHAN TAI MAN", "document_number": "Q000001(5)",
    "phone": "+85251739468",
}  # fmt: skip


class Access:
    def __init__(self, profile=WHOLE, person="person-1"):
        self.profile, self.person, self.asked = profile, person, 0

    async def person_for(self, sender, task):
        assert task == "prefill"
        return self.person

    async def profile_of(self, sender):
        self.asked += 1
        return self.profile


@pytest.fixture
def settle(content):
    """One turn: what was said, and whether there is a question to wait for."""

    async def turn(access, draft):
        said = Say()
        waits = await Prefill(access, lambda: content, lambda: NOW).settle(
            draft, Message("web-a", "", "inform"), said
        )
        return said, waits

    return turn


def draft(permit="home_return_permit", side="hong_kong", **values):
    made = Draft("book")
    made.values.update(permit=permit, applicant_side=side, **values)
    return made


def kept(made):
    return {slot: made.values[slot] for slot in FILLED if slot in made.values}


async def test_it_is_asked_with_masked_values_and_nothing_is_kept(settle):
    booking = draft()
    said, waits = await settle(Access(), booking)
    assert waits and said.asks == "prefill" and said.data["asks"] == "confirm"
    assert [label.partition("label_")[2] for label, _ in said.details] == list(FILLED)
    assert not [value for value in FILLED.values() if value in str(said.data)]
    assert kept(booking) == {}


async def test_yes_fills_in_and_asks_no_more(settle):
    access, booking = Access(), draft(prefill="yes")
    said, waits = await settle(access, booking)
    assert not waits and kept(booking) == FILLED
    assert [name for name, _ in said.lines] == ["account.prefilled"]
    said, waits = await settle(access, booking)
    assert (waits, said.lines, access.asked) == (False, [], 1)


async def test_no_fills_nothing_in_and_is_not_asked_again(settle):
    access, booking = Access(), draft(prefill="no")
    said, waits = await settle(access, booking)
    assert (waits, said.lines, access.asked, kept(booking)) == (False, [], 0, {})


async def test_what_was_answered_stays_and_is_not_shown(settle):
    booking = draft(name="WONG SIU LING")
    said, _ = await settle(Access(), booking)
    assert "appointments.label_name" not in [label for label, _ in said.details]
    booking.values["prefill"] = "yes"
    await settle(Access(), booking)
    assert booking.values["name"] == "WONG SIU LING"
    assert booking.values["phone"] == FILLED["phone"]


@pytest.mark.parametrize(
    "profile, fits",
    [
        (Profile(), set()),
        (Profile(name="x"), set()),
        (Profile(name="CHAN TAI MAN"), {"name"}),
        (Profile(phone="+14155550132"), set()),
        (Profile(birthdate="2027-01-01"), set()),
        (Profile(document_type="hkid", document_number="Q000001(6)"), set()),
        (Profile(document_type="mainland_id", document_number="449999199005200004"), set()),
        (Profile(document_type="hkid", document_number="Q000001(5)"), {"document_number"}),
    ],
    ids=range(8),
)
async def test_what_the_rules_refuse_is_not_offered(settle, profile, fits):
    booking = draft()
    said, waits = await settle(Access(profile), booking)
    assert waits == bool(fits)
    assert {label.partition("label_")[2] for label, _ in said.details} == fits


async def test_without_a_session_the_broker_is_not_asked(settle):
    access, booking = Access(person=None), draft()
    said, waits = await settle(access, booking)
    assert (waits, said.lines, access.asked, "prefill" in booking.values) == (False, [], 0, False)


async def test_who_signs_in_later_is_asked_then(settle):
    booking = draft()
    await settle(Access(person=None), booking)
    _, waits = await settle(Access(), booking)
    assert waits


async def test_a_profile_that_is_gone_at_the_yes_is_said(settle):
    booking = draft(prefill="yes")
    said, waits = await settle(Access(profile=None), booking)
    assert not waits and [name for name, _ in said.lines] == ["account.prefill_unavailable"]
    said, waits = await settle(Access(), booking)  # and it is not tried at every turn
    assert not waits


@pytest.mark.parametrize("person", [None, "person-2"])
async def test_it_goes_with_the_session_and_with_another_person(settle, person):
    booking = draft(prefill="yes")
    await settle(Access(), booking)
    booking.values["confirm"] = "yes"
    said, waits = await settle(Access(person=person), booking)
    assert kept(booking) == {} and "confirm" not in booking.values
    assert said.lines[0][0] == "account.prefill_ended"
    assert waits == (person is not None)  # another person is asked for theirs


async def test_the_next_session_of_the_same_person_keeps_it(settle):
    booking = draft(prefill="yes")
    await settle(Access(), booking)
    said, _ = await settle(Access(), booking)
    assert kept(booking) == FILLED and said.lines == []


async def test_it_survives_the_store(settle):
    booking = draft(prefill="yes")
    await settle(Access(), booking)
    loaded = Draft.of(booking.as_dict())
    await settle(Access(person=None), loaded)
    assert kept(loaded) == {}

"""What whoever is signed in does with appointments: own ones without a reference, details filled in."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.identity.errors import BrokerUnavailable
from actions.identity.model import Profile
from knowledge.identity import Requirement
from tests.dialogue.talk import everything_written
from tests.dialogue.test_privacy import everything_in_redis
from tests.support.signed_in import (
    ACCESS,
    ID_TOKEN,
    PROFILE,
    REFRESH,
    come_back,
    link_of,
    sign_in,
    task_behind,
    tell_profile,
)

pytestmark = pytest.mark.model


async def booked(talk, words="book a home return permit appointment"):
    """Books without prefilling."""
    answers = (words, "renewal", "Hong Kong", "no", "1 June 1988", "Kwun Tong", "tap 1", "tap 1",
               "tap 1", "CHAN TAI MAN", "Q000001(5)", "5173 9468", "yes", "yes")  # fmt: skip
    for said in answers:
        if said == "no" and "verified" not in talk.text:
            continue
        if said == "tap 1" and talk.turn.asks not in ("centre", "date", "time"):
            continue
        await talk.say(said)
    assert talk.turn.asks is None and "reference" in talk.values, talk.text
    return talk.values["reference"]


async def test_my_appointments_without_a_reference(assistant, talk, monday):
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    reference = await booked(owner)
    assert [row.person for row in owner.rows()] == [
        (await assistant.sign_in.service.signed_in(owner.sender)).person
    ]
    elsewhere = talk()  # the same person in another chat
    await elsewhere.say("view my appointment", "reference")
    assert elsewhere.titles[-1] == "Sign in"
    await elsewhere.say("Sign in", None)
    assert await task_behind(assistant, elsewhere) == "view_appointment"
    await sign_in(assistant, monday, elsewhere.sender)
    await come_back(assistant, elsewhere)
    assert elsewhere.text.startswith("You are signed in until")
    await come_back(assistant, elsewhere, "view_appointment")
    assert reference in elsewhere.text and elsewhere.turn.asks is None
    await elsewhere.say("cancel my appointment", "confirm")
    await elsewhere.say("yes", None)
    assert [row.status for row in owner.rows()] == ["cancelled"]


async def test_several_are_chosen_by_number(assistant, talk, monday):
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    await booked(owner)
    await booked(owner, "book a hong kong passport appointment")
    await owner.say("cancel my appointment", "reference")
    assert len(owner.titles) == 2
    await owner.say("2", "confirm")
    await owner.say("yes", None)
    assert [row.status for row in owner.rows()] == ["booked", "cancelled"]


async def test_another_person_sees_nothing_of_it(assistant, talk, monday):
    owner, other = talk(), talk()
    await sign_in(assistant, monday, owner.sender)
    reference = await booked(owner)
    await sign_in(assistant, monday, other.sender, subject="subject-of-wong")
    await other.say("view my appointment", "reference")
    assert reference not in other.text and "There is no appointment under your login" in other.text


async def test_a_session_that_ends_in_the_middle_opens_nothing(assistant, talk, monday):
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    await booked(owner)
    await owner.say("cancel my appointment", "confirm")
    await assistant.sign_in.service.sign_out(owner.sender)
    await owner.say("yes", "document_number")
    assert [row.status for row in owner.rows()] == ["booked"]


async def test_one_that_is_too_old_is_proven_anew(assistant, talk, monday, monkeypatch):
    content = assistant.knowledge.current
    needs = {**content.requirements, "view_appointment": Requirement(2, 15)}
    monkeypatch.setattr(assistant.knowledge, "current", replace(content, requirements=needs))
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    reference = await booked(owner)
    await sign_in(assistant, monday, owner.sender, ago=timedelta(minutes=16))
    await owner.say("view my appointment", "reference")
    assert "please sign in again" in owner.text and reference not in owner.text
    await owner.say("Sign in", None)
    assert await task_behind(assistant, owner) == "view_appointment"
    assert "sure again" in owner.text
    await sign_in(assistant, monday, owner.sender)
    await come_back(assistant, owner, "view_appointment")
    assert reference in owner.text


async def test_typing_the_reference_still_works_beside_the_button(assistant, talk, monday):
    owner = talk()
    await booked(owner)
    assert [row.person for row in owner.rows()] == [None]
    await owner.say("view my appointment", "reference")
    await owner.say("Sign in", None)
    await owner.say("{reference}", "document_number")
    await owner.say("Q000001(5)", None)
    assert owner.values["reference"] in owner.text


@pytest.mark.parametrize(
    "words, question",
    [
        (("book a home return permit appointment", "renewal", "Hong Kong"), "verified details"),
        (("我想約換回鄉證", "續期", "香港"), "核實咗"),
        (("我要预约换发回乡证", "换发", "香港"), "经核实"),
    ],
)
async def test_verified_details_fill_a_booking_in(
    assistant, talk, monday, monkeypatch, words, question
):
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for said in words:
        await owner.say(said)
    assert owner.turn.asks == "confirm" and question in owner.text, owner.text
    for masked in ("1988-**-**", "C*** T** M**", "Q******(5)"):
        assert masked in owner.text
    assert not [s for s in ("CHAN", "000001", "51739468", "03-12") if s in owner.text]
    await owner.say("1", "centre")
    for asks in ("date", "time", "consent", "confirm"):
        await owner.say("1", asks)
    await owner.say("1", None)
    (row,) = owner.rows()
    assert (row.status, bool(row.person)) == ("booked", True)


@pytest.mark.parametrize("said", ["no", "No, it's for my son", "幫第二個人", "唔好", "不用"])
async def test_no_means_that_each_is_asked(assistant, talk, monday, monkeypatch, said):
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for words in ("book a home return permit appointment", "renewal", "Hong Kong"):
        await owner.say(words)
    await owner.say(said, "birth_date")
    await owner.say("1 June 1988", "centre")


@pytest.mark.parametrize("said", ["yes, use them", "好呀，用啦", "好的", "是我本人"])
async def test_yes_may_be_said_in_any_words(assistant, talk, monday, monkeypatch, said):
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for words in ("book a home return permit appointment", "renewal", "Hong Kong"):
        await owner.say(words)
    await owner.say(said, "centre")


@pytest.mark.parametrize(
    "profile", [None, Profile(document_type="eep", document_number="C12345678")]
)
async def test_without_anything_to_fill_in_nothing_is_asked(
    assistant, talk, monday, monkeypatch, profile
):
    tell_profile(monkeypatch, assistant, profile)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for said in ("book a home return permit appointment", "renewal"):
        await owner.say(said)
    await owner.say("Hong Kong", "birth_date")


async def test_a_broker_that_is_down_only_costs_the_filling_in(
    assistant, talk, monday, monkeypatch
):
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for said in ("book a home return permit appointment", "renewal", "Hong Kong"):
        await owner.say(said)

    async def down(_known):
        raise BrokerUnavailable("timeout", "down")

    monkeypatch.setattr(assistant.sign_in.broker, "userinfo", down)
    await owner.say("yes", "birth_date")
    assert "cannot get your verified details" in owner.text


async def test_details_leave_with_the_session_that_brought_them(
    assistant, talk, monday, monkeypatch
):
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for said in ("book a home return permit appointment", "renewal", "Hong Kong", "yes", "tap 1",
                 "tap 1", "tap 1", "yes"):  # fmt: skip
        await owner.say(said)
    assert owner.turn.asks == "confirm" and "C*** T** M**" in owner.text
    await assistant.sign_in.service.sign_out(owner.sender)
    await owner.say("yes", "birth_date")
    assert "removed the verified details" in owner.text
    assert owner.rows() == []


async def test_who_comes_after_gets_none_of_the_details_in_a_copy_of_the_data(
    assistant, talk, monday, monkeypatch
):
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    for said in ("book a home return permit appointment", "renewal", "Hong Kong", "yes"):
        await owner.say(said)
    [own] = await assistant.office.own.export_drafts(owner.sender)
    assert own["draft"]["draft"]["values"]["document_number"] == PROFILE.document_number
    await assistant.sign_in.service.sign_out(owner.sender)
    [left] = await assistant.office.own.export_drafts(owner.sender)
    assert left["draft"]["draft"]["values"]["permit"] == "home_return_permit"
    for detail in (PROFILE.name, PROFILE.document_number, PROFILE.phone, PROFILE.birthdate):
        assert detail not in json.dumps(left)


async def test_signing_in_in_the_middle_goes_on_where_it_stopped(assistant, talk, monday):
    owner = talk()
    for said in ("book a home return permit appointment", "renewal"):
        await owner.say(said)
    await owner.say("sign in", None)
    assert await task_behind(assistant, owner) == "book_appointment"
    await sign_in(assistant, monday, owner.sender)
    await come_back(assistant, owner, "book_appointment")
    assert owner.turn.asks == "applicant_side"


async def test_signing_out_in_the_middle_keeps_the_question(assistant, talk, monday, monkeypatch):
    async def there(*_known, **_options):
        return "https://broker.test/logout"

    monkeypatch.setattr(assistant.sign_in.broker, "end_session_url", there)
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    await owner.say("book a home return permit appointment", "application_type")
    await owner.say("sign out", "application_type")
    assert owner.turn.replies[0]["link"]["url"] == "https://broker.test/logout"
    await owner.say("renewal", "applicant_side")


async def test_nothing_secret_of_a_session_is_kept_in_plain(
    assistant, talk, monday, monkeypatch, caplog
):
    """All of Redis, the tables and the logs after a signed-in booking."""
    caplog.set_level(logging.DEBUG)
    tell_profile(monkeypatch, assistant, PROFILE)
    owner = talk()
    await owner.say_on_the_page("where is my application")
    token = link_of(owner).partition("?t=")[2]
    assert len(token) >= 43
    await sign_in(assistant, monday, owner.sender)
    for said in ("book a home return permit appointment", "renewal", "Hong Kong", "yes", "tap 1",
                 "tap 1", "tap 1", "yes", "yes", "where is my application"):  # fmt: skip
        await owner.say_on_the_page(said)
    assert [row.status for row in owner.rows()] == ["booked"]
    person = (await assistant.sign_in.service.signed_in(owner.sender)).person
    redis = await everything_in_redis(assistant.redis)
    places = {
        "redis": redis,
        "tables": everything_written(assistant.database),
        "logs": "\n".join(r.getMessage() + str(r.__dict__) for r in caplog.records
                          if r.name.partition(".")[0] in ("actions", "bot", "channels", "core")),
    }  # fmt: skip
    secrets = {token, ACCESS, ID_TOKEN, REFRESH, "subject-of-chan", "sid-1", "CHAN TAI MAN",
               "Chan Tai Man", "Q000001", "51739468", "1988-03-12"}  # fmt: skip
    assert not [(n, s) for n, written in places.items() for s in secrets if s in written]
    assert person in places["tables"] and "identity:session" in redis
    kept = await assistant.conversation._agent.tracker_store.retrieve(owner.sender)
    seen = json.dumps(kept.current_slot_values())
    assert person not in seen

"""What people are told about signing in and out, and about their applications."""

import json
from datetime import date, timedelta

import pytest

from actions.appointments.say import Say
from actions.identity.access import Access
from actions.identity.accounts import Accounts, Asking
from actions.identity.model import Level, Need
from actions.identity.status import Application, StatusUnavailable
from knowledge.compose import compose
from knowledge.model import VARIANTS
from tests.support.identity import ACCESS, CODE, ID_TOKEN, Identity

READY = Application("permit:eep", "EEP-2026-118402", "ready", date(2026, 11, 20))
UNKNOWN = Application("service:new-one", "N-1234567", "refused", date(2026, 1, 2))


class Departments:
    demo = False

    def __init__(self):
        self.found = [READY]
        self.asked = []

    async def of(self, token):
        self.asked.append(token)
        if self.found is None:
            raise StatusUnavailable("down")
        return self.found


class World:
    def __init__(self, redis, content):
        self.identity = Identity(redis)
        self.content = content
        self.departments = Departments()
        self.need = Need(Level.LOGIN)
        access = Access(self.identity.service, lambda _task: self.need, self.identity.clock)
        self.accounts = Accounts(
            self.identity.service, access, self.departments, self.account_of, ["wechat"],
            lambda: content,
        )  # fmt: skip

    async def account_of(self, sender):
        return "wx1" if sender.startswith("wechat") else ""

    def words(self, said: Say, variant="en"):
        return compose(self.content, "dialogue", said.data, variant)


@pytest.fixture
def world(redis, content):
    return World(redis, content)


@pytest.fixture
async def signed_in(world):
    made = await world.identity.links.hand_off("web-a", "web", "", "view_appointment", "en")
    departure = await world.identity.links.consume(made.url.partition("?t=")[2], "web-a")
    query = {"code": CODE, "state": world.identity.broker.asked[-1]["state"]}
    await world.identity.service.callback(query, departure.cookie)
    return world


def asking(sender="web-a", channel="web", task="sign_in"):
    return Asking(sender, channel, "yue-Hant", task)


async def test_a_link_for_this_chat_and_its_task(world):
    said = await world.accounts.sign_in(asking(task="view_appointment"))
    url = world.words(said).link.url
    hand_off = await world.identity.links.page(url.partition("?t=")[2])
    assert (hand_off.sender, hand_off.channel, hand_off.account) == ("web-a", "web", "")
    assert (hand_off.task, hand_off.reader) == ("view_appointment", "yue-Hant")
    assert hand_off.match not in world.words(said).lead  # it is of no use to a browser's own chat


async def test_where_another_device_may_be_used_the_number_stands_beside_the_link(world):
    said = await world.accounts.sign_in(asking("wechat-a", "wechat"))
    hand_off = await world.identity.links.page(world.words(said).link.url.partition("?t=")[2])
    assert hand_off.account == "wx1"
    assert f"choose {hand_off.match}" in world.words(said).lead


async def test_who_has_no_account_is_told_where_to_get_one(world):
    said = world.words(await world.accounts.sign_in(asking()))
    entries = [json.loads(b.payload.removeprefix("/choose"))["entry"] for b in said.buttons]
    assert {"service:hk-dpo-iamsmart", "faq:ia05"} <= set(entries)
    assert all(entry in world.content.entries for entry in entries)


async def test_who_is_signed_in_is_told_until_when_and_can_sign_out(signed_in):
    ends = (await signed_in.identity.service.signed_in("web-a")).expires_at
    said = await signed_in.accounts.sign_in(asking())
    assert said.link is None
    reply = signed_in.words(said)
    assert reply.lead.startswith("You are signed in until")
    assert [b.payload for b in reply.buttons] == ["/sign_out"]
    signed_in.identity.clock.set(ends)
    assert signed_in.words(await signed_in.accounts.sign_in(asking())).link


@pytest.mark.parametrize("task", ["sign_in", "check_application_status"])
async def test_a_session_that_is_not_enough_is_to_be_proven_anew(signed_in, task):
    signed_in.need = Need(Level.REAUTHENTICATED)
    tell = {"sign_in": signed_in.accounts.sign_in}.get(task, signed_in.accounts.application_status)
    reply = signed_in.words(await tell(asking(task=task)))
    assert reply.lead.startswith("For this I have to be sure again")
    assert reply.link and signed_in.departments.asked == []


async def test_signing_out_ends_the_session_and_names_the_other_one(signed_in):
    reply = signed_in.words(await signed_in.accounts.sign_out("web-a"))
    assert reply.lead.startswith("You are signed out")
    assert reply.link.url.startswith("http://broker.test/logout")
    assert ID_TOKEN not in reply.link.url
    assert await signed_in.identity.service.signed_in("web-a") is None
    reply = signed_in.words(await signed_in.accounts.sign_out("web-a"))
    assert (reply.lead, reply.link) == ("You are not signed in here.", None)


async def test_without_a_broker_to_tell_signing_out_works_here(signed_in):
    from actions.identity.errors import BrokerUnavailable

    signed_in.identity.broker.down = BrokerUnavailable("timeout", "down")
    reply = signed_in.words(await signed_in.accounts.sign_out("web-a"))
    assert (reply.lead, reply.link) == ("You are signed out of this chat.", None)


async def test_applications_need_to_know_who_asks(world):
    said = await world.accounts.application_status(asking(task="check_application_status"))
    reply = world.words(said)
    assert reply.lead.startswith("To look up your applications, please confirm who you are:")
    assert [json.loads(b.payload[7:])["entry"] for b in reply.buttons][1:] == [
        "hotline:immd", "hotline:12367",
    ]  # fmt: skip
    hand_off = await world.identity.links.page(reply.link.url.partition("?t=")[2])
    assert hand_off.task == "check_application_status"
    assert world.departments.asked == []


async def test_applications_are_listed_with_masked_references(signed_in):
    signed_in.departments.found = [READY, UNKNOWN]
    said = await signed_in.accounts.application_status(asking())
    assert "118402" not in json.dumps(said.data)
    (first,), (second,) = (detail.items for detail in signed_in.words(said).details)
    assert "ready to collect" in first and "20 Nov 2026" in first and "E" in first
    assert second.startswith("Other application (N") and "not approved" in second
    assert signed_in.departments.asked == [ACCESS]


async def test_at_most_eight_are_listed(signed_in):
    signed_in.departments.found = [READY] * 20
    said = await signed_in.accounts.application_status(asking())
    assert len(said.details) == 8
    assert "Your applications: 20." in signed_in.words(said).lead


async def test_none_is_said(signed_in):
    signed_in.departments.found = []
    said = await signed_in.accounts.application_status(asking())
    assert signed_in.words(said).lead.startswith("I find no application of yours.")


async def test_a_department_that_does_not_answer(signed_in):
    signed_in.departments.found = None
    reply = signed_in.words(await signed_in.accounts.application_status(asking()))
    assert "at the moment" in reply.lead
    assert [b.payload for b in reply.buttons] == ["/talk_to_human"]


async def test_a_stand_in_is_labelled(signed_in):
    signed_in.departments.demo = True
    said = await signed_in.accounts.application_status(asking())
    assert signed_in.words(said).lead.startswith("DEMO")


async def elsewhere(world):
    """A login in another browser that waits for the chat's word. Returns its number."""
    made = await world.identity.links.hand_off(
        "wechat-a", "wechat", "wx1", "check_application_status", "en"
    )
    token = made.url.partition("?t=")[2]
    departure = await world.identity.links.consume_elsewhere(token, made.number)
    query = {"code": CODE, "state": world.identity.broker.asked[-1]["state"]}
    return await world.identity.service.callback(query, departure.cookie)


async def test_the_right_code_signs_in_and_the_task_goes_on(world):
    waiting = await elsewhere(world)
    asked = world.accounts.waiting()
    assert waiting.code not in json.dumps(asked.data)
    assert [b.payload for b in world.words(asked).buttons] == ["/sign_in_refused"]
    said, task = await world.accounts.confirm("wechat-a", f"it is {waiting.code}")
    assert task == "check_application_status"
    assert world.words(said).lead.startswith("You are signed in until")


async def test_a_wrong_code_signs_nobody_in_and_there_is_one_try(world):
    waiting = await elsewhere(world)
    wrong = "1000" if waiting.code != "1000" else "1001"
    said, task = await world.accounts.confirm("wechat-a", wrong)
    assert task is None and "not the code" in world.words(said).lead
    assert [b.payload for b in world.words(said).buttons] == ["/sign_in"]
    said, _ = await world.accounts.confirm("wechat-a", waiting.code)
    assert "no longer works" in world.words(said).lead
    assert await world.identity.service.signed_in("wechat-a") is None


async def test_a_refused_login_ends(world):
    waiting = await elsewhere(world)
    assert "nobody has been signed in" in world.words(await world.accounts.refuse("wechat-a")).lead
    await world.accounts.confirm("wechat-a", waiting.code)
    assert await world.identity.service.signed_in("wechat-a") is None


def test_every_status_and_level_has_its_words_in_every_language(content):
    from typing import get_args

    from actions.identity.status import Status

    names = [
        f"account.{kind}_{status}" for kind in ("status", "next") for status in get_args(Status)
    ]
    names += [f"account.level_{level}" for level in (2, 3, 4)]
    for name in names:
        assert all(content.phrases[name].get(variant) for variant in VARIANTS), name


def test_nothing_calls_the_login_an_identity_card(content):
    """The bureau has made clear that unified identity authentication is no unified identity card."""
    for name, text in content.phrases.items():
        if name.startswith(("account.", "identity.")):
            said = " ".join(text.get(variant) for variant in VARIANTS).lower()
            assert not any(
                word in said for word in ("統一身份證", "统一身份证", "identity card")
            ), name


async def test_a_session_that_has_ended_meanwhile_is_told(world):
    assert (
        world.words(await world.accounts.signed_in("web-a")).lead == "You are not signed in here."
    )


async def test_the_moment_of_the_end_is_hong_kong_s(signed_in):
    session = await signed_in.identity.service.signed_in("web-a")
    local = session.expires_at + timedelta(hours=8)
    lead = signed_in.words(await signed_in.accounts.signed_in("web-a"), "zh_hans").lead
    assert f"{int(local.strftime('%I'))}:{local:%M}" in lead

"""Messages that nobody asked for: once, by the way that is open, or not at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.appointments.reminder_store import Reminder
from actions.appointments.reminders import worded
from channels.common.choices import Choices, digest
from channels.common.courier import Courier
from channels.common.envelope import Incoming
from channels.common.outbox import Outbox
from channels.common.people import People
from channels.common.quota import Quota
from channels.wechat.delivery import WeChatDelivery
from channels.wechat.http import NotSent
from channels.wechat.limits import RULES
from channels.wechat.sender import WeChatSender
from core.clock import system_clock
from knowledge.reply import Button, Reply
from tests.support.reminding import KNOWLEDGE, STARTS
from tests.support.wechat_api import APP_ID, OPENID, VAULT

SENDER = "wechat-" + "b" * 40
TEMPLATE = "T;thing1=permit;time2=moment;thing3=centre;character_string4=reference"
REMINDER = Reminder(
    id="r-1", reference="K4M-T7P-R2W", kind="day", permit="hkid", centre="wan_chai",
    starts_at=STARTS, sender=SENDER, channel="wechat", reader="yue-Hant",
    due_at=STARTS - timedelta(days=1), expires_at=STARTS,
)  # fmt: skip


class Setting:
    """A person, an outbox and a courier around the delivery."""

    def __init__(self, api, client, redis, engine, content):
        self.api, self.redis = api, redis
        self.account = replace(api.account, reminder_template=TEMPLATE)
        self.people = People(engine, VAULT, system_clock)
        self.outbox = Outbox(redis, VAULT)
        self.choices = Choices(redis)
        self.quotas = {kind: Quota(redis, rules) for kind, rules in RULES.items()}
        self.quota, self.content = self.quotas["service_account"], content
        sender = WeChatSender([self.account], client, self.quotas, self.people)
        self.courier = Courier(self.outbox, {"wechat": sender})
        self.delivery = self.make_delivery([self.account])
        api.world.templates["T"] = ("thing1", "time2", "thing3", "character_string4")

    def make_delivery(self, accounts):
        return WeChatDelivery(
            accounts, self.people, self.outbox, self.quotas, self.choices, lambda: self.content
        )

    async def wrote(self, event="message"):
        at = system_clock()
        incoming = Incoming("wechat", APP_ID, SENDER, OPENID, "m", "", None, event, at)
        await self.people.see(incoming)
        await self.quota.grant(SENDER, event, at)

    async def agreed(self):
        await self.people.accept(SENDER, "T")
        self.api.world.accept(OPENID, "T")

    async def deliver(self, reply=None, key="r-1"):
        said, variant = worded(KNOWLEDGE, REMINDER)
        return await self.delivery.deliver(SENDER, reply or said, variant, key)

    async def sent(self):
        """What reached the person by now."""
        await self.courier.look()
        while self.courier._lines:
            await asyncio.sleep(0.01)
        return self.api.world.sent


@pytest.fixture
def setting(api, client, redis, engine, content):
    return Setting(api, client, redis, engine, content)


async def test_a_reminder_fills_in_the_template(setting):
    await setting.wrote()
    await setting.agreed()
    assert await setting.deliver()
    (notice,) = await setting.sent()
    assert notice.kind == "subscribe"
    assert {name: field["value"] for name, field in notice.body["data"].items()} == {
        "thing1": "YUE HKID", "time2": "2026年11月30日 09:30", "thing3": "YUE Wan Chai 灣仔",
        "character_string4": "K4M-T7P-R2W",
    }  # fmt: skip
    assert not await setting.people.has_accepted(SENDER, "T")
    assert await setting.quota.left(SENDER) == 5


async def test_it_reaches_people_long_after_they_wrote(setting):
    await setting.wrote("other")
    await setting.agreed()
    setting.api.world.left(OPENID)
    assert await setting.deliver()
    assert [sent.kind for sent in await setting.sent()] == ["subscribe"]


async def test_without_an_agreement_it_is_a_message_while_one_may_write(setting):
    await setting.wrote()
    assert await setting.deliver()
    (message,) = await setting.sent()
    assert message.kind == "text"
    assert "K4M-T7P-R2W" in message.body["content"]
    assert await setting.quota.left(SENDER) == 4


async def test_without_either_the_person_is_not_reached(setting):
    await setting.wrote("other")
    assert not await setting.deliver()
    assert not await setting.sent()
    await setting.wrote()  # a later try finds the person writing
    assert await setting.deliver()


async def test_a_stranger_and_one_who_left_are_not_reached(setting):
    assert not await setting.deliver()
    await setting.wrote()
    await setting.agreed()
    await setting.people.leave(SENDER)
    assert not await setting.deliver()
    assert not await setting.sent()


async def test_an_account_that_is_not_ours_any_more(setting):
    await setting.wrote()
    setting.delivery = setting.make_delivery([])
    assert not await setting.deliver()


async def test_where_no_simulator_runs_it_is_tried_later(setting):
    await setting.wrote()
    bases = [None, setting.api.url]
    ours = replace(setting.account, api_base=None, stand_in=lambda: bases[0])
    setting.delivery = setting.make_delivery([ours])
    with pytest.raises(NotSent):
        await setting.deliver()
    del bases[0]
    assert await setting.deliver()
    assert len(await setting.sent()) == 1


@pytest.mark.parametrize("way", ["notice", "message"])
async def test_a_repeat_does_nothing_and_says_that_it_was_done(setting, way):
    await setting.wrote()
    if way == "notice":
        await setting.agreed()
    assert [await setting.deliver() for _ in range(3)] == [True] * 3
    assert len(await setting.sent()) == 1
    setting.api.world.left(OPENID)
    while await setting.quota.spend(SENDER):
        pass
    assert await setting.deliver()  # nothing is open any more, and it was delivered all the same
    assert len(await setting.sent()) == 1
    assert not await setting.deliver(key="r-2")


async def test_many_at_once_deliver_one(setting):
    await setting.wrote()
    assert await asyncio.gather(*(setting.deliver() for _ in range(10))) == [True] * 10
    assert len(await setting.sent()) == 1


async def test_choices_can_be_tapped_and_typed(setting):
    await setting.wrote()
    offer = Reply("A seat is free.", buttons=(Button("Take it", "/take"), Button("No", "/no")))
    await setting.choices.remember(SENDER, [], asks="document_number")
    assert await setting.deliver(offer)
    (menu,) = await setting.sent()
    assert [item["id"] for item in menu.body["list"]] == [digest("/take"), digest("/no")]
    offered = await setting.choices.offered(SENDER)
    assert offered.payload_for("Take it") == "/take"
    assert offered.asks == "document_number"  # the open question still is


async def test_what_has_no_facts_is_no_reminder(setting):
    await setting.wrote()
    await setting.agreed()
    assert await setting.deliver(Reply("A seat is free."))
    assert [sent.kind for sent in await setting.sent()] == ["text"]


async def test_facts_that_the_template_refuses_go_as_a_message(setting):
    await setting.wrote()
    await setting.agreed()
    said, _ = worded(KNOWLEDGE, REMINDER)
    assert await setting.deliver(replace(said, facts={**said.facts, "reference": "編號一"}))
    assert [sent.kind for sent in await setting.sent()] == ["text"]
    assert await setting.people.has_accepted(SENDER, "T")


async def test_who_opted_out_is_not_asked_again(setting):
    await setting.wrote()
    await setting.agreed()
    setting.api.world.people[OPENID].accepted.clear()
    assert await setting.deliver()
    assert not await setting.sent()
    assert await setting.deliver(key="r-2")
    assert [sent.kind for sent in await setting.sent()] == ["text"]


async def test_a_long_message_waits_in_part_until_the_person_writes(setting):
    await setting.wrote("scan")
    await setting.quota.spend(SENDER)
    await setting.quota.spend(SENDER)
    long = "".join(f"這是第{n}句說明。" for n in range(200))
    assert await setting.deliver(Reply(long))
    (first,) = await setting.sent()
    assert first.body["content"].startswith("這是第0句說明。")
    assert await setting.redis.zcard("outbox:parked") == 1
    setting.api.world.heard(OPENID)
    await setting.wrote()
    await setting.outbox.wake(SENDER)
    said = "".join(sent.body["content"] for sent in await setting.sent())
    more = setting.content.phrases["reply.more_follows"].yue
    assert said.replace(f"\n\n{more}", "") == long

"""Who wrote and what that allows; a turn's answer as a passive reply and as messages."""

from dataclasses import replace

import pytest

from channels.common.envelope import Incoming
from channels.common.outbox import Outbox
from channels.common.people import People
from channels.common.quota import Quota
from channels.common.turn import Turn
from channels.wechat.account import Account
from channels.wechat.exchange import PASSIVE_S, Door, Exchange
from channels.wechat.limits import RULES
from channels.wechat.mini_program import MiniProgram
from core.clock import system_clock
from core.reader import DEFAULT
from knowledge.answers import words
from knowledge.reply import Button, Link, Reply
from tests.support.wechat_api import APP_ID, OPENID, VAULT

SENDER = "wechat-" + "c" * 40
MINI = "wx-mini"
SITE = "https://a.example"


def turn(*replies, asks=None):
    return Turn(DEFAULT, "enquire", [], asks, [reply.as_dict() for reply in replies])


class Setting:
    """The exchange of a service account and of a mini program."""

    def __init__(self, api, client, redis, engine, content):
        self.api, self.redis, self.content = api, redis, content
        self.outbox = Outbox(redis, VAULT)
        self.people = People(engine, VAULT, system_clock, [self.outbox])
        self.quotas = {kind: Quota(redis, rules) for kind, rules in RULES.items()}
        self.accounts = [
            api.account,
            replace(
                api.account, app_id=MINI, kind="miniprogram",
                mini_program=MiniProgram(MINI, "thumb", {f"{SITE}/identity/start": "pages/start"}),
            ),
        ]  # fmt: skip
        self.exchange = Exchange(
            self.accounts, self.quotas, self.people, self.outbox, client, lambda: content
        )

    def incoming(self, event="message", account=APP_ID, **more):
        at = system_clock()
        given = ("wechat", account, SENDER, OPENID, "message-1", "你好", None, event, at)
        return replace(Incoming(*given), **more)

    async def left(self, kind="service_account"):
        return await self.quotas[kind].left(SENDER)


@pytest.fixture
def setting(api, client, redis, engine, content):
    return Setting(api, client, redis, engine, content)


@pytest.mark.parametrize(
    "event, account, kind, allowed",
    [
        ("message", APP_ID, "service_account", 5),
        ("menu", APP_ID, "service_account", 3),
        ("follow", APP_ID, "service_account", 3),
        ("scan", APP_ID, "service_account", 3),
        ("enter", APP_ID, "service_account", 0),
        ("other", APP_ID, "service_account", 0),
        ("message", MINI, "miniprogram", 5),
        ("enter", MINI, "miniprogram", 2),
        ("follow", MINI, "miniprogram", 0),
    ],
)
async def test_what_somebody_does_allows_so_many_messages(setting, event, account, kind, allowed):
    await setting.exchange.heard(setting.incoming(event, account))
    assert await setting.left(kind) == allowed
    assert (await setting.people.address_of(SENDER)).address == OPENID


async def test_who_leaves_is_not_reached_any_more(setting):
    await setting.exchange.heard(setting.incoming())
    answers = await setting.exchange.answers(setting.incoming(), turn(Reply("好")))
    await setting.outbox.put(*answers.outgoing)
    await setting.exchange.heard(setting.incoming("leave"))
    assert await setting.people.address_of(SENDER) is None
    assert await setting.redis.get("outbox:size") == "0"
    await setting.exchange.say(SENDER, turn(Reply("好")), "later")
    assert await setting.redis.get("outbox:size") == "0"


async def test_decisions_about_reminders_are_kept(setting):
    agreed = setting.incoming("other", subscriptions={"T": "accept", "U": "reject", "V": "ban"})
    await setting.exchange.heard(agreed)
    assert await setting.people.has_accepted(SENDER, "T")
    for template in ("U", "V"):
        assert await setting.people.has_refused(SENDER, template)
    await setting.exchange.heard(setting.incoming("other", subscriptions={"T": "reject"}))
    assert not await setting.people.has_accepted(SENDER, "T")


async def test_writing_wakes_what_was_parked(setting):
    message = setting.incoming()
    await setting.exchange.heard(message)
    await setting.outbox.put(*(await setting.exchange.answers(message, turn(Reply("好")))).outgoing)
    (ticket,) = await setting.outbox.take_over(1)
    await setting.outbox.park(ticket, await setting.outbox.next(ticket))
    assert await setting.outbox.take_over(1) == []
    await setting.exchange.heard(message)
    assert [one.box for one in await setting.outbox.take_over(1)] == [SENDER]


async def test_an_answer_has_both_forms_and_only_one_at_a_mini_program(setting):
    reply = Reply("邊間？", buttons=(Button("旺角", "/a"), Button("沙田", "/b")))
    for account, passive in ((APP_ID, "邊間？\n\n1. 旺角\n2. 沙田"), (MINI, None)):
        message = setting.incoming(account=account)
        await setting.exchange.heard(message)
        answers = await setting.exchange.answers(message, turn(reply))
        assert answers.passive == passive
        (one,) = answers.outgoing
        assert (one.account, one.sender, one.address) == (account, SENDER, OPENID)
        assert (one.kind, one.key) == ("menu" if passive else "text", "message-1/0")
        assert not one.critical and one.waits


async def test_a_link_is_critical_and_a_card_where_there_is_a_page(setting):
    for account, path, kinds in (
        (APP_ID, "/identity/start?t=1", ["text"]),
        (MINI, "/identity/start?t=1", ["text", "card"]),
        (MINI, "/appointments/1/qr.svg", ["text", "link"]),
    ):
        message = setting.incoming(account=account)
        await setting.exchange.heard(message)
        said = turn(Reply("完成", link=Link("睇", SITE + path)))
        answers = await setting.exchange.answers(message, said)
        assert [one.kind for one in answers.outgoing] == kinds
        assert all(one.critical for one in answers.outgoing)
        assert [one.key for one in answers.outgoing] == [
            f"message-1/{place}" for place in range(len(kinds))
        ]


async def test_what_the_quota_does_not_allow_is_announced_and_comes_after_it(setting):
    message = setting.incoming("enter", MINI)
    await setting.exchange.heard(message)
    long = "".join(f"這是第{n}句說明。" for n in range(400))
    answers = await setting.exchange.answers(message, turn(Reply(long)))
    texts = [one.body["content"] for one in answers.outgoing]
    more = words(setting.content, "reply.more_follows", DEFAULT.variant)
    assert len(texts) > 2 and more in texts[1]
    assert "".join(texts).replace(f"\n\n{more}", "") == long
    assert len({one.key for one in answers.outgoing}) == len(texts)


async def test_what_is_said_later_goes_once_to_whoever_is_there(setting):
    await setting.exchange.say(SENDER, turn(Reply("歡迎返嚟")), "signed-in")
    assert await setting.redis.get("outbox:size") is None  # a stranger
    await setting.exchange.heard(setting.incoming())
    for _ in range(2):
        await setting.exchange.say(SENDER, turn(Reply("歡迎返嚟")), "signed-in")
    (ticket,) = await setting.outbox.take_over(1)
    item = await setting.outbox.next(ticket)
    assert item.outgoing.body == {"content": "歡迎返嚟"} and item.outgoing.address == OPENID
    assert await setting.outbox.sent(ticket, item) is False


async def test_typing_is_shown_at_the_account_that_was_written_to(setting):
    await setting.exchange.typing(setting.incoming())
    assert setting.api.calls == {
        "/cgi-bin/stable_token": 1,
        "/cgi-bin/message/custom/typing": 1,
    }


async def test_the_door_waits_where_an_answer_can_be_given():
    class Turns:
        async def take(self, incoming, wait_s):
            return wait_s

    one = Account("wx", "s", ("t",), ())
    door = Door(Turns())
    assert await door.take(one, None) == PASSIVE_S < 5
    assert await door.take(replace(one, kind="miniprogram"), None) == 0

"""The platform and its people: what they do opens what may be sent; and its faults on demand."""

import aiohttp
import pytest
import pytest_asyncio

from channels.wechat.simulator import messages
from tests.support.fake_department import answers
from tests.support.fake_wechat import FakeWeChat
from tests.support.wechat import ACCOUNT, OPENID, account, webhook


@pytest_asyncio.fixture
async def hook(redis):
    async with webhook(redis) as running:
        yield running


@pytest_asyncio.fixture
async def wechat(hook):
    async with FakeWeChat(ACCOUNT, hook.url) as running:
        yield running


@pytest.mark.parametrize(
    "kind, fields, left",
    [
        ("service_account", messages.text("hi"), 5), ("service_account", messages.image(), 5),
        ("service_account", messages.event("CLICK", "a"), 3),
        ("service_account", messages.event("subscribe"), 3),
        ("service_account", messages.event("SCAN"), 3),
        ("service_account", messages.event("VIEW"), 0),
        ("miniprogram", messages.enter(), 2), ("miniprogram", messages.text("hi"), 5),
    ],
)  # fmt: skip
async def test_what_people_do_opens_what_may_be_sent(redis, kind, fields, left):
    ours = account(kind=kind)
    async with webhook(redis, [ours]) as hook, FakeWeChat(ours, hook.url) as wechat:
        assert (await wechat.does(OPENID, fields)).status == 200
        wechat.world.heard("oOther", "message")
        sent = 0
        while OPENID in wechat.world.people and not wechat.world.may_send(OPENID):
            wechat.world.send(OPENID, "text", {"content": "x"})
            sent += 1
    assert sent == left
    assert len(hook.door.taken) == 1


async def test_who_leaves_gets_nothing_more(wechat):
    await wechat.does(OPENID, messages.text("hi"))
    await wechat.does(OPENID, messages.event("unsubscribe"))
    assert wechat.world.may_send(OPENID) == 45015


async def test_its_api_answers_and_fails_on_demand(wechat):
    path, asked = "/cgi-bin/stable_token", {
        "grant_type": "client_credential", "appid": ACCOUNT.app_id, "secret": ACCOUNT.secret,
    }  # fmt: skip
    wechat.faults[path] = [answers(503), answers(200, b'{"errcode": -1}')]
    seen = []
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(wechat.base + path, json=asked) as answer:
                seen.append((answer.status, await answer.text()))
    assert seen[0][0] == 503 and "-1" in seen[1][1] and "access_token" in seen[2][1]
    assert wechat.calls == {path: 3}


async def test_pushes_are_lost_on_demand_and_told_again(wechat, hook):
    wechat.lost[:] = ["before", "after"]
    answer = await wechat.does(OPENID, messages.text("hi"))
    assert (answer.status, answer.tries) == (200, 3)
    assert len(wechat.pushed) == 3 and len(set(push.body for push in wechat.pushed)) == 1
    first, second = hook.door.taken
    assert first.key == second.key

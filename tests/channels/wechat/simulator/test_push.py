"""What the played platform sends, how often, and which answers it would not take."""

import asyncio
import json
import time
from xml.etree import ElementTree

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from channels.wechat.passive import passive_reply
from channels.wechat.simulator import messages
from channels.wechat.simulator.push import OURS, BadReply, Platform
from channels.wechat.simulator.sealing import decrypt, encrypt, signature
from core.clock import system_clock
from tests.support.wechat import ACCOUNT, KEY, OPENID, OTHER_KEY, account

HELLO = messages.text("羅湖 ]]> <b>")


class Server:
    """A webhook that answers what a test says."""

    def __init__(self):
        self.requests, self.answers = [], []

    async def handle(self, request):
        self.requests.append((dict(request.query), await request.read()))
        answer = self.answers.pop(0) if self.answers else b"success"
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = b"success"
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.Response(body=answer)


@pytest_asyncio.fixture
async def server():
    app, running = web.Application(), Server()
    app.router.add_route("*", "/", running.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    running.url = "http://%s:%s/" % runner.addresses[0]
    yield running
    await runner.cleanup()


def reply(content="ok", to=OPENID, ours=OURS, form="xml"):
    return passive_reply(form, to, ours, content, system_clock())


def sealed(message, key=KEY, app=ACCOUNT.app_id, token="123456"):
    what = encrypt(key, app, message)
    return json.dumps({"Encrypt": what, "TimeStamp": 1, "Nonce": "2",
                       "MsgSignature": signature(token, "1", "2", what)}).encode()  # fmt: skip


async def test_a_push_in_safe_mode(server):
    await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)
    ((query, body),) = server.requests
    outside = {one.tag: one.text for one in ElementTree.fromstring(body)}
    assert set(outside) == {"ToUserName", "Encrypt"}
    inside = ElementTree.fromstring(decrypt(KEY, ACCOUNT.app_id, outside["Encrypt"]))
    fields = {one.tag: one.text for one in inside}
    assert fields["Content"] == HELLO["Content"] and fields["FromUserName"] == OPENID
    assert fields["MsgId"].isdigit() and fields["CreateTime"].isdigit()
    parts = ("123456", query["timestamp"], query["nonce"])
    assert query["signature"] == signature(*parts)
    assert query["msg_signature"] == signature(*parts, outside["Encrypt"])
    assert query["encrypt_type"] == "aes" and query["openid"] == OPENID


async def test_pushes_in_the_other_modes(server):
    for mode in ("plain", "compat"):
        await Platform(account(mode=mode, format="json"), server.url).deliver(OPENID, HELLO)
    (plain_query, plain), (_, compat) = server.requests
    assert "msg_signature" not in plain_query and "encrypt_type" not in plain_query
    assert json.loads(plain)["Content"] == json.loads(compat)["Content"] == HELLO["Content"]
    assert isinstance(json.loads(plain)["MsgId"], int)
    assert "Encrypt" in json.loads(compat) and "Encrypt" not in json.loads(plain)


async def test_events_have_no_message_id(server):
    await Platform(account(mode="plain", format="json"), server.url).deliver(
        OPENID, messages.enter()
    )
    assert "MsgId" not in json.loads(server.requests[0][1])


async def test_it_tries_three_times_with_the_same_message(server):
    server.answers = [500, 503]
    answer = await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)
    assert (answer.status, answer.tries, len(server.requests)) == (200, 3, 3)
    assert server.requests[0] == server.requests[1] == server.requests[2]
    server.answers = [500, 500, 500, 500]
    answer = await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)
    assert (answer.status, answer.tries, len(server.requests)) == (500, 3, 6)


async def test_it_waits_so_long_and_tries_again(server, monkeypatch):
    monkeypatch.setattr("channels.wechat.simulator.push.TIMEOUT_S", 0.2)
    server.answers = [0.6]
    started = time.monotonic()
    answer = await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)
    assert answer.tries == 2
    assert 0.2 <= time.monotonic() - started < 0.6


async def test_nobody_there_is_told_in_the_end():
    with pytest.raises(aiohttp.ClientConnectionError):
        await Platform(ACCOUNT, "http://127.0.0.1:1/").deliver(OPENID, HELLO)


@pytest.mark.parametrize("body", [b"", b"success"])
async def test_an_empty_answer_is_one(server, body):
    server.answers = [body]
    assert (await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)).message == {}


async def test_a_reply_is_opened(server):
    server.answers = [sealed(reply("收到"))]
    answer = await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)
    assert answer.message["Content"] == "收到"


@pytest.mark.parametrize(
    "body",
    [
        b"ok", b"SUCCESS", b"{}", b"<xml>", reply(), sealed(reply(), key=OTHER_KEY),
        sealed(reply(), app="wx0000000000000000"), sealed(reply(), token="another"),
        sealed(reply(to="oAnother")), sealed(reply(ours="gh_1")), sealed(reply("字" * 683)),
        sealed(b"ok"),
    ],
    ids=range(12),
)  # fmt: skip
async def test_an_answer_that_the_platform_would_not_take(server, body):
    server.answers = [body]
    with pytest.raises(BadReply):
        await Platform(ACCOUNT, server.url).deliver(OPENID, HELLO)


async def test_a_mini_program_may_not_answer_in_the_request(server):
    server.answers = [sealed(reply())]
    with pytest.raises(BadReply, match="API"):
        await Platform(account(kind="miniprogram"), server.url).deliver(OPENID, HELLO)

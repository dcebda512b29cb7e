"""Somebody else's client of WeChat (npm co-wechat-api) works against our played platform."""

import asyncio
import base64
import json

import pytest

from tests.support.node import INTEROP, require_node
from tests.support.wechat_api import APP_ID, OPENID, SECRET, FakeApi


class Client:
    """The Node process; ``call`` is one call of the library."""

    def __init__(self, process):
        self._process = process

    async def call(self, name, *args):
        self._process.stdin.write(json.dumps({"call": name, "args": args}).encode() + b"\n")
        return json.loads(await asyncio.wait_for(self._process.stdout.readline(), 20))


@pytest.fixture
async def api():
    async with FakeApi() as running:
        yield running


@pytest.fixture
async def client(api):
    require_node("co-wechat-api")
    process = await asyncio.create_subprocess_exec(
        "node", "--no-deprecation", str(INTEROP / "co_wechat_api.mjs"), api.url, APP_ID, SECRET,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    yield Client(process)
    process.stdin.close()
    await process.wait()


async def test_it_gets_a_token_and_keeps_it(api, client):
    for _ in range(2):
        assert (await client.call("ensureAccessToken"))["result"]["accessToken"]
    assert api.calls == {"/cgi-bin/token": 1}


async def test_it_sends_every_kind_of_message(api, client):
    media = await uploaded(client)
    card = {"title": "去", "appid": "wx1", "pagepath": "pages/a", "thumb_media_id": media}
    for name, argument in (
        ("sendText", "你好"), ("sendImage", media), ("sendVoice", media), ("sendMiniProgram", card),
    ):  # fmt: skip
        assert (await client.call(name, OPENID, argument))["result"]["errcode"] == 0
    assert [sent.kind for sent in api.world.sent] == ["text", "image", "voice", "miniprogrampage"]
    assert api.world.sent[0].body == {"content": "你好"}


async def uploaded(client, data=b"#!AMR\n\x00\xff"):
    file = {"base64": base64.b64encode(data).decode()}
    done = await client.call("uploadMedia", file, "voice", "a.amr", "audio/amr")
    assert done["result"]["type"] == "voice"
    return done["result"]["media_id"]


async def test_a_file_comes_back_as_it_was(api, client):
    data = bytes(range(256)) * 8
    found = await client.call("getMedia", await uploaded(client, data))
    assert base64.b64decode(found["result"]["base64"]) == data
    assert (await client.call("getMedia", "gone"))["code"] == 40007


async def test_it_is_refused_as_by_the_platform(api, client):
    assert (await client.call("sendText", "oSTRANGER", "hi"))["code"] == 40003
    assert (await client.call("sendText", OPENID, ""))["code"] == 44004
    assert (await client.call("sendText", OPENID, "字" * 683))["code"] == 45002
    assert (await client.call("sendVoice", OPENID, "gone"))["code"] == 40007
    news = await client.call("sendNews", OPENID, [])
    assert news["code"] == 40008 and "rid: " in news["error"]


async def test_the_sixth_message_is_one_too_many(api, client):
    for _ in range(5):
        assert "result" in await client.call("sendText", OPENID, "hi")
    assert (await client.call("sendText", OPENID, "hi"))["code"] == 45047
    api.world.heard(OPENID)
    assert "result" in await client.call("sendText", OPENID, "hi")
    api.world.left(OPENID)
    assert (await client.call("sendText", OPENID, "hi"))["code"] == 45015


async def test_it_renews_a_token_that_ended(api, client):
    await client.call("ensureAccessToken")
    api.world.end_tokens()
    assert "result" in await client.call("sendText", OPENID, "hi")
    assert api.calls["/cgi-bin/token"] == 2


async def test_subscribe_messages_and_codes(api, client):
    api.world.templates["T"] = ("thing1",)
    api.world.accept(OPENID, "T")
    data = {"thing1": {"value": "身份證"}}
    assert "result" in await client.call("sendSubscribeMessage", OPENID, "T", "", data)
    assert (await client.call("sendSubscribeMessage", OPENID, "T", "", data))["code"] == 43101
    assert (await client.call("sendSubscribeMessage", OPENID, "T", "", "{}"))["code"] == 47003
    code = api.world.code_for(OPENID)
    assert (await client.call("code2Session", code))["result"]["openid"] == OPENID
    assert (await client.call("code2Session", code))["code"] == 40163

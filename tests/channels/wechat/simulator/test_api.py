"""The played API answers as the platform's: codes in the body, a request id in the words."""

import aiohttp
import pytest

from tests.support.wechat_api import APP_ID, OPENID, SECRET, SEND, STABLE, FakeApi

ASK = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
TEXT = {"touser": OPENID, "msgtype": "text", "text": {"content": "你好"}}
TYPING, BUSINESS = "/cgi-bin/message/custom/typing", "/cgi-bin/message/custom/business/typing"


class Caller:
    def __init__(self, api, session):
        self.api, self._session = api, session
        self.token = api.world.stable_token()[0]

    async def post(self, path, body=None, token=None, **request):
        params = {"access_token": self.token if token is None else token}
        request = request or {"json": body}
        async with self._session.post(self.api.url + path, params=params, **request) as answer:
            assert answer.status == 200
            return await answer.json()

    async def get(self, path, **params):
        async with self._session.get(self.api.url + path, params=params) as answer:
            return answer.content_type, await answer.json(content_type=None)


@pytest.fixture(params=["service_account"])
async def caller(request):
    async with FakeApi(request.param) as api, aiohttp.ClientSession() as session:
        yield Caller(api, session)


async def test_success_and_errors_come_as_the_platforms(caller):
    assert await caller.post(SEND, TEXT) == {"errcode": 0, "errmsg": "ok"}
    refused = await caller.post(SEND, {**TEXT, "touser": "oSTRANGER"})
    assert refused["errcode"] == 40003 and " rid: " in refused["errmsg"]


@pytest.mark.parametrize(
    "change, code",
    [({"grant_type": "x"}, 40002), ({"appid": "wx2"}, 40013), ({"secret": "x"}, 40125), ({}, 0)],
)
async def test_who_asks_for_a_token(caller, change, code):
    stable = await caller.post(STABLE, {**ASK, **change})
    _, own = await caller.get("/cgi-bin/token", **{**ASK, **change})
    assert stable.get("errcode", 0) == own.get("errcode", 0) == code
    if not code:
        assert stable["access_token"] == caller.token and stable["expires_in"] > 7100
        assert own["access_token"] != caller.token and len(own["access_token"]) == 512


@pytest.mark.parametrize("path", [SEND, TYPING, "/cgi-bin/message/subscribe/send"])
@pytest.mark.parametrize("token, code", [("", 41001), ("wrong", 40001)])
async def test_who_may_call(caller, path, token, code):
    assert (await caller.post(path, TEXT, token))["errcode"] == code


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 9000, b"\xff"])
@pytest.mark.parametrize("path", [SEND, TYPING, STABLE])
async def test_garbage_has_a_code_of_its_own(caller, path, body):
    assert (await caller.post(path, data=body))["errcode"] == 47001


async def test_typing(caller):
    assert (await caller.post(TYPING, {"touser": OPENID, "command": "Typing"}))["errcode"] == 0
    assert (await caller.post(TYPING, {"touser": OPENID, "command": "Type"}))["errcode"] == 45072
    assert (await caller.post(BUSINESS, {"touser": OPENID, "command": "Typing"}))[
        "errcode"
    ] == 48001


@pytest.mark.parametrize("caller", ["miniprogram"], indirect=True)
async def test_typing_in_a_mini_program(caller):
    assert (await caller.post(BUSINESS, {"touser": OPENID, "command": "Typing"}))["errcode"] == 0
    assert (await caller.post(TYPING, {"touser": OPENID, "command": "Typing"}))["errcode"] == 48001


def form(**field):
    data = aiohttp.FormData()
    data.add_field(**{"name": "media", "value": b"x", "filename": "a.amr", **field})
    return data


UPLOAD = "/cgi-bin/media/upload?type=voice"


async def test_an_upload_needs_a_file_of_some_size(caller):
    assert (await caller.post(UPLOAD, data=form()))["media_id"] in caller.api.world.files
    assert (await caller.post(UPLOAD, data=form(name="file")))["errcode"] == 41005
    assert (await caller.post(UPLOAD, data=form(value="x", filename=None)))["errcode"] == 41005
    assert (await caller.post(UPLOAD, data=form(value=b"")))["errcode"] == 44001
    huge = b"x" * (2 * 1024 * 1024 + 1)
    assert (await caller.post(UPLOAD, data=form(value=huge)))["errcode"] == 40006
    assert (await caller.post(UPLOAD, data=b"x"))["errcode"] == 41005
    assert (await caller.post("/cgi-bin/media/upload?type=song", data=form()))["errcode"] == 40004


async def test_a_body_in_chunks_has_no_file(caller):
    async def chunks():
        yield b"x"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await caller.post(UPLOAD, data=chunks(), headers=headers))["errcode"] == 41005


async def test_codes_are_answered_as_text(caller):
    good = {"appid": APP_ID, "secret": SECRET, "grant_type": "authorization_code"}
    code = caller.api.world.code_for(OPENID)
    kind, said = await caller.get("/sns/jscode2session", **good, js_code=code)
    assert kind == "text/plain" and said["openid"] == OPENID and said["session_key"]
    for change, errcode in (
        ({}, 40163), ({"js_code": "x"}, 40029), ({"appid": "wx2"}, 40013), ({"secret": "x"}, 40125),
        ({"grant_type": "x"}, 40002),
    ):  # fmt: skip
        _, said = await caller.get("/sns/jscode2session", **{**good, "js_code": code, **change})
        assert said["errcode"] == errcode
    code = caller.api.world.code_for(OPENID)
    kind, said = await caller.get("/sns/oauth2/access_token", **good, code=code)
    assert kind == "text/plain" and said["openid"] == OPENID and said["scope"] == "snsapi_base"

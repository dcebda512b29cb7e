"""WeChat's codes as a proof, against a server that answers as the platform does, and worse."""

import asyncio
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from aiohttp import web

from channels.common.proof import ProofUnavailable
from channels.wechat.client import WeChatClient
from channels.wechat.http import Limits
from channels.wechat.proof import WeChatProof
from core.vault import Vault, make_keys
from tests.support.wechat_login import SECRET, WeChatLogin, account

OPENID, CODE = "oPersonA", "code-a"
INSIDE = "Mozilla/5.0 (Linux; Android 14) Mobile MicroMessenger/8.0.49 Language/zh_CN"
BACK = "https://a.example/identity/proof"


@pytest_asyncio.fixture
async def platform():
    async with WeChatLogin({CODE: OPENID}) as running:
        yield running


@pytest_asyncio.fixture
async def client(redis):
    client = WeChatClient(redis, Vault(make_keys(), "f"), Limits(total_s=0.3))
    yield client
    await client.close()


@pytest.fixture
def proof(platform, client):
    accounts = [account("wx-service", "service_account", platform.url),
                account("wx-mini", "miniprogram", platform.url)]  # fmt: skip
    return WeChatProof(accounts, client, lambda one, openid: f"{one.app_id}|{openid}")


@pytest.mark.parametrize(
    "name, path",
    [("wx-service", "/sns/oauth2/access_token"), ("wx-mini", "/sns/jscode2session")],
)
async def test_a_code_proves_its_person_once(proof, platform, name, path):
    assert await proof.sender_of(name, {}, CODE) == f"{name}|{OPENID}"
    assert platform.asked[0].path == path
    assert platform.asked[0].query["appid"] == name
    assert await proof.sender_of(name, {}, CODE) is None


@pytest.mark.parametrize("code", [None, "", "other", "x" * 3000, "é&appid=1"])
async def test_without_a_good_code_nobody_is_proven(proof, code):
    assert await proof.sender_of("wx-service", {}, code) is None


async def test_an_account_that_is_not_ours_is_not_asked_for(proof, platform):
    assert await proof.sender_of("wx-other", {}, CODE) is None
    assert platform.asked == []


async def say(text, status=200):
    return web.Response(text=text, status=status, content_type="text/plain")


async def nothing():
    await asyncio.sleep(30)


@pytest.mark.parametrize(
    "answer",
    ["", "<html>busy</html>", "[]", "null", '{"errcode": -1}', '{"errcode": 45011}', "{}",
     '{"openid": 5}', '{"openid": ""}', "[" * 100_000, '"' + "x" * 100_000 + '"'],
    ids=lambda answer: answer[:14],
)  # fmt: skip
async def test_an_answer_that_says_nothing_is_no_refusal(proof, platform, answer):
    platform.answer = lambda: say(answer)
    with pytest.raises(ProofUnavailable):
        await proof.sender_of("wx-service", {}, CODE)


async def test_a_platform_that_is_away_is_no_refusal(proof, platform, client, caplog):
    platform.answer = nothing
    with caplog.at_level(logging.DEBUG), pytest.raises(ProofUnavailable) as caught:
        await proof.sender_of("wx-service", {}, CODE)
    away = WeChatProof([account("a", "miniprogram", "http://127.0.0.1:9")], client, str)
    with pytest.raises(ProofUnavailable) as caught_too:
        await away.sender_of("a", {}, CODE)
    for error in (caught, caught_too):
        assert SECRET not in str(error.value) and CODE not in str(error.value)
        assert error.value.__suppress_context__  # what it came from holds the address
    assert SECRET not in caplog.text


def test_inside_wechat_the_page_of_the_platform_is_asked_first(proof):
    url = proof.detour("wx-service", INSIDE, BACK, "abc")
    parts = urlsplit(url)
    assert url.startswith(
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx-service&redirect_uri=https%3A%2F%2Fa.example%2Fidentity%2Fproof&response_type=code&scope=snsapi_base&state=abc"
    )
    assert parse_qs(parts.query)["redirect_uri"] == [BACK]
    assert parts.fragment == "wechat_redirect"


@pytest.mark.parametrize(
    "account, agent",
    [("wx-service", "Safari"), ("wx-service", ""), ("wx-mini", INSIDE), ("x", INSIDE)],
)
def test_where_no_visit_helps_none_is_made(proof, account, agent):
    assert proof.detour(account, agent, BACK, "abc") is None

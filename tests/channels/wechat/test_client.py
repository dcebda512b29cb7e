"""What the platform says, and what it fails to say, as a verdict; nothing secret is told."""

import asyncio
import json
import logging
import traceback
from dataclasses import replace

import pytest

from channels.common.courier import SENT, Verdict
from channels.wechat.calls import Media
from channels.wechat.client import WeChatClient
from channels.wechat.errors import CodeRefused, PlatformError
from channels.wechat.http import Limits
from tests.support.fake_department import answers, cut_short, lost_after, lost_before, slow
from tests.support.wechat_api import OPENID, SEND, STABLE, VAULT, FakeApi, code

TEXT = {"msgtype": "text", "text": {"content": "你好 <b>&amp;</b> 👩‍👩‍👧"}}
TYPING, BUSINESS = "/cgi-bin/message/custom/typing", "/cgi-bin/message/custom/business/typing"
SUBSCRIBE, UPLOAD = "/cgi-bin/message/subscribe/bizsend", "/cgi-bin/media/upload"
DOWNLOAD, SESSION, OAUTH = "/cgi-bin/media/get", "/sns/jscode2session", "/sns/oauth2/access_token"
FILE = Media("speech.amr", "audio/amr", bytes(range(256)) * 20)


@pytest.fixture
async def mini():
    async with FakeApi("miniprogram") as running:
        yield running


async def test_a_message_arrives_as_it_was_written(api, client):
    assert await client.send(api.account, OPENID, TEXT) == SENT
    assert api.world.sent[0].body == TEXT["text"]
    raw = api.requests[-1][1]
    assert "你好".encode() in raw and b"\\u" not in raw
    assert b"aimsgcontext" not in raw


async def test_an_answer_can_name_what_it_answers(api, client):
    await client.send(api.account, OPENID, TEXT, answers="23456789")
    assert json.loads(api.requests[-1][1])["aimsgcontext"] == {"msgid": "23456789"}


VERDICTS = {
    -1: Verdict("later", reason="busy"),
    40003: Verdict("dead", reason="unknown_person"),
    43101: Verdict("dead", reason="opted_out"),
    45009: Verdict("later", 3600, "daily_limit"),
    45011: Verdict("later", 60, "too_often"),
    45015: Verdict("park", reason="out_of_window"),
    45047: Verdict("park", reason="over_quota"),
    47003: Verdict("dead", reason="template_argument"),
    48001: Verdict("later", 600, "not_authorised"),
    40099: Verdict("dead", reason="code_40099"),
    50001: Verdict("later", reason="code_50001"),
}


@pytest.mark.parametrize("errcode", VERDICTS)
async def test_what_a_code_means(api, client, errcode):
    api.always[SEND] = code(errcode)
    assert await client.send(api.account, OPENID, TEXT) == VERDICTS[errcode]
    assert api.calls[SEND] == 1
    assert not api.world.sent


@pytest.mark.parametrize("errcode", [45009, 45011, 48001])
async def test_an_account_that_is_refused_is_left_alone(api, client, errcode, redis):
    api.always[SEND] = code(errcode)
    first = await client.send(api.account, OPENID, TEXT)
    for _ in range(3):
        again = await client.send(api.account, OPENID, TEXT)
        assert (again.fate, again.reason) == ("later", first.reason)
        assert 0 < again.seconds <= first.seconds
    assert api.calls[SEND] == 1
    del api.always[SEND]
    await redis.delete(f"wx:{api.account.app_id}:rest")
    assert await client.send(api.account, OPENID, TEXT) == SENT


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once(api, client, errcode):
    await client.send(api.account, OPENID, TEXT)
    api.faults[SEND] = [code(errcode)]
    assert await client.send(api.account, OPENID, TEXT) == SENT
    assert (api.calls[SEND], api.calls[STABLE]) == (3, 2)
    assert len(api.world.sent) == 2
    assert b"force_refresh" not in b"".join(body for _, body in api.requests)


async def test_a_token_that_is_refused_for_ever_costs_two_calls(api, client):
    api.always[SEND] = code(40001)
    first = await client.send(api.account, OPENID, TEXT)
    assert (first.fate, first.reason) == ("later", "token_refused")
    for _ in range(20):
        again = await client.send(api.account, OPENID, TEXT)
        assert (again.fate, again.reason) == ("later", "token_refused")
    assert (api.calls[SEND], api.calls[STABLE]) == (2, 2)


async def test_many_at_once_with_an_old_token_renew_it_once(api, client):
    await client.send(api.account, OPENID, TEXT)
    api.world.heard(OPENID)
    api.faults[SEND] = [code(42001)] * 5
    done = await asyncio.gather(*(client.send(api.account, OPENID, TEXT) for _ in range(5)))
    assert done == [SENT] * 5
    assert api.calls[STABLE] == 2


FAULTS = {
    "500": (answers(500, b"{}"), "ambiguous"),
    "502": (answers(502, b"<h1>", "text/html"), "ambiguous"),
    "404": (answers(404, b"{}"), "later"),
    "redirect": (answers(302, b"{}", Location="/elsewhere"), "later"),
    "HTML": (answers(200, b"<h1>", "text/html"), "ambiguous"),
    "broken JSON": (answers(200, b'{"errcode": 0'), "ambiguous"),
    "no UTF-8": (answers(200, b'{"errmsg": "\xff"}'), "ambiguous"),
    "deep JSON": (answers(200, b"[" * 9000), "ambiguous"),
    "huge JSON": (answers(200, b'{"errmsg": "' + b" " * 10_000 + b'"}'), "ambiguous"),
    "a list": (answers(200, b"[]"), "ambiguous"),
    "a code as text": (answers(200, b'{"errcode": "0"}'), "ambiguous"),
    "a code that is true": (answers(200, b'{"errcode": true}'), "ambiguous"),
    "a code of none": (answers(200, b'{"errcode": null}'), "ambiguous"),
    "too slow": (slow(2), "ambiguous"),
    "lost before": (lost_before, "ambiguous"),
    "lost after": (lost_after, "ambiguous"),
    "cut short": (cut_short, "ambiguous"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_is_no_answer_is_tried_once(api, client, fault, caplog):
    what, fate = FAULTS[fault]
    api.always[SEND] = what
    with caplog.at_level(logging.DEBUG):
        verdict = await client.send(api.account, OPENID, TEXT)
    assert verdict.fate == fate and verdict.reason
    assert api.calls[SEND] == 1
    assert SEND in caplog.text and verdict.reason in caplog.text


async def test_nobody_there_is_certainly_not_sent(client):
    async with FakeApi() as gone:
        await client.send(gone.account, OPENID, TEXT)
    verdict = await client.send(gone.account, OPENID, TEXT)
    assert verdict == Verdict("later", reason="no_connection")


async def test_a_name_that_is_not_found_in_time_is_certainly_not_sent(api, client, monkeypatch):
    await client.send(api.account, OPENID, TEXT)  # the token is there

    async def hanging(*_, **__):
        await asyncio.sleep(30)

    monkeypatch.setattr("aiohttp.TCPConnector._resolve_host", hanging)
    nowhere = replace(api.account, api_base="http://api.example.org")
    verdict = await client.send(nowhere, OPENID, TEXT)
    assert verdict == Verdict("later", reason="no_connection")


async def test_the_typing_indicator_of_each_kind_of_account(api, mini, client, redis):
    await client.typing(api.account, OPENID)
    await client.typing(api.account, OPENID, on=False)
    await redis.flushall()
    await client.typing(mini.account, OPENID)
    assert (api.calls[TYPING], api.calls[BUSINESS]) == (2, 0)
    assert (mini.calls[TYPING], mini.calls[BUSINESS]) == (0, 1)
    assert mini.world.people[OPENID].typing_until


@pytest.mark.parametrize(
    "fault", [code(45072), code(45080), code(45081), code(48001), slow(2), lost_before]
)
async def test_what_goes_wrong_with_typing_does_not_matter(api, client, fault):
    api.always[TYPING] = fault
    await client.typing(api.account, OPENID)
    assert await client.send(api.account, OPENID, TEXT) == SENT


async def test_subscribe_messages(api, client):
    api.world.templates["T"] = ("thing1", "time2")
    api.world.accept(OPENID, "T")
    body = {"template_id": "T", "data": {"thing1": {"value": "身份證"}, "time2": {"value": "9:30"}}}
    assert await client.subscribe(api.account, OPENID, body) == SENT
    assert await client.subscribe(api.account, OPENID, body) == VERDICTS[43101]
    as_text = {**body, "data": json.dumps(body["data"])}
    assert await client.subscribe(api.account, OPENID, as_text) == VERDICTS[47003]
    assert [sent.kind for sent in api.world.sent] == ["subscribe"]


async def test_the_subscribe_message_of_each_kind_of_account(api, mini, client, redis):
    for platform, path in ((api, SUBSCRIBE), (mini, "/cgi-bin/message/subscribe/send")):
        await redis.flushall()
        platform.world.templates["T"] = ("thing1",)
        platform.world.accept(OPENID, "T")
        body = {"template_id": "T", "data": {"thing1": {"value": "a"}}}
        assert await client.subscribe(platform.account, OPENID, body) == SENT
        assert platform.calls[path] == 1


async def test_a_file_goes_up_and_comes_down_as_it_was(api, client):
    media_id = await client.upload(api.account, "voice", FILE)
    found = await client.download(api.account, media_id)
    assert (found.content_type, found.data) == ("audio/amr", FILE.data)


@pytest.mark.parametrize("errcode", [40001, 42001])
async def test_an_upload_that_is_repeated_sends_the_whole_file(api, client, errcode):
    api.faults[UPLOAD] = [code(errcode)]
    media_id = await client.upload(api.account, "voice", FILE)
    first, second = [body for path, body in api.requests if path == UPLOAD]
    assert first.count(FILE.data) == second.count(FILE.data) == 1
    assert api.world.file(media_id).data == FILE.data


async def test_a_download_with_a_refused_token_is_repeated(api, client):
    media_id = await client.upload(api.account, "image", FILE)
    api.faults[DOWNLOAD] = [code(40014)]
    assert (await client.download(api.account, media_id)).data == FILE.data


@pytest.mark.parametrize("size", [0, 2 * 1024 * 1024 + 1])
async def test_a_file_of_the_wrong_size_is_not_sent(api, client, size):
    with pytest.raises(PlatformError, match="file_size"):
        await client.upload(api.account, "voice", Media("a.amr", "audio/amr", b"x" * size))
    assert not api.calls


async def test_a_file_that_is_not_there(api, client):
    with pytest.raises(PlatformError, match="unknown_media"):
        await client.download(api.account, "gone")


@pytest.mark.parametrize(
    "fault, reason",
    [
        (slow(2), "no_answer_in_time"),
        (cut_short, "connection_lost"),
        (answers(500), "http_500"),
        (answers(200, b'{"video_url": "http://x"}'), "no_media"),
        (answers(200, b"{"), "answer_not_json"),
        (answers(200, b"x" * (10 * 1024 * 1024 + 1), "audio/amr"), "answer_too_large"),
        (code(40001), "token_refused"),
        (code(48001), "not_authorised"),
    ],
)
async def test_a_download_that_fails(api, client, fault, reason):
    api.always[DOWNLOAD] = fault
    with pytest.raises(PlatformError) as caught:
        await client.download(api.account, "some")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "fault", [answers(200, b"{}"), answers(200, b'{"media_id": 7}'), answers(200, b"", "text/html")]
)
async def test_an_upload_that_is_answered_with_nothing(api, client, fault):
    api.always[UPLOAD] = fault
    with pytest.raises(PlatformError, match="answer"):
        await client.upload(api.account, "image", FILE)


async def test_a_code_tells_who_it_is_once(api, mini, client):
    for platform, path in ((api, OAUTH), (mini, SESSION)):
        proof = platform.world.code_for(OPENID)
        assert await client.openid_of_code(platform.account, proof) == OPENID
        with pytest.raises(CodeRefused, match="40163"):
            await client.openid_of_code(platform.account, proof)
        with pytest.raises(CodeRefused, match="40029"):
            await client.openid_of_code(platform.account, "never given")
        assert platform.calls == {path: 3}  # and no token was asked for


async def test_a_busy_platform_is_asked_about_a_code_again(mini, client):
    proof = mini.world.code_for(OPENID)
    mini.faults[SESSION] = [code(-1)]
    assert await client.openid_of_code(mini.account, proof) == OPENID
    mini.always[SESSION] = code(-1)
    with pytest.raises(PlatformError, match="code_-1"):
        await client.openid_of_code(mini.account, proof)
    assert mini.calls[SESSION] == 4


@pytest.mark.parametrize(
    "fault",
    [
        code(45011), code(40125), slow(2), lost_before, cut_short, answers(500),
        answers(200, b"{}"), answers(200, b'{"openid": ""}'), answers(200, b'{"openid": 7}'),
        answers(200, b'{"openid": "o", "errcode": "x"}'), answers(200, b"<p>", "text/html"),
    ],
)  # fmt: skip
async def test_a_code_that_tells_nothing(mini, client, fault):
    mini.always[SESSION] = fault
    with pytest.raises(PlatformError) as caught:
        await client.openid_of_code(mini.account, mini.world.code_for(OPENID))
    assert not isinstance(caught.value, CodeRefused)


async def test_no_token_secret_openid_or_text_is_told(api, redis, caplog):
    """Of everything that can go wrong, at every level, in logs and in exceptions."""
    client = WeChatClient(redis, VAULT, Limits(total_s=0.3, file_s=0.3))
    told, proof = [], api.world.code_for(OPENID)
    api.world.templates["T"] = ("thing1",)
    echoing = code(47001, f"bad {OPENID} 你好 {api.account.secret} hint: [x] rid: 6a1-7b2")
    faults = [None, echoing, code(40001), code(45015), slow(2), lost_after, cut_short]
    with caplog.at_level(logging.DEBUG):
        for fault in faults:
            for path in (SEND, STABLE, SUBSCRIBE, TYPING, UPLOAD, DOWNLOAD, OAUTH):
                await redis.flushall()
                api.always = {path: fault} if fault else {}
                told += [
                    await client.send(api.account, OPENID, TEXT),
                    await client.subscribe(api.account, OPENID, {"template_id": "T", "data": {}}),
                ]
                await client.typing(api.account, OPENID)
                for work in (
                    client.upload(api.account, "voice", FILE),
                    client.download(api.account, "media"),
                    client.openid_of_code(api.account, proof),
                ):
                    try:
                        await work
                    except PlatformError as error:
                        told.append("".join(traceback.format_exception(error)))
    await client.close()
    told = "\n".join([caplog.text, *map(str, told), repr(api.account)])
    assert "rid 6a1-7b2" in told and SEND in told
    token, _ = api.world.stable_token()
    for secret in (token, api.account.secret, OPENID, proof, "你好", "access_token=", "media_id="):
        assert secret not in told.replace(OAUTH, "")

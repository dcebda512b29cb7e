"""The webhook as the platform, a careless client and an attacker use it."""

import asyncio
import logging
import re
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from redis.exceptions import ConnectionError as RedisConnectionError

from channels.wechat.account import WEBHOOK
from channels.wechat.input import MAX_BODY
from channels.wechat.simulator import messages
from channels.wechat.simulator.push import OURS, Platform
from channels.wechat.simulator.sealing import encrypt, signature
from core.clock import system_clock
from tests.support.wechat import (
    ACCOUNT,
    FORMATS,
    KEY,
    MODES,
    OPENID,
    OTHER_KEY,
    account,
    webhook,
)

HELLO = messages.text("羅湖幾點閂門")


@pytest_asyncio.fixture
async def hook(redis):
    async with webhook(redis) as running:
        yield running


@pytest.fixture
def platform(hook):
    return Platform(ACCOUNT, hook.url)


def changed(push, body=None, without=(), **query):
    """The request with some of it changed; parameters left out by name."""
    kept = {name: value for name, value in {**push.query, **query}.items() if name not in without}
    return replace(push, query=kept, body=push.body if body is None else body)


async def status(platform, push, method="POST"):
    answer = await platform.post(push, method)
    if answer.status == 403:
        assert answer.body == b"refused"
    return answer.status


# The platform's own requests.


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", ["service_account", "miniprogram"])
async def test_a_message_comes_in_and_is_acknowledged(redis, mode, format, kind):
    ours = account(mode=mode, format=format, kind=kind)
    async with webhook(redis, [ours]) as hook:
        answer = await Platform(ours, hook.url).deliver(OPENID, HELLO)
    assert (answer.status, answer.body, answer.tries) == (200, b"success", 1)
    (message,) = hook.door.taken
    assert (message.text, message.address) == (HELLO["Content"], OPENID)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
async def test_a_passive_reply_is_sealed_as_the_message_was(redis, mode, format):
    ours = account(mode=mode, format=format)
    async with webhook(redis, [ours]) as hook:
        hook.door.answer = lambda _: "收到 ✔ ]]> <b>"
        platform = Platform(ours, hook.url)
        answer = await platform.deliver(OPENID, HELLO)
    assert answer.message["Content"] == "收到 ✔ ]]> <b>"
    assert ("收到".encode() in answer.body) == (mode == "plain")


async def test_the_check_of_the_address_gets_its_echo_byte_for_byte(platform):
    for echo in ("4375120948345356249", " +&=%\u00e9\n", "x" * 500):
        answer = await platform.post(platform.checked(echo), "GET")
        assert (answer.status, answer.body) == (200, echo.encode())


async def test_an_encrypted_echo_is_opened(platform):
    push, sealed = platform.checked(""), encrypt(KEY, ACCOUNT.app_id, b"5927782489442352469")
    signed = signature("123456", push.query["timestamp"], push.query["nonce"], sealed)
    push = changed(push, without=["signature"], echostr=sealed, msg_signature=signed)
    answer = await platform.post(push, "GET")
    assert (answer.status, answer.body) == (200, b"5927782489442352469")
    assert await status(platform, changed(push, msg_signature="0" * 40), "GET") == 403
    assert await status(platform, changed(push, timestamp="1"), "GET") == 403


async def test_a_repeat_goes_on_to_the_door_which_knows_it(hook, platform):
    push = platform.push(OPENID, HELLO)
    assert [await status(platform, push) for _ in range(3)] == [200] * 3
    assert len({message.key for message in hook.door.taken}) == 1


async def test_old_and_new_secrets_work_while_they_are_changed(redis):
    ours = account(tokens=("newer", "older"), aes_keys=(OTHER_KEY, KEY))
    async with webhook(redis, [ours]) as hook:
        hook.door.answer = lambda _: "收到"
        for token in ours.tokens:
            for key in ours.aes_keys:
                theirs = account(tokens=(token,), aes_keys=(key,))
                answer = await Platform(theirs, hook.url).deliver(OPENID, HELLO)
                assert answer.message["Content"] == "收到"


async def test_several_accounts_have_their_own_paths_and_secrets(redis):
    one, two = account(), account(name="two", app_id="wx02", tokens=("other",))
    async with webhook(redis, [one, two]) as hook:
        first, second = Platform(one, hook.url), Platform(two, hook.url + "/two")
        assert await status(first, first.push(OPENID, HELLO)) == 200
        assert await status(second, second.push(OPENID, HELLO)) == 200
        assert await status(first, second.push(OPENID, HELLO)) == 403
        nobody = Platform(one, hook.url + "/three")
        assert await status(nobody, nobody.push(OPENID, HELLO)) == 403
        assert await status(nobody, nobody.checked("1"), "GET") == 403
    assert [message.account for message in hook.door.taken] == [one.app_id, "wx02"]
    assert len({message.sender for message in hook.door.taken}) == 2


async def test_the_type_that_a_body_claims_to_be_does_not_matter(platform):
    types = ["text/plain", "application/json", "application/x-www-form-urlencoded", "x",
             "multipart/form-data; boundary=x", "text/xml; charset=utf-16"]  # fmt: skip
    for name in types:
        push = replace(platform.push(OPENID, HELLO), headers={"Content-Type": name})
        assert await status(platform, push) == 200


# Refusals.


@pytest.mark.parametrize("mode", MODES)
async def test_every_part_of_a_push_must_be_there(redis, mode):
    ours = account(mode=mode)
    async with webhook(redis, [ours]) as hook:
        platform = Platform(ours, hook.url)
        needed = {"signature", "timestamp", "nonce", "encrypt_type", "msg_signature"}
        for name in needed & set(platform.push(OPENID, HELLO).query):
            push = changed(platform.push(OPENID, HELLO), without=[name])
            # the signature of what is encrypted covers all that the other one does
            due = 200 if name == "signature" and mode != "plain" else 403
            assert await status(platform, push) == due, name
            assert await status(platform, changed(push, **{name: ""})) == 403, name


async def test_a_parameter_that_stands_twice_is_refused(hook, platform):
    push = platform.push(OPENID, HELLO)
    twice = urlencode([*push.query.items(), ("nonce", push.query["nonce"])])
    assert await raw(hook, "POST", f"{WEBHOOK}?{twice}", push.body) == 403
    many = urlencode([*push.query.items(), *((f"a{i}", "") for i in range(30))])
    assert await raw(hook, "POST", f"{WEBHOOK}?{many}", push.body) == 403


async def test_a_plain_body_is_refused_where_messages_are_encrypted(redis):
    for mode in ("safe", "compat"):
        async with webhook(redis, [account(mode=mode)]) as hook:
            plain = Platform(account(mode="plain"), hook.url)
            assert await status(plain, plain.push(OPENID, HELLO)) == 403
            raw_type = changed(plain.push(OPENID, HELLO), encrypt_type="raw")
            assert await status(plain, raw_type) == 403
            # signed as if it were encrypted, with the plain fields alone
            push = Platform(ACCOUNT, hook.url).push(OPENID, HELLO)
            assert await status(plain, changed(push, plain.push(OPENID, HELLO).body)) == 403
        assert hook.door.taken == []


async def test_an_encrypted_body_is_refused_in_plain_mode(redis, platform):
    async with webhook(redis, [account(mode="plain")]) as hook:
        other = Platform(ACCOUNT, hook.url)
        assert await status(other, other.push(OPENID, HELLO)) == 403


async def test_in_compatible_mode_only_what_was_encrypted_counts(redis):
    ours = account(mode="compat")
    async with webhook(redis, [ours]) as hook:
        platform = Platform(ours, hook.url)
        push = platform.push(OPENID, HELLO)
        content = HELLO["Content"].encode()
        assert content in push.body
        forged = push.body.replace(content, "畀錢我".encode()).replace(b"text", b"image")
        assert await status(platform, changed(push, forged)) == 200
    assert [message.text for message in hook.door.taken] == [HELLO["Content"]]
    assert hook.door.taken[0].media is None


async def test_another_account_than_ours_inside_is_refused(platform, hook):
    other = Platform(account(app_id="wx0000000000000000"), hook.url)
    assert await status(other, other.push(OPENID, HELLO)) == 403


@pytest.mark.parametrize("seconds", [-301, 302, -56 * 365 * 86400, 74 * 365 * 86400])
async def test_a_request_of_another_time_is_refused(hook, seconds):
    late = Platform(ACCOUNT, hook.url, lambda: system_clock() + timedelta(seconds=seconds))
    assert await status(late, late.push(OPENID, HELLO)) == 403
    assert await status(late, late.checked("1"), "GET") == 403


async def test_a_signature_that_was_seen_is_not_good_for_another_body(redis):
    ours = account(mode="plain")
    async with webhook(redis, [ours]) as hook:
        platform = Platform(ours, hook.url)
        push = platform.push(OPENID, HELLO)
        assert await status(platform, push) == 200
        forged = platform.push(OPENID, messages.text("刪除我的資料"))
        assert await status(platform, replace(push, body=forged.body)) == 403
        assert await status(platform, push) == 200
    assert {message.text for message in hook.door.taken} == {HELLO["Content"]}


@pytest.mark.parametrize("mode", ["safe", "compat"])
@pytest.mark.parametrize("format", FORMATS)
async def test_any_bit_that_is_flipped_in_any_field_is_refused(redis, mode, format):
    ours = account(mode=mode, format=format)
    async with webhook(redis, [ours]) as hook:
        platform = Platform(ours, hook.url)
        push = platform.push(OPENID, HELLO)
        sealed = re.search(rb"[A-Za-z0-9+/=]{100,}", push.body)[0]

        @hypothesis_settings(
            max_examples=150, deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        )  # fmt: skip
        @given(st.sampled_from([*push.query, "Encrypt"]), st.integers(0), st.integers(0, 7))
        def flip(name, place, bit):
            given = sealed if name == "Encrypt" else push.query[name].encode()
            wrong = bytearray(given)
            wrong[place % len(wrong)] ^= 1 << bit
            if name == "Encrypt":
                sent = replace(push, body=push.body.replace(sealed, bytes(wrong)))
                target = f"{WEBHOOK}?{urlencode(push.query)}"
            else:
                target = f"{WEBHOOK}?{urlencode({**push.query, name: bytes(wrong)})}"
                sent = push
            statuses.append((name, target, sent.body))

        statuses = []
        flip()
        for name, target, body in statuses:
            assert await raw(hook, "POST", target, body) == 403, (name, target)
        assert hook.door.taken == []
        assert await status(platform, push) == 200


async def test_the_addressee_outside_must_be_the_one_inside(platform):
    push = platform.push(OPENID, HELLO)
    other = push.body.replace(OURS.encode(), b"gh_100000000000")
    assert other != push.body
    assert await status(platform, changed(push, other)) == 403


INSIDE = {
    "nothing": b"", "spaces": b" \n", "words": b"success", "bytes": bytes(range(256)),
    "half XML": b"<xml><MsgType>text", "other XML": b"<html></html>", "a JSON list": b"[1]",
    "a bomb": b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>',
    "twice": b"<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>",
    "no person": b"<xml><MsgType>text</MsgType><CreateTime>1</CreateTime></xml>",
    "NaN": b'{"MsgType": NaN}', "deep": b'{"a":' * 5000, "a huge number": b'{"CreateTime": 1%s}'
    % (b"0" * 5000),
}  # fmt: skip


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
async def test_garbage_that_is_sealed_well_is_refused(platform, inside):
    for outside in ("<xml><Encrypt>{}</Encrypt></xml>", '{{"Encrypt": "{}"}}'):
        sealed = encrypt(KEY, ACCOUNT.app_id, inside)
        push = platform.push(OPENID, HELLO)
        signed = signature("123456", push.query["timestamp"], push.query["nonce"], sealed)
        push = changed(push, outside.format(sealed).encode(), msg_signature=signed)
        assert await status(platform, push) == 403


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
async def test_garbage_in_plain_mode_is_refused(redis, inside):
    ours = account(mode="plain")
    async with webhook(redis, [ours]) as hook:
        platform = Platform(ours, hook.url)
        assert await status(platform, changed(platform.push(OPENID, HELLO), inside)) == 403


# HTTP, down to its bytes.


async def raw(hook, method, target, body=b"", headers=(), length=None):
    """The status of a request that is written byte by byte; 0 when there is no answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hook.port)
    head = [f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *headers]
    if length is not False:
        head.append(f"Content-Length: {len(body) if length is None else length}")
    try:
        writer.write("\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body)
        await writer.drain()
        line = await asyncio.wait_for(reader.readline(), 10)
    except ConnectionError:
        return 0
    finally:
        writer.close()
    return int(line.split()[1]) if line else 0


def target(push):
    return f"{WEBHOOK}?{urlencode(push.query)}"


async def test_a_large_body_is_taken_and_a_larger_one_is_not(hook, platform):
    for size, due in ((100_000, 200), (MAX_BODY, 413), (10_000_000, 413)):
        push = platform.push(OPENID, messages.text("x" * size))
        started = time.monotonic()
        # 0: the connection was closed while the body was still being written
        assert await raw(hook, "POST", target(push), push.body) in (due, due % 413)
        assert time.monotonic() - started < 2
    assert len(hook.door.taken) == 1


async def test_a_large_body_in_chunks_is_not_taken_either(hook, platform):
    push = platform.push(OPENID, HELLO)
    chunk = b"%x\r\n%s\r\n" % (60_000, b"x" * 60_000)
    body = chunk * 5 + b"0\r\n\r\n"
    headers = ["Transfer-Encoding: chunked"]
    assert await raw(hook, "POST", target(push), body, headers, False) == 413
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(push.body), push.body)
    assert await raw(hook, "POST", target(push), body, headers, False) == 200


async def test_a_body_that_does_not_come_is_not_waited_for(hook, platform, monkeypatch):
    monkeypatch.setattr("channels.wechat.input.BODY_TIMEOUT_S", 0.3)
    push, started = platform.push(OPENID, HELLO), time.monotonic()
    assert await raw(hook, "POST", target(push), push.body[:50], length=len(push.body)) == 408
    assert time.monotonic() - started < 2
    assert hook.door.taken == []


async def test_a_body_that_drips_is_not_waited_for(hook, platform, monkeypatch):
    monkeypatch.setattr("channels.wechat.input.BODY_TIMEOUT_S", 0.5)
    push = platform.push(OPENID, HELLO)
    reader, writer = await asyncio.open_connection("127.0.0.1", hook.port)
    head = f"POST {target(push)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(push.body)}\r\n\r\n"
    writer.write(head.encode())

    async def drip():
        for byte in push.body:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    dripping = asyncio.ensure_future(drip())
    line = await asyncio.wait_for(reader.readline(), 3)
    dripping.cancel()
    writer.close()
    assert b" 408 " in line


async def test_a_body_that_is_shorter_than_it_says_ends_with_the_connection(hook, platform):
    push = platform.push(OPENID, HELLO)
    reader, writer = await asyncio.open_connection("127.0.0.1", hook.port)
    head = f"POST {target(push)} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    writer.write(head.encode() + push.body)
    writer.write_eof()
    await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert hook.door.taken == []
    assert await status(platform, push) == 200


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: abc"], ["Content-Length: -5"], ["Content-Length: 1e3"],
        ["Content-Length: 5", "Content-Length: 6"], ["Transfer-Encoding: gzip"],
        ["Transfer-Encoding: chunked", "Content-Length: 3"], ["Expect: 200-ok"], ["no colon"],
    ],
    ids=" and ".join,
)  # fmt: skip
async def test_headers_that_lie_bring_no_fault_of_ours(hook, platform, headers):
    push = platform.push(OPENID, HELLO)
    got = await raw(hook, "POST", target(push), push.body, headers, False)
    assert got < 500
    assert hook.door.taken == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_not_there(hook, platform, method):
    assert await raw(hook, method, target(platform.push(OPENID, HELLO))) == 405


@pytest.mark.parametrize(
    "query",
    ["", "?", "?=", "?&&&", "?signature", "?%", "?%ff=%fe", "?a=%ud800", "?" + "a" * 3000,
     "?signature=%00&timestamp=%00&nonce=%00"],
    ids=range(10),
)  # fmt: skip
async def test_odd_queries_are_refused(hook, query):
    for method in ("GET", "POST"):
        assert await raw(hook, method, WEBHOOK + query) == 403


async def test_a_store_that_fails_is_not_acknowledged(hook, platform):
    def fail(_):
        raise RedisConnectionError("no connection")

    hook.door.answer = fail
    answer = await platform.deliver(OPENID, HELLO)
    assert (answer.status, answer.tries) == (503, 3)
    assert len({message.key for message in hook.door.taken}) == 1
    hook.door.answer = lambda _: None
    assert await status(platform, platform.push(OPENID, HELLO)) == 200


async def test_a_replay_store_that_fails_is_not_acknowledged(redis, hook, platform, monkeypatch):
    async def fail(*_args, **_more):
        raise RedisConnectionError("no connection")

    monkeypatch.setattr(redis, "execute_command", fail)
    assert await status(platform, platform.push(OPENID, HELLO)) == 503
    assert hook.door.taken == []


async def test_the_log_tells_the_reason_and_nothing_of_the_request(platform, hook, caplog):
    caplog.set_level(logging.INFO)
    push = platform.push(OPENID, messages.text("my number is 91234567"))
    assert await status(platform, changed(push, nonce="1")) == 403
    assert await status(platform, push) == 200
    assert [record.getMessage() for record in caplog.records] == ["a push was refused: signature"]
    for secret in (OPENID, push.query["signature"], "91234567", "123456", KEY):
        assert secret not in caplog.text


async def test_the_answer_is_for_nobody_to_keep_or_to_guess_at(hook, platform):
    import aiohttp

    push = platform.checked("<script>alert(1)</script>")
    async with aiohttp.ClientSession() as session, session.get(hook.url, params=push.query) as got:
        assert got.headers["content-type"].startswith("text/plain")
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["cache-control"] == "no-store"


async def test_what_is_unknown_goes_on_and_is_counted(hook, platform):
    before = counted("unknown")
    assert await status(platform, platform.push(OPENID, {"MsgType": "hologram"})) == 200
    assert hook.door.taken[-1].media == "unknown"
    assert counted("unknown") == before + 1


async def test_refusals_are_counted_by_their_reason(platform):
    before = counted("signature", "refused")
    push = platform.push(OPENID, HELLO)
    assert await status(platform, changed(push, signature="0" * 40)) == 403
    assert counted("signature", "refused") == before + 1


def counted(label, what="received"):
    """What operators are told."""
    labels = {"kind" if what == "received" else "reason": label}
    name = f"onestop_channel_{what}_total"
    return REGISTRY.get_sample_value(name, {"channel": "wechat", **labels}) or 0

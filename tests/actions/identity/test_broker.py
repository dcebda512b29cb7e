"""A broker that lies or fails: what it says is refused with a reason, and no secret is told."""

import asyncio
import base64
import gzip
import logging
import time
import traceback
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from actions.identity.broker import Broker
from actions.identity.errors import BrokerError, BrokerRefused, BrokerUnavailable, TokenRefused
from actions.identity.model import Level, Need, Profile
from actions.identity.registration import Registration
from core.breaker import Breaker
from core.errors import SettingsError
from tests.actions.identity.conftest import NOW, QUICK
from tests.support.lying_broker import CLIENT_ID, CLIENT_SECRET, SUBJECT

DOCUMENT = "/.well-known/openid-configuration"
AUTHORIZE = {
    "state": "s", "nonce": "n", "verifier": "v" * 43, "redirect_uri": "https://us/cb",
    "need": Need(Level.LOGIN),
}  # fmt: skip


def says(status=200, body=b"{}", content_type="application/json", **headers):
    async def fault(_request):
        return web.Response(
            status=status, body=body, headers={"Content-Type": content_type, **headers}
        )

    return fault


async def late(_request):
    await asyncio.sleep(1.2)
    return web.json_response({})


async def hangs_up(request):
    request.transport.close()
    return web.Response()


async def dribbles(request):
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(24):
        await response.write(b" ")
        await asyncio.sleep(0.05)
    return response


FAULTS = {
    "slow": (late, "timeout"),
    "a byte now and then": (dribbles, "timeout"),
    "hangs up": (hangs_up, "connection"),
    "500": (says(500), "status"),
    "503": (says(503), "status"),
    "429": (says(429), "status"),
    "204": (says(204, b""), "status"),
    "redirect": (says(302, Location="/elsewhere"), "status"),
    "HTML": (says(body=b"<h1>Welcome</h1>", content_type="text/html"), "malformed"),
    "no body": (says(body=b""), "malformed"),
    "a list": (says(body=b"[]"), "malformed"),
    "no UTF-8": (says(body=b'{"a": "\xff"}'), "malformed"),
    "deep": (says(body=b"[" * 19_000), "malformed"),
    "huge": (says(body=b'{"a": "' + b"a" * 20_000 + b'"}'), "too_large"),
    "unfolds": (says(body=gzip.compress(b"{}"), **{"Content-Encoding": "gzip"}), "malformed"),
}
PLACES = {
    DOCUMENT: lambda broker, exchange: broker.authorize_url(**AUTHORIZE),
    "/keys": lambda broker, exchange: exchange(),
    "/token": lambda broker, exchange: exchange(),
}


async def test_what_the_broker_is_asked(broker, lying, exchange):
    known = await exchange()
    (form,), (headers,) = lying.forms, lying.headers
    assert form == {
        "grant_type": "authorization_code", "code": "code-1", "code_verifier": "v" * 43,
        "redirect_uri": "https://us/cb",
    }  # fmt: skip
    secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    assert headers["Authorization"] == f"Basic {secret}"
    assert known.tokens.expires_at == NOW + timedelta(minutes=5)
    assert known.login.auth_time == NOW - timedelta(seconds=5)
    await broker.refresh(known)
    assert lying.forms[1] == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    await broker.userinfo(known)
    assert lying.headers[2]["Authorization"] == "Bearer access-1"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FAULTS)
async def test_what_is_no_answer_is_told_apart(broker, lying, exchange, place, name):
    fault, reason = FAULTS[name]
    lying.faults[place] = fault
    began = time.monotonic()
    with pytest.raises(BrokerUnavailable) as told:
        await PLACES[place](broker, exchange)
    assert told.value.reason == reason
    assert time.monotonic() - began < 3
    assert lying.calls["/elsewhere"] == 0
    again = reason in ("timeout", "connection", "status") and place != "/token"
    assert lying.calls[place] == (2 if again and name != "429" else 1)  # 429 asks for patience
    assert lying.calls["/token"] <= 1  # a code works once


@pytest.mark.parametrize("place", [DOCUMENT, "/keys"])
async def test_a_get_is_tried_again(broker, lying, exchange, place):
    async def once(request):
        del lying.faults[place]
        return web.Response(status=502)

    lying.faults[place] = once
    await exchange()
    assert lying.calls[place] == 2


@pytest.mark.parametrize("place", [DOCUMENT, "/keys"])
async def test_what_is_not_there_is_not_there(broker, lying, exchange, place):
    lying.faults[place] = says(404)
    with pytest.raises(BrokerUnavailable):
        await exchange()


async def test_a_broker_that_fails_is_left_alone_for_a_while(lying, redis, clock, exchange):
    lying.faults[DOCUMENT] = says(500)
    seconds = [0.0]
    breaker = Breaker(failures=3, rest_s=30, clock=lambda: seconds[0])
    broker = Broker(Registration(lying.url, CLIENT_ID, "s"), redis, clock, QUICK, breaker)
    reasons = []
    for _ in range(5):
        with pytest.raises(BrokerUnavailable) as told:
            await broker.authorize_url(**AUTHORIZE)
        reasons.append(told.value.reason)
    assert reasons == ["status"] * 3 + ["resting"] * 2
    assert lying.calls[DOCUMENT] == 6
    lying.faults.clear()
    seconds[0] = 30
    await broker.authorize_url(**AUTHORIZE)
    await broker.close()


@pytest.mark.parametrize(
    "body, reason",
    [
        (b'{"error": "invalid_grant", "error_description": "of Chan"}', "invalid_grant"),
        (b'{"error": "Chan"}', "refused"),
        (b'{"error": ["invalid_grant"]}', "refused"),
        (b"[]", "refused"),
        (b"<h1>No</h1>", "refused"),
    ],
)
async def test_a_refusal_is_told_by_its_code_alone(lying, exchange, body, reason):
    lying.faults["/token"] = says(400, body)
    for _ in range(8):  # nor does it count as a failure
        with pytest.raises(BrokerRefused) as told:
            await exchange()
    assert told.value.reason == reason
    assert "Chan" not in str(told.value)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://broker.example.com"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"token_endpoint": "https://broker.example.com/token"},  # away from this machine
        {"token_endpoint": "//127.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": ["http://127.0.0.1/keys"]},
        {"userinfo_endpoint": "http://chan:secret@127.0.0.1/userinfo"},
        {"end_session_endpoint": "http://127.0.0.1:99999/logout"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://127.0.0.1/a#b"},
        {"response_types_supported": ["id_token"]},
        {"response_types_supported": "code"},
        {"code_challenge_methods_supported": ["plain"]},
        {"code_challenge_methods_supported": None},
        {"token_endpoint_auth_methods_supported": ["none"]},
        {"token_endpoint_auth_methods_supported": "client_secret_basic"},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
async def test_a_broker_that_says_what_cannot_be_is_not_believed(broker, lying, document):
    lying.document = document
    with pytest.raises(BrokerUnavailable) as told:
        await broker.authorize_url(**AUTHORIZE)
    assert told.value.reason == "discovery"
    lying.document = {}
    await broker.authorize_url(**AUTHORIZE)  # nor is what it said remembered


async def test_its_document_is_read_once_an_hour_however_many_ask(broker, lying, clock):
    await asyncio.gather(*(broker.authorize_url(**AUTHORIZE) for _ in range(20)))
    assert lying.calls[DOCUMENT] == 1
    clock.turn(minutes=59)
    await broker.authorize_url(**AUTHORIZE)
    assert lying.calls[DOCUMENT] == 1
    clock.turn(minutes=1)
    await broker.authorize_url(**AUTHORIZE)
    assert lying.calls[DOCUMENT] == 2


async def test_an_address_with_a_query_keeps_it(broker, lying):
    lying.document = {"authorization_endpoint": f"{lying.url}/a?tenant=1&state=theirs"}
    asked = parse_qs(urlsplit(await broker.authorize_url(**AUTHORIZE)).query)
    assert asked["tenant"] == ["1"]
    assert asked["state"] == ["s"]
    assert "max_age" not in asked and "prompt" not in asked and "ui_locales" not in asked


async def test_an_answer_of_another_broker_is_refused_before_its_code_is_sent(exchange, lying):
    for iss in ("https://broker.example.com", "", None):
        with pytest.raises(TokenRefused) as told:
            await exchange(iss=iss)
        assert told.value.reason == "issuer"
    assert lying.calls["/token"] == 0


async def test_a_broker_that_does_not_name_itself_need_not(exchange, lying):
    lying.document = {"authorization_response_iss_parameter_supported": False}
    await exchange(iss=None)
    with pytest.raises(TokenRefused):
        await exchange(iss="https://broker.example.com")


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": None}, {"access_token": 1}, {"access_token": ""},
        {"access_token": "a\r\nSet-Cookie: b"}, {"access_token": "é"}, {"token_type": "mac"},
        {"token_type": None}, {"id_token": None}, {"id_token": {}}, {"refresh_token": 1},
        {"expires_in": "300"}, {"expires_in": -1}, {"expires_in": True},
    ],
)  # fmt: skip
async def test_an_answer_without_usable_tokens_is_none(exchange, lying, answer):
    lying.answer = answer
    with pytest.raises(BrokerUnavailable) as told:
        await exchange()
    assert told.value.reason == "malformed"


@pytest.mark.parametrize("answer, seconds", [({}, 300), ({"expires_in": None}, 60),
                                             ({"expires_in": 10**9}, 86400)])  # fmt: skip
async def test_how_long_an_access_token_is_believed(exchange, lying, answer, seconds):
    lying.answer = answer
    assert (await exchange()).tokens.expires_at == NOW + timedelta(seconds=seconds)


async def test_a_refresh_that_leaves_things_out_keeps_them(broker, exchange, lying):
    known = await exchange()
    lying.answer = {"access_token": "access-2", "refresh_token": None, "id_token": None}
    fresh = await broker.refresh(known)
    assert fresh.tokens.access_token == "access-2"
    assert fresh.tokens.refresh_token == "refresh-1"
    assert fresh.tokens.id_token == known.tokens.id_token
    assert fresh.login == known.login


@pytest.mark.parametrize(
    "claims, reason",
    [
        ({"sub": "person-2"}, "subject"),
        ({"iss": "https://broker.example.com"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"auth_time": 1}, "auth_time"),
        ({"sid": "session-2"}, "session"),
        ({"exp": 1}, "expired"),
    ],
)
async def test_a_refresh_of_another_login_is_refused(broker, exchange, lying, claims, reason):
    known = await exchange()
    lying.claims = {**claims, "jti": "another token"}
    with pytest.raises(TokenRefused) as told:
        await broker.refresh(known)
    assert told.value.reason == reason


async def test_a_refresh_brings_no_higher_level(broker, exchange, lying):
    known = await exchange()
    lying.claims = {"acr": "urn:gba:acr:4", "nonce": None}
    assert (await broker.refresh(known)).login.level is Level.LOGIN


async def test_without_a_refresh_token_there_is_nothing_to_refresh(broker, exchange, lying):
    lying.answer = {"refresh_token": None}
    known = await exchange()
    with pytest.raises(BrokerRefused) as told:
        await broker.refresh(known)
    assert told.value.reason == "invalid_grant"
    assert lying.calls["/token"] == 1


@pytest.mark.parametrize("subject", ["person-2", "", None, 1, [SUBJECT], SUBJECT + "\ud800"])
async def test_what_is_known_of_somebody_else_is_not_used(broker, exchange, lying, subject):
    lying.person["sub"] = subject
    with pytest.raises(TokenRefused) as told:
        await broker.userinfo(await exchange())
    assert told.value.reason == "subject"


async def test_of_what_is_known_only_what_we_use_comes_through(broker, exchange, lying):
    lying.person |= {"email": "chan@example.com", "address": {"country": "HK"}, "birthdate": "1958"}
    assert await broker.userinfo(await exchange()) == Profile(name="Chan")


async def test_an_access_token_that_is_over_is_refused(broker, exchange, lying):
    lying.faults["/userinfo"] = says(401, b"", "text/plain")
    with pytest.raises(BrokerRefused):
        await broker.userinfo(await exchange())


async def test_a_broker_without_userinfo_or_sign_out(broker, exchange, lying):
    lying.document = {"userinfo_endpoint": None, "end_session_endpoint": None}
    known = await exchange()
    assert await broker.end_session_url(known, "https://us/") is None
    with pytest.raises(BrokerUnavailable):
        await broker.userinfo(known)


async def test_where_to_sign_out(broker, exchange, lying):
    known = await exchange()
    address = await broker.end_session_url(known, "https://us/", "st")
    assert address.startswith(f"{lying.url}/logout?")
    assert parse_qs(urlsplit(address).query) == {
        "id_token_hint": [known.tokens.id_token], "client_id": [CLIENT_ID],
        "post_logout_redirect_uri": ["https://us/"], "state": ["st"],
    }  # fmt: skip


async def test_neither_logs_nor_errors_tell_a_secret(lying, redis, clock, caplog):
    us = Registration(lying.url, CLIENT_ID, CLIENT_SECRET)
    broker = Broker(us, redis, clock, QUICK, Breaker(failures=1000))

    def exchange():
        return broker.exchange(
            code="code-1", verifier="v" * 43, redirect_uri="https://us/cb", nonce="nonce-1",
            need=Need(Level.LOGIN), iss=lying.url,
        )  # fmt: skip

    secrets = ("code-1", "v" * 43, "nonce-1", CLIENT_SECRET, "access-1", "refresh-1", SUBJECT)
    caplog.set_level(logging.DEBUG)
    told = ""
    known = await exchange()
    token = known.tokens.id_token
    faults = [fault for fault, _ in FAULTS.values()] + [says(400), says(400, b'{"error": "a"}')]
    for fault in faults:
        for place in ("/token", "/userinfo"):
            lying.faults[place] = fault
        for call in (exchange(), broker.userinfo(known), broker.refresh(known)):
            with suppress(BrokerError):
                try:
                    await call
                except BrokerError as error:
                    told += "".join(traceback.format_exception(error, chain=True)) + repr(error)
                    raise
    lying.faults.clear()
    ours = "".join(r.getMessage() for r in caplog.records if r.name.startswith("actions"))
    assert ours and told
    for secret in (*secrets, token, "eyJ"):
        assert secret not in ours + told + repr(known) + repr(us), secret
    await broker.close()


@pytest.mark.parametrize(
    "issuer",
    ["http://broker.example.com", "https://", "ftp://127.0.0.1", "https://b?a=b", "b", "https://["],
)
def test_no_secret_goes_where_others_read_it(issuer):
    with pytest.raises(SettingsError):
        Registration(issuer, CLIENT_ID, CLIENT_SECRET)


@pytest.mark.parametrize("algorithms", [(), ("HS256",), ("none",), ("RS256", "HS256")])
def test_only_algorithms_with_public_keys_can_be_chosen(algorithms):
    with pytest.raises(SettingsError):
        Registration("https://broker.example.com", CLIENT_ID, CLIENT_SECRET, algorithms)

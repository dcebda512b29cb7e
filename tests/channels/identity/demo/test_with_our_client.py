"""The assistant's own client signs in at the demo broker, as it does in a demo."""

import asyncio
import secrets
from datetime import timedelta

import pytest_asyncio

from actions.identity.broker import Broker
from actions.identity.model import Level, Need
from actions.identity.registration import Registration
from core.clock import system_clock
from tests.support.relying_party import told

NEED = Need(Level.REAUTHENTICATED, timedelta(minutes=5))


@pytest_asyncio.fixture
async def ours(broker, redis):
    client = broker.client
    us = Registration(broker.issuer, client.client_id, client.secret)
    made = Broker(us, redis, system_clock)
    yield made
    await made.close()


async def test_signs_in_renews_is_told_and_signs_out(ours, party, broker):
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
    to = broker.client.redirect_uri
    url = await ours.authorize_url(
        state="s", nonce=nonce, verifier=verifier, redirect_uri=to, need=NEED,
        scope="openid profile phone document", ui_locales=("zh-CN",), prompt="login",
    )  # fmt: skip

    def walk():
        page = party.open(url)
        page = party.tap(party.tap(page, "login", "guangdong"), "person", "mainland")
        return party.tap(page, "number", party.numbers(page)[0]).headers["location"]

    back = told(await asyncio.to_thread(walk))
    known = await ours.exchange(
        code=back["code"], verifier=verifier, redirect_uri=to, nonce=nonce, need=NEED,
        iss=back["iss"],
    )  # fmt: skip
    assert known.login.level is Level.REAUTHENTICATED
    profile = await ours.userinfo(known)
    assert profile.name and profile.birthdate and profile.document_number
    renewed = await ours.refresh(known)
    assert renewed.tokens.access_token != known.tokens.access_token
    assert renewed.login == known.login
    assert await ours.userinfo(renewed) == profile

    away = await ours.end_session_url(renewed, broker.client.post_logout_redirect_uri)
    answer = await asyncio.to_thread(party.browser.get, away, allow_redirects=False, timeout=10)
    assert answer.headers["location"] == broker.client.post_logout_redirect_uri
    logout = await ours.verify_logout_token(broker.logout_tokens[-1])
    assert (logout.issuer, logout.sid) == (known.login.issuer, known.login.sid)

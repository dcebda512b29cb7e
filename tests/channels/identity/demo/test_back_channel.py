"""Signing out at the demo broker, and telling the client."""

import asyncio
import logging
import time

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from channels.identity.demo import back_channel
from channels.identity.demo.server import COOKIE
from tests.support.relying_party import refused
from tests.support.server import free_port


def test_the_client_signs_out_and_is_told_so(party, broker):
    token = party.sign_in()
    home = broker.client.post_logout_redirect_uri
    answer = party.out(id_token_hint=token["id_token"], post_logout_redirect_uri=home, state="s")
    assert answer.headers["location"] == f"{home}?state=s"
    assert party.userinfo(token["access_token"]).status_code == 401
    refused(lambda: party.refresh(token))
    (logout_token,) = broker.logout_tokens
    decoded = party.claims(logout_token)
    claims, signed_in = decoded.claims, party.claims(token["id_token"]).claims
    assert decoded.header["typ"] == "logout+jwt"
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert {name: claims[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: signed_in[name] for name in ("iss", "aud", "sub", "sid")
    }
    assert "nonce" not in claims
    assert claims["jti"]
    assert 0 < claims["exp"] - claims["iat"] <= 120
    party.out(id_token_hint=token["id_token"])  # a second time there is nothing to end
    assert len(broker.logout_tokens) == 1


def test_a_person_signs_out_on_the_page(party, broker):
    token = party.sign_in()
    answer = party.out(ui_locales="en")
    assert "Sign out here?" in answer.text
    assert broker.logout_tokens == []  # to look changes nothing
    assert "You are signed out" in party.tap(answer, "out").text
    assert party.userinfo(token["access_token"]).status_code == 401
    assert len(broker.logout_tokens) == 1
    assert COOKIE not in party.browser.cookies


def test_a_stranger_signs_nobody_out(party, broker):
    token = party.sign_in()
    party.browser.cookies.clear()
    assert party.tap(party.out(), "out").status_code == 200
    assert party.userinfo(token["access_token"]).status_code == 200
    assert broker.logout_tokens == []


@pytest.mark.parametrize("hint", ["x", "e30.e30.x", "eyJhbGciOiJub25lIn0.e30.", "é" * 9])
def test_a_hint_that_is_no_token_of_ours_is_refused(party, broker, hint):
    answer = party.out(
        id_token_hint=hint, post_logout_redirect_uri=broker.client.post_logout_redirect_uri
    )
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_a_hint_that_somebody_else_signed_is_refused(party, broker):
    claims = party.claims(party.sign_in()["id_token"]).claims
    stranger = RSAKey.generate_key(2048)
    forged = jwt.encode({"alg": "RS256", "kid": broker.key.kid}, claims, stranger)
    assert party.out(id_token_hint=forged).status_code == 400
    assert party.userinfo().status_code == 200


def test_nobody_is_sent_elsewhere_after_signing_out(party):
    token = party.sign_in()
    answer = party.out(
        id_token_hint=token["id_token"], post_logout_redirect_uri="https://evil.example/"
    )
    assert answer.status_code == 200
    assert "location" not in answer.headers


@pytest.mark.parametrize("status", [400, 500])
def test_signing_out_does_not_hang_on_a_client_that_refuses(party, broker, status, caplog):
    token = party.sign_in()
    broker.logout_status = status
    with caplog.at_level(logging.WARNING):
        assert party.out(id_token_hint=token["id_token"]).status_code == 200
    assert f"refused a logout: {status}" in caplog.text
    assert party.userinfo(token["access_token"]).status_code == 401


async def test_a_client_that_is_away_or_never_answers_holds_nobody_up(monkeypatch, caplog):
    monkeypatch.setattr(back_channel, "_TIMEOUT_S", 0.2)
    silent = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    for address in (f"http://127.0.0.1:{free_port()}/x", f"http://127.0.0.1:{port}/x"):
        caplog.clear()
        started = time.monotonic()
        with caplog.at_level(logging.WARNING):
            await back_channel.tell(address, "the-token")
        assert time.monotonic() - started < 2
        assert "could not be told" in caplog.text
        assert "the-token" not in caplog.text
    silent.close()

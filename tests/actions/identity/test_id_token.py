"""ID tokens that are not what was asked for: each is refused, and the reason told."""

import base64
import hmac
import json
import logging
from datetime import timedelta

import pytest
from joserfc import jws, jwt

from actions.identity.errors import TokenRefused
from actions.identity.model import Level, Login, Need
from tests.actions.identity.conftest import NOW
from tests.support.lying_broker import (
    CLIENT_ID,
    EC,
    NONCE,
    OTHER_RSA,
    RSA,
    SUBJECT,
    public,
)

AGAIN = Need(Level.REAUTHENTICATED)


def ago(**time):
    return int((NOW - timedelta(**time)).timestamp())


async def refused(exchange, **asked):
    with pytest.raises(TokenRefused) as told:
        await exchange(**asked)
    return told.value.reason


async def test_a_good_one_says_who_how_surely_and_when(exchange, lying):
    assert (await exchange()).login == Login(
        lying.url, SUBJECT, "session-1", Level.LOGIN, NOW - timedelta(seconds=5)
    )


@pytest.mark.parametrize(
    "claims, reason",
    [
        ({"iss": "https://broker.example.com"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": [CLIENT_ID, "another"]}, "audience"),
        ({"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"azp": [CLIENT_ID]}, "audience"),
        ({"exp": ago(seconds=60)}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "2999-01-01"}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": 2**60}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"exp": float("inf")}, "expired"),
        ({"iat": ago(seconds=-61)}, "issued_at"),
        ({"iat": None}, "issued_at"),
        ({"iat": True}, "issued_at"),
        ({"nbf": ago(seconds=-61)}, "issued_at"),
        ({"nonce": "nonce-2"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": [NONCE]}, "nonce"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": 7}, "subject"),
        ({"sub": "a" * 256}, "subject"),
        ({"sub": "\ud800"}, "subject"),
        ({"sid": 7}, "session"),
        ({"acr": None}, "acr"),
        ({"acr": "urn:gba:acr:1"}, "acr"),
        ({"acr": "urn:gba:acr:9"}, "acr"),
        ({"acr": "gold"}, "acr"),
        ({"acr": 2}, "acr"),
        ({"auth_time": None}, "auth_time"),
        ({"auth_time": "now"}, "auth_time"),
        ({"auth_time": ago(seconds=-61)}, "auth_time"),
        ({"auth_time": -5}, "auth_time"),
    ],
)
async def test_a_claim_that_does_not_fit(exchange, lying, claims, reason):
    lying.claims = claims
    assert await refused(exchange) == reason


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID], "azp": CLIENT_ID},
        {"exp": ago(seconds=59)},
        {"iat": ago(seconds=-60)},
        {"nbf": ago(seconds=-60)},
        {"auth_time": ago(seconds=-60)},
        {"auth_time": ago(days=30)},
        {"sid": None},
        {"acr": "urn:gba:acr:4"},
        {"amr": ["pin"], "unheard_of": {"a": 1}},
    ],
)
async def test_what_a_good_one_may_say(exchange, lying, claims):
    lying.claims = claims
    await exchange()


async def test_a_lower_level_than_was_asked(exchange, lying):
    assert await refused(exchange, need=AGAIN) == "acr"
    lying.claims = {"acr": "urn:gba:acr:3"}
    await exchange(need=AGAIN)


@pytest.mark.parametrize("minutes, fits", [(6, True), (6.02, False), (60, False)])
async def test_an_older_login_than_was_asked(exchange, lying, minutes, fits):
    lying.claims = {"acr": "urn:gba:acr:3", "auth_time": ago(minutes=minutes)}
    if fits:  # five minutes, and one for the clocks
        await exchange(need=AGAIN)
    else:
        assert await refused(exchange, need=AGAIN) == "auth_time"


@pytest.mark.parametrize("minutes, told", [(10, False), (11, True)])
async def test_one_that_lives_too_long_is_noted(exchange, lying, caplog, minutes, told):
    lying.claims = {"exp": ago(minutes=-minutes)}
    with caplog.at_level(logging.WARNING):
        await exchange()
    assert ("longer than ten minutes" in caplog.text) is told


def base64_of(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def encoded(content):
    return base64_of(json.dumps(content).encode())


def with_header(lying, **header):
    """A good token under another header; its signature fits no longer."""
    _, body, signature = lying.id_token().split(".")
    return f"{encoded(header).decode()}.{body}.{signature}"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
async def test_one_that_nobody_signed(exchange, lying, algorithm):
    raw = with_header(lying, alg=algorithm)
    lying.answer = {"id_token": raw[: raw.rindex(".") + 1]}
    assert await refused(exchange) == "algorithm"


async def test_one_that_is_signed_with_our_secret_or_with_the_public_key(exchange, lying):
    claims = jwt.decode(lying.id_token(), RSA, algorithms=["RS256"]).claims
    pem = RSA.as_pem(private=False)
    for secret in (pem, b"the-secret-of-ours" * 3, json.dumps(lying.keys[0]).encode()):
        header = {"alg": "HS256", "kid": "rsa"}
        signed = b".".join(map(encoded, (header, claims)))
        signature = hmac.digest(secret, signed, "sha256")
        lying.answer = {"id_token": (signed + b"." + base64_of(signature)).decode()}
        assert await refused(exchange) == "algorithm"


async def test_a_key_set_with_a_secret_makes_no_signature_good(exchange, lying):
    lying.keys = [{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa"}]
    assert await refused(exchange) == "key"


@pytest.mark.parametrize("algorithm", ["RS512", "HS256", "EdDSA", "ES256K", 7, None, ["RS256"], {}])
async def test_an_algorithm_that_is_not_allowed(exchange, lying, algorithm):
    lying.answer = {"id_token": with_header(lying, alg=algorithm, kid="rsa")}
    assert await refused(exchange) in ("algorithm", "malformed")


async def test_one_that_somebody_else_signed(exchange, lying):
    lying.signing_key = OTHER_RSA
    assert await refused(exchange) == "signature"


async def test_one_that_brings_its_own_key(exchange, lying):
    lying.signing_key = OTHER_RSA
    lying.header = {"jwk": public(OTHER_RSA, "rsa"), "jku": f"{lying.url}/other", "x5c": ["MII"]}
    assert await refused(exchange) in ("signature", "malformed")
    assert lying.calls["/other"] == 0


async def test_one_of_another_algorithm_than_its_key(exchange, lying):
    lying.signing_key, lying.header = EC, {"alg": "ES256", "kid": "rsa"}
    assert await refused(exchange) == "key"


@pytest.mark.parametrize("kind", ["logout+jwt", "at+jwt", "secevent+jwt", 7])
async def test_a_token_of_another_kind(exchange, lying, kind):
    lying.header = {"typ": "JWT"}
    await exchange()
    lying.answer = {"id_token": with_header(lying, alg="RS256", kid="rsa", typ=kind)}
    assert await refused(exchange) in ("type", "malformed")


async def test_a_header_that_must_be_understood_and_is_not(exchange, lying):
    lying.header = {"exp": 1}
    await exchange()
    lying.answer = {"id_token": with_header(lying, alg="RS256", kid="rsa", exp=1, crit=["exp"])}
    assert await refused(exchange) == "malformed"


NO_TOKENS = {
    "nothing": "",
    "one part": "a",
    "two parts": "a.b",
    "three letters": "a.b.c",
    "dots": "....",
    "an empty header": "e30.e30.",
    "a list": "W10.W10.W10",
    "null": "bnVsbA.e30.e30",
    "a header that is the word alg": encoded("alg").decode() + ".e30.e30",
    "a header that is a list of it": encoded(["alg"]).decode() + ".e30.e30",
    "no ASCII": "é.é.é",
    "huge": "a" * 17_000,
    "a huge header": "[" * 9000 + ".e30.e30",
    "a deep header": base64_of(b"[" * 380).decode() + ".e30.e30",
}


@pytest.mark.parametrize("raw", NO_TOKENS.values(), ids=NO_TOKENS)
async def test_what_is_no_token(exchange, lying, raw):
    lying.answer = {"id_token": raw}
    assert await refused(exchange) == "malformed"


@pytest.mark.parametrize("content", [b"[]", b"7", b"null", b"{", b"\xff", b"[" * 5000], ids=len)
async def test_a_good_signature_under_what_is_no_claims(exchange, lying, content):
    raw = jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, content, RSA)
    lying.answer = {"id_token": raw}
    assert await refused(exchange) == "malformed"


async def test_one_letter_changed(exchange, lying):
    good = lying.id_token()
    head, body, signature = good.split(".")
    for place in (10, len(body) // 2):
        other = "B" if body[place] != "B" else "C"
        changed = body[:place] + other + body[place + 1 :]
        lying.answer = {"id_token": f"{head}.{changed}.{signature}"}
        assert await refused(exchange) == "signature"

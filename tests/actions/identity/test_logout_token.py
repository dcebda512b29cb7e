"""Logout tokens: anyone can post one to us, so that each is checked, and counts once."""

import asyncio

import pytest

from actions.identity.errors import BrokerUnavailable, TokenRefused
from actions.identity.model import Logout
from tests.support.lying_broker import EVENT, OTHER_RSA, SUBJECT


async def refused(broker, raw):
    with pytest.raises(TokenRefused) as told:
        await broker.verify_logout_token(raw)
    return told.value.reason


async def test_a_good_one_says_whom(broker, lying):
    told = await broker.verify_logout_token(lying.logout_token())
    assert told == Logout(lying.url, SUBJECT, "session-1")


@pytest.mark.parametrize(
    "claims, subject, sid",
    [({"sub": None}, None, "session-1"), ({"sid": None}, SUBJECT, None)],
)
async def test_a_session_or_a_person_is_enough(broker, lying, claims, subject, sid):
    told = await broker.verify_logout_token(lying.logout_token(**claims))
    assert (told.subject, told.sid) == (subject, sid)


@pytest.mark.parametrize(
    "claims, reason",
    [
        ({"iss": "https://broker.example.com"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"nonce": "nonce-1"}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"sub": None, "sid": None}, "subject"),
        ({"sub": "", "sid": None}, "subject"),
        ({"sid": 7}, "session"),
        ({"events": None}, "events"),
        ({"events": []}, "events"),
        ({"events": {}}, "events"),
        ({"events": {EVENT: True}}, "events"),
        ({"events": {"http://schemas.openid.net/event/other": {}}}, "events"),
        ({"jti": None}, "malformed"),
        ({"jti": 7}, "malformed"),
        ({"iat": None}, "issued_at"),
        ({"exp": None}, "expired"),
    ],
)
async def test_a_claim_that_does_not_fit(broker, lying, claims, reason):
    assert await refused(broker, lying.logout_token(**claims)) == reason


@pytest.mark.parametrize("seconds, reason", [(-180, None), (-181, "issued_at"), (60, None),
                                             (61, "issued_at")])  # fmt: skip
async def test_it_must_be_fresh(broker, lying, seconds, reason):
    raw = lying.logout_token(iat=lying.now(seconds), exp=lying.now(300))
    if reason:
        assert await refused(broker, raw) == reason
    else:
        await broker.verify_logout_token(raw)


async def test_one_that_is_over(broker, lying):
    raw = lying.logout_token(exp=lying.now(-60))
    assert await refused(broker, raw) == "expired"


@pytest.mark.parametrize("kind", ["JWT", "logout", None, "at+jwt"])
async def test_a_token_of_another_kind(broker, lying, kind):
    assert await refused(broker, lying.logout_token({"typ": kind})) == "type"


async def test_an_id_token_signs_nobody_out(broker, lying):
    assert await refused(broker, lying.id_token()) == "type"
    lying.header = {"typ": "logout+jwt"}
    assert await refused(broker, lying.id_token()) == "nonce"


async def test_one_that_somebody_else_signed(broker, lying):
    lying.signing_key = OTHER_RSA
    assert await refused(broker, lying.logout_token()) == "signature"


async def test_it_counts_once(broker, lying):
    raw = lying.logout_token()
    await broker.verify_logout_token(raw)
    assert await refused(broker, raw) == "replayed"
    assert await refused(broker, lying.logout_token()) == "replayed"  # its id counts, not its bytes
    await broker.verify_logout_token(lying.logout_token(jti="jti-2"))


async def test_of_many_at_once_one_counts(broker, lying):
    raw = lying.logout_token()
    done = await asyncio.gather(
        *(broker.verify_logout_token(raw) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Logout) for outcome in done) == 1
    assert {o.reason for o in done if not isinstance(o, Logout)} == {"replayed"}


async def test_one_that_is_refused_spends_no_id(broker, lying):
    assert await refused(broker, lying.logout_token(aud="another")) == "audience"
    await broker.verify_logout_token(lying.logout_token())


async def test_its_id_is_remembered_for_longer_than_it_is_fresh_and_not_in_clear(
    broker, lying, redis
):
    await broker.verify_logout_token(lying.logout_token(jti="the-id-of-it"))
    (key,) = await redis.keys("identity:logout:*")
    assert 240 < await redis.ttl(key) <= 300
    assert "the-id-of-it" not in key


async def test_while_the_keys_cannot_be_read_it_can_come_again(broker, lying):
    async def gone(_request):
        raise RuntimeError

    lying.faults["/keys"] = gone
    raw = lying.logout_token()
    with pytest.raises(BrokerUnavailable):
        await broker.verify_logout_token(raw)
    lying.faults.clear()
    await broker.verify_logout_token(raw)

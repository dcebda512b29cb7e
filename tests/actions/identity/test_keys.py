"""The broker changes its keys, loses them, and shows some that are none."""

import asyncio
import time

import pytest
from aiohttp import web

from actions.identity.errors import BrokerUnavailable, TokenRefused
from tests.support.lying_broker import EC, OTHER_RSA, RSA, WEAK_RSA, public


async def refused(exchange):
    with pytest.raises(TokenRefused) as told:
        await exchange()
    return told.value.reason


def signs_with(lying, key, kid, algorithm="RS256"):
    lying.signing_key, lying.header = key, {"kid": kid, "alg": algorithm}


async def test_keys_are_read_once_for_many_logins(exchange, lying):
    await asyncio.gather(*(exchange() for _ in range(10)))
    assert lying.calls["/keys"] == 1


async def test_a_new_key_is_looked_for(exchange, lying, clock):
    await exchange()
    lying.keys = [public(OTHER_RSA, "new")]
    signs_with(lying, OTHER_RSA, "new")
    clock.turn(seconds=30)
    await exchange()
    signs_with(lying, RSA, "rsa")
    assert await refused(exchange) == "key"  # the old one is gone


async def test_unknown_keys_make_us_look_every_half_minute_at_most(exchange, lying, clock):
    await exchange()
    signs_with(lying, OTHER_RSA, "unknown")
    for _ in range(10):
        assert await refused(exchange) == "key"
        clock.turn(seconds=10)
    assert lying.calls["/keys"] == 1 + 3  # at 30, 60 and 90 seconds
    signs_with(lying, RSA, "rsa")
    await exchange()


async def test_a_key_that_was_taken_back_is_believed_for_an_hour_at_most(exchange, lying, clock):
    await exchange()
    lying.keys = [public(EC, "ec")]
    clock.turn(minutes=59)
    await exchange()
    clock.turn(minutes=1)
    assert await refused(exchange) == "key"


async def test_known_keys_do_while_the_broker_has_lost_them(exchange, lying, clock):
    async def gone(_request):
        return web.Response(status=404)

    await exchange()
    lying.faults["/keys"] = gone
    clock.turn(minutes=30)
    await exchange()
    signs_with(lying, OTHER_RSA, "unknown")
    with pytest.raises(BrokerUnavailable):
        await exchange()
    assert await refused(exchange) == "key"  # nor are they asked for again at once
    clock.turn(seconds=30)
    with pytest.raises(BrokerUnavailable):
        await exchange()


async def test_a_slow_broker_is_waited_for_once_however_many_wait(exchange, lying):
    async def slow(_request):
        await asyncio.sleep(1.2)
        return web.Response()

    lying.faults["/keys"] = slow
    began = time.monotonic()
    done = await asyncio.gather(*(exchange() for _ in range(10)), return_exceptions=True)
    assert {error.reason for error in done} == {"timeout"}
    assert time.monotonic() - began < 3  # two tries of half a second, not ten times two
    assert lying.calls["/keys"] == 2


async def test_one_who_gives_up_waiting_does_not_take_it_from_the_others(exchange, lying):
    async def slow(_request):
        await asyncio.sleep(0.1)
        return web.json_response({"keys": lying.keys})

    lying.faults["/keys"] = slow
    first, second = (asyncio.ensure_future(exchange()) for _ in range(2))
    while not lying.calls["/keys"]:
        await asyncio.sleep(0.01)
    first.cancel()
    assert (await second).login
    assert lying.calls["/keys"] == 1


@pytest.mark.parametrize("keys", [None, {}, "keys", 7])
async def test_what_is_no_key_set(exchange, lying, keys):
    lying.keys = keys
    with pytest.raises(BrokerUnavailable) as told:
        await exchange()
    assert told.value.reason == "malformed"


@pytest.mark.parametrize(
    "bad",
    [
        None, 7, "key", [], {}, {"kty": "RSA", "kid": "rsa"}, {"kty": "EC", "kid": "rsa"},
        {"kty": "RSA", "kid": "rsa", "n": "!", "e": "AQAB"},
        {"kty": "RSA", "kid": "rsa", "n": 5, "e": 3},
        {"kty": "RSA", "kid": "rsa", "n": "", "e": ""},
        {"kty": "EC", "kid": "rsa", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "kid": "rsa", "crv": "P-999", "x": "AA", "y": "AA"},
        {"kty": ["RSA"], "kid": "rsa"}, {"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "rsa"},
        public(RSA, "rsa", use="enc"), public(RSA, "rsa", alg="RS512"),
        public(RSA, "rsa", use=7),
    ],
)  # fmt: skip
async def test_what_is_no_key_for_signatures_is_left_out(exchange, lying, bad):
    lying.keys = [bad, public(EC, "ec")]
    assert await refused(exchange) == "key"
    signs_with(lying, EC, "ec", "ES256")
    await exchange()  # the others count


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_key_that_is_too_short_is_left_out(exchange, lying):
    lying.keys = [public(WEAK_RSA, "rsa")]
    signs_with(lying, WEAK_RSA, "rsa")
    assert await refused(exchange) == "key"


async def test_two_keys_of_one_name_are_none(exchange, lying):
    lying.keys = [public(RSA, "rsa"), public(OTHER_RSA, "rsa")]
    assert await refused(exchange) == "key"


@pytest.mark.parametrize("keys, fits", [
    ([public(RSA, "rsa"), public(EC, "ec")], True),
    ([public(RSA, "rsa"), public(OTHER_RSA, "other")], False),
])  # fmt: skip
async def test_a_token_that_names_no_key_fits_the_only_one(exchange, lying, keys, fits):
    lying.keys = keys
    signs_with(lying, RSA, None)
    if fits:
        await exchange()
    else:
        assert await refused(exchange) == "key"


async def test_a_set_of_very_many_is_not_read_to_its_end(exchange, lying):
    lying.keys = [{}] * 50 + [public(RSA, "rsa")]
    assert await refused(exchange) == "key"

"""Sign-ins under way: found by their secrets alone, taken once, sealed, ended in time."""

import asyncio
import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from actions.identity.handoff_store import AT_MOST, LIFETIMES, HandOffStore
from actions.identity.journey import Journey, Parked
from actions.identity.model import HandOff, Level, Login, Need, Tokens, TokenSet
from core.vault import Vault, make_keys
from tests.support.identity import everything

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
NEED = Need(Level.LOGIN, timedelta(minutes=5))
HAND_OFF = HandOff("web-a", "web", "", "view_appointment", NEED, "yue-Hant", NOW, "47")
LOGIN = TokenSet(
    Login("https://broker.test", "subject", None, Level.LOGIN, NOW),
    Tokens("access", None, "id", NOW),
)


@pytest.fixture
def store(redis):
    return HandOffStore(redis, Vault(make_keys(), "f"))


def secret():
    return secrets.token_urlsafe(32)


async def begin(store, journey):
    """Uses a new link for a journey. Returns its state and cookie."""
    state, cookie = secret(), secret()
    assert await store.begin(await store.create(journey.hand_off), journey, state, cookie)
    return state, cookie


async def test_a_link_is_looked_at_again_and_again_and_used_once(store):
    token = await store.create(HAND_OFF)
    for _ in range(3):
        assert await store.look(token) == HAND_OFF
    assert await store.consume(token) == HAND_OFF
    assert await store.consume(token) is None
    assert await store.look(token) is None


async def test_of_many_that_come_at_once_one_gets_it(store):
    token = await store.create(HAND_OFF)
    got = await asyncio.gather(*(store.consume(token) for _ in range(50)))
    assert [one for one in got if one] == [HAND_OFF]


async def test_redis_holds_a_hash_of_the_token_and_nothing_to_read(store, redis):
    token = await store.create(HAND_OFF)
    kept = await everything(redis)
    assert hashlib.sha256(token.encode()).hexdigest() in kept
    for plain in (token, "view_appointment", "yue-Hant", '"47"'):
        assert plain not in kept


async def test_a_token_has_256_bits_of_chance(store):
    tokens = {await store.create(replace(HAND_OFF, sender=str(n))) for n in range(50)}
    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 50


async def test_each_stage_ends_in_time(store, redis):
    await begin(store, Journey(HAND_OFF, "n", "v"))
    await store.create(HAND_OFF)
    await store.park(Parked(HAND_OFF, LOGIN, "12"))
    await store.undo_ticket("web-a")
    left = {key.split(":")[1]: await redis.pttl(key) for key in await redis.keys("identity:*:*")
            if "-of:" not in key}  # fmt: skip
    assert left.keys() == LIFETIMES.keys()
    for kind, lifetime in LIFETIMES.items():
        assert 0 < left[kind] <= lifetime.total_seconds() * 1000
    assert LIFETIMES["link"] == timedelta(minutes=5)
    assert all([await redis.pttl(key) > 0 for key in await redis.keys("*")])  # nothing stays


async def test_what_has_ended_is_gone(store, redis):
    token = await store.create(HAND_OFF)
    for key in await redis.keys("identity:link:*"):
        await redis.pexpire(key, 1)
    await asyncio.sleep(0.01)
    assert await store.look(token) is None
    assert await store.consume(token) is None


NEVER = ["", "*", "a" * 42, "a" * 44, "é" * 43, "a" * 43 + "\n", "a" * 43, "x" * 1_000_000, "\0"]


@pytest.mark.parametrize("token", NEVER, ids=lambda token: repr(token[:12]))
async def test_what_was_never_issued_opens_nothing(store, token):
    await store.create(HAND_OFF)
    assert await store.look(token) is None
    assert await store.consume(token) is None
    assert await store.undo(token) is None
    assert await store.finish(token, secret()) is None
    assert await store.finish(secret(), token) is None


async def test_the_token_of_one_stage_opens_no_other(store):
    token = await store.create(HAND_OFF)
    assert await store.undo(token) is None
    assert await store.consume(await store.undo_ticket("web-a")) is None
    assert await store.look(token) == HAND_OFF


async def test_a_record_that_was_moved_cannot_be_read(store, redis, caplog):
    token, other = await store.create(HAND_OFF), secret()
    moved = "identity:link:" + hashlib.sha256(other.encode()).hexdigest()
    await redis.rename((await redis.keys("identity:link:*"))[0], moved)
    assert await store.look(other) is None
    assert "cannot be read" in caplog.text
    assert token not in caplog.text


async def test_a_journey_takes_both_the_state_and_the_cookie(store):
    journey = Journey(HAND_OFF, "nonce", "verifier", elsewhere=True)
    state, cookie = await begin(store, journey)
    assert await store.finish(state, secret()) is None
    assert await store.finish(secret(), cookie) is None
    assert await store.finish(cookie, state) is None
    assert await store.finish(state, cookie) == journey
    assert await store.finish(state, cookie) is None


async def test_a_journey_takes_a_link_that_nobody_has_used(store, redis):
    token, journey = await store.create(HAND_OFF), Journey(HAND_OFF, "n", "v")
    begun = [(secret(), secret()) for _ in range(20)]
    came = await asyncio.gather(*(store.begin(token, journey, *secrets) for secrets in begun))
    assert came.count(True) == 1
    assert await store.look(token) is None
    found = [await store.finish(*secrets) for secrets in begun]
    assert [one == journey for one in found] == came
    assert not await store.begin("never a token", journey, secret(), secret())


async def test_of_two_that_come_back_at_once_one_goes_on(store):
    state, cookie = await begin(store, Journey(HAND_OFF, "n", "v"))
    got = await asyncio.gather(*(store.finish(state, cookie) for _ in range(20)))
    assert len([one for one in got if one]) == 1


async def test_a_parked_login_is_its_senders_and_taken_once(store, redis):
    parked = Parked(HAND_OFF, LOGIN, "62")
    await store.park(parked)
    kept = await everything(redis)
    for plain in ("access", "subject", '62"'):
        assert plain not in kept
    assert await store.unpark("web-b") is None
    assert (await store.is_parked("web-a"), await store.is_parked("web-b")) == (True, False)
    assert await store.unpark("web-a") == parked
    assert await store.unpark("web-a") is None


async def test_a_sender_has_three_under_way_and_a_fourth_ends_the_oldest(store):
    tokens = [await store.create(HAND_OFF) for _ in range(AT_MOST)]
    other = await store.create(replace(HAND_OFF, sender="web-b"))
    assert all([await store.look(token) for token in tokens])
    newest = await store.create(HAND_OFF)
    assert [bool(await store.look(t)) for t in [*tokens, newest]] == [False, True, True, True]
    assert await store.look(other)


async def test_what_was_used_leaves_room(store):
    first = await store.create(HAND_OFF)
    for _ in range(10):
        await store.consume(await store.create(HAND_OFF))
    assert await store.look(first)


async def test_tickets_to_undo_crowd_out_no_sign_in(store):
    token = await store.create(HAND_OFF)
    tickets = [await store.undo_ticket("web-a") for _ in range(10)]
    assert await store.look(token)
    assert await store.undo(tickets[-1]) == "web-a"
    assert await store.undo(tickets[-1]) is None


async def test_all_of_a_sender_ends_at_once(store, redis):
    state, cookie = await begin(store, Journey(HAND_OFF, "n", "v"))
    token = await store.create(HAND_OFF)
    await store.park(Parked(HAND_OFF, LOGIN, "62"))
    ticket = await store.undo_ticket("web-a")
    other = await store.create(replace(HAND_OFF, sender="web-b"))
    assert await store.end_of("web-a") == 4
    assert await store.end_of("web-a") == 0
    assert await store.look(token) is None
    assert await store.finish(state, cookie) is None
    assert await store.unpark("web-a") is None
    assert await store.undo(ticket) is None
    assert await store.look(other)
    assert not [key for key in await redis.keys("*") if "web-a" in key]

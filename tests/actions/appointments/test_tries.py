"""Guessing references: few tries, counted for who guesses and for what is guessed at."""

import asyncio
import hashlib
import hmac

import pytest

from actions.appointments.references import make
from actions.appointments.tries import PER_REFERENCE, PER_SENDER, Tries

REFERENCE = "K4M-T7P-R2W"


def fingerprint(purpose, value):
    return hmac.new(b"secret", f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def tries(redis):
    return Tries(redis, fingerprint)


async def at_once(count, attempt):
    """How many of so many attempts at the same time are allowed."""
    return sum(await asyncio.gather(*(attempt(i) for i in range(count))))


async def test_a_sender_has_five_tries(tries):
    assert [await tries.allowed("someone", make()) for _ in range(7)] == [True] * 5 + [False] * 2
    assert await tries.allowed("other", make())


async def test_a_reference_may_be_tried_twenty_times_by_anybody(tries):
    allowed = [await tries.allowed(f"sender-{i}", REFERENCE) for i in range(22)]
    assert allowed == [True] * 20 + [False] * 2
    assert await tries.allowed("sender-21", make())


async def test_tries_at_the_same_time_are_no_more(tries):
    assert await at_once(50, lambda i: tries.allowed("someone", make())) == PER_SENDER
    assert await at_once(50, lambda i: tries.allowed(f"s{i}", REFERENCE)) == PER_REFERENCE


async def test_a_try_that_was_right_does_not_count(tries):
    for _ in range(30):
        assert await tries.allowed("someone", REFERENCE)
        await tries.give_back("someone", REFERENCE)
    assert [await tries.allowed("someone", REFERENCE) for _ in range(6)] == [True] * 5 + [False]


async def test_giving_back_gives_no_tries_in_advance(tries):
    for _ in range(3):
        await tries.give_back("someone", REFERENCE)
    assert [await tries.allowed("someone", make()) for _ in range(6)] == [True] * 5 + [False]


async def test_who_is_refused_uses_up_nothing_of_the_other(tries):
    for _ in range(PER_SENDER + 20):
        await tries.allowed("guesser", REFERENCE)
    others = [await tries.allowed(f"s{i}", REFERENCE) for i in range(16)]
    assert others == [True] * (PER_REFERENCE - PER_SENDER) + [False]
    assert await at_once(9, lambda i: tries.allowed("s15", make())) == PER_SENDER


async def test_after_an_hour_without_tries_all_is_forgotten(tries, redis):
    for _ in range(PER_SENDER):
        await tries.allowed("someone", REFERENCE)
    keys = await redis.keys("*")
    assert len(keys) == 2
    for key in keys:
        assert 3590 < await redis.ttl(key) <= 3600
        await redis.expire(key, 100)
    assert not await tries.allowed("someone", REFERENCE)
    assert {await redis.ttl(key) <= 100 for key in keys} == {True}  # refusals do not prolong it
    for key in keys:
        await redis.delete(key)
    assert await tries.allowed("someone", REFERENCE)


async def test_each_try_that_counts_starts_the_hour_anew(tries, redis):
    await tries.allowed("someone", REFERENCE)
    for key in await redis.keys("*"):
        await redis.expire(key, 100)
    await tries.allowed("someone", REFERENCE)
    assert min([await redis.ttl(key) for key in await redis.keys("*")]) > 3590


async def test_no_key_names_the_reference_or_the_sender(tries, redis):
    await tries.allowed("someone", REFERENCE)
    for key in await redis.keys("*"):
        for name in (REFERENCE, "someone"):
            assert name not in key
            assert hashlib.sha256(name.encode()).hexdigest() not in key

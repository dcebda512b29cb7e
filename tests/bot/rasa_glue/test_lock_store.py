"""One turn of a person at a time."""

import asyncio

import pytest
import pytest_asyncio
from rasa.core.lock_store import LockError

from bot.rasa_glue.lock_store import AsyncRedisLockStore
from core.cache import connect


@pytest_asyncio.fixture
async def other(redis_url):
    """A client of another process."""
    client = connect(redis_url)
    yield client
    await client.close()
    await client.connection_pool.disconnect()


async def test_turns_come_in_the_order_in_which_they_were_asked(redis):
    store, order = AsyncRedisLockStore(redis), []

    async def turn(number):
        async with store.lock("someone"):
            await asyncio.sleep(0.01)
            order.append(number)

    await asyncio.gather(*(turn(number) for number in range(10)))
    assert order == list(range(10))


async def test_two_processes_never_hold_it_together(redis, other):
    inside, most = 0, 0

    async def turn(store):
        nonlocal inside, most
        async with store.lock("someone"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    stores = [AsyncRedisLockStore(redis), AsyncRedisLockStore(other)]
    await asyncio.gather(*(turn(stores[n % 2]) for n in range(12)))
    assert most == 1


async def test_two_people_do_not_wait_for_each_other(redis):
    store = AsyncRedisLockStore(redis)
    async with store.lock("one"):
        await asyncio.wait_for(_taken(store, "two"), 5)


async def _taken(store, sender):
    async with store.lock(sender):
        pass


async def test_it_is_free_after_a_turn_that_failed(redis):
    store = AsyncRedisLockStore(redis)
    with pytest.raises(ValueError):
        async with store.lock("someone"):
            raise ValueError
    await asyncio.wait_for(_taken(store, "someone"), 5)
    assert await redis.keys("lock:*") == []


async def test_the_lock_of_a_killed_process_frees_itself(redis, other):
    dead = other.lock("lock:someone", timeout=0.3)
    assert await dead.acquire()
    await asyncio.wait_for(_taken(AsyncRedisLockStore(redis), "someone"), 5)


async def test_a_lock_that_is_held_too_long_is_given_up(redis, other):
    held = other.lock("lock:someone", timeout=60)
    assert await held.acquire()
    with pytest.raises(LockError):
        async with AsyncRedisLockStore(redis).lock("someone", lock_lifetime=0.2):
            pass
    assert await held.owned()


async def test_a_turn_that_took_too_long_does_not_free_the_lock_of_the_next(redis, other):
    async with AsyncRedisLockStore(redis).lock("someone", lock_lifetime=0.1):
        after = other.lock("lock:someone", timeout=60, sleep=0.01, blocking_timeout=5)
        assert await after.acquire()  # as soon as the first has run out
    assert await after.owned()

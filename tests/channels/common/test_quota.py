"""The ledger of what a platform lets us send, on Redis's own clock."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest

from channels.common.quota import Quota, Rule

RULES = [Rule("message", 5, 48 * 3600), Rule("menu", 3, 60), Rule("scan", 3, 60)]


@pytest.fixture
def quota(redis):
    return Quota(redis, RULES)


def ago(**by):
    return datetime.now(timezone.utc) - timedelta(**by)


async def spend(quota, sender="a"):
    """How many can be sent in a row."""
    count = 0
    while await quota.spend(sender):
        count += 1
    return count


async def test_without_anything_done_nothing_may_be_sent(quota):
    assert await quota.left("a") == 0
    assert not await quota.spend("a")


async def test_a_message_is_good_for_five(quota):
    await quota.grant("a", "message", ago(seconds=1))
    assert await quota.left("a") == 5
    assert await spend(quota) == 5
    assert await quota.left("a") == 0
    assert await quota.left("b") == 0


async def test_a_new_message_begins_anew_and_adds_nothing(quota):
    await quota.grant("a", "message", ago(seconds=9))
    await quota.spend("a")
    await quota.grant("a", "message", ago(seconds=1))
    assert await spend(quota) == 5


async def test_each_event_has_a_grant_of_its_own(quota):
    for event in ("message", "menu", "scan"):
        await quota.grant("a", event, ago(seconds=1))
    assert await quota.left("a") == 11
    await quota.grant("a", "other", ago(seconds=1))
    assert await spend(quota) == 11


async def test_the_grant_that_ends_first_is_drawn_from_first(quota):
    await quota.grant("a", "message", ago(seconds=1))
    await quota.grant("a", "menu", ago(seconds=58.7))
    for _ in range(2):
        assert await quota.spend("a")
    assert await quota.left("a") == 6
    await asyncio.sleep(1.4)
    assert await quota.left("a") == 5


async def test_a_grant_ends(quota, redis):
    await quota.grant("a", "message", ago(hours=48))
    await quota.grant("a", "menu", ago(seconds=59.7))
    assert await quota.left("a") == 3
    await asyncio.sleep(0.4)
    assert await quota.left("a") == 0
    assert not await quota.spend("a")
    assert await redis.keys("quota:*") == []


async def test_the_ledger_is_kept_as_long_as_its_longest_grant(quota, redis):
    await quota.grant("a", "message", ago(seconds=0))
    await quota.grant("a", "menu", ago(seconds=0))
    assert 48 * 3600 - 5 < await redis.ttl("quota:a") <= 48 * 3600


async def test_a_moment_in_the_future_is_now(quota, redis):
    await quota.grant("a", "menu", ago(days=-300))
    assert 55 < await redis.ttl("quota:a") <= 60


async def test_what_comes_late_does_not_shorten_what_there_is(quota, redis):
    await quota.grant("a", "message", ago(seconds=1))
    await quota.spend("a")
    await quota.grant("a", "message", ago(hours=40))
    assert await quota.left("a") == 4
    assert await redis.ttl("quota:a") > 47 * 3600


async def test_what_did_not_arrive_is_given_back_once(quota):
    await quota.grant("a", "message", ago(seconds=1))
    await spend(quota)
    await quota.refund("a")
    await quota.refund("a")
    assert await spend(quota) == 1


async def test_nothing_is_given_back_beyond_the_rule(quota):
    await quota.refund("a")
    assert await quota.left("a") == 0
    await quota.grant("a", "message", ago(seconds=9))
    await quota.spend("a")
    await quota.grant("a", "message", ago(seconds=1))
    await quota.refund("a")
    assert await quota.left("a") == 5


async def test_it_is_given_back_to_the_grant_that_it_came_from(quota):
    await quota.grant("a", "message", ago(seconds=1))
    await quota.grant("a", "menu", ago(seconds=59.3))
    await quota.spend("a")
    await quota.refund("a")
    assert await quota.left("a") == 8
    await quota.spend("a")
    await asyncio.sleep(0.8)
    await quota.refund("a")  # to a grant that has ended
    assert await quota.left("a") == 5


async def test_the_platform_has_the_last_word(quota):
    await quota.grant("a", "message", ago(seconds=1))
    await quota.spend("a")
    await quota.exhausted("a")
    await quota.refund("a")
    assert await quota.left("a") == 0
    await quota.grant("a", "message", ago(seconds=0))
    assert await quota.left("a") == 5


async def test_who_writes_while_a_message_is_refused_begins_anew_all_the_same(quota):
    await quota.grant("a", "message", ago(seconds=9))
    await quota.spend("a")
    await quota.grant("a", "message", ago(seconds=1))
    await quota.exhausted("a")  # what the platform said of the message before
    assert await quota.left("a") == 5
    await quota.spend("a")
    await quota.exhausted("a")
    assert await quota.left("a") == 0


async def test_of_many_at_once_no_more_than_there_are(quota, redis):
    await quota.grant("a", "message", ago(seconds=1))
    others = [quota, Quota(redis, RULES)]
    assert sum(await asyncio.gather(*[others[n % 2].spend("a") for n in range(64)])) == 5

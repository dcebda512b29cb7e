import asyncio
from datetime import datetime, timedelta, timezone

import pytest

from channels.wechat.refused import Refused
from channels.wechat.replay import WINDOW_S, Replays, check_time
from tests.support.wechat import VAULT

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def at(seconds):
    return str(int((NOW + timedelta(seconds=seconds)).timestamp()))


@pytest.mark.parametrize("seconds", [0, WINDOW_S, -WINDOW_S])
def test_a_request_of_now_is_taken(seconds):
    check_time(at(seconds), lambda: NOW)


@pytest.mark.parametrize(
    "timestamp",
    [
        at(WINDOW_S + 1), at(-WINDOW_S - 1), "1", "0", "4102444800", "", "now", "-1", "1e9", "９９",
        " " + at(0), at(0) + "\n", at(0) + ".0", "9" * 5000, at(0).replace("1", "１"),
    ],
)  # fmt: skip
def test_a_request_of_another_time_is_refused(timestamp):
    with pytest.raises(Refused, match="timestamp"):
        check_time(timestamp, lambda: NOW)


@pytest.fixture
def replays(redis):
    return Replays(redis, VAULT)


REQUEST = ("app", "signature", "1", "2")


async def test_the_same_request_again_goes_on(replays):
    for _ in range(3):
        await replays.check(*REQUEST, b"body")


async def test_a_signature_with_another_body_is_refused(replays):
    await replays.check(*REQUEST, b"body")
    with pytest.raises(Refused, match="replay"):
        await replays.check(*REQUEST, b"another")
    await replays.check(*REQUEST, b"body")


@pytest.mark.parametrize("place", range(4))
async def test_another_request_has_its_own_body(replays, place):
    await replays.check(*REQUEST, b"body")
    other = list(REQUEST)
    other[place] += "x"
    await replays.check(*other, b"another")


async def test_parts_do_not_flow_into_each_other(replays):
    await replays.check("app", "s", "12", "3", b"body")
    await replays.check("app", "s", "1", "23", b"another")


async def test_of_many_bodies_at_once_one_is_taken(replays):
    async def admitted(number):
        try:
            await replays.check(*REQUEST, b"%d" % number)
        except Refused:
            return 0
        return 1

    assert sum(await asyncio.gather(*map(admitted, range(50)))) == 1


async def test_it_is_forgotten_when_no_clock_would_take_it_any_more(redis, replays):
    await replays.check(*REQUEST, b"body")
    (key,) = await redis.keys("*")
    assert 2 * WINDOW_S - 5 <= await redis.ttl(key) <= 2 * WINDOW_S


async def test_nothing_of_the_body_is_kept_that_could_be_guessed(redis, replays):
    import hashlib

    await replays.check(*REQUEST, b"yes")
    (key,) = await redis.keys("*")
    assert hashlib.sha256(b"yes").hexdigest() not in await redis.get(key)

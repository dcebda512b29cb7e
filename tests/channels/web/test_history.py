"""The stream of what was said: order, masking, claims, limits."""

import json
from datetime import datetime, timezone

import pytest

from channels.web.history import History
from channels.web.session import LIFETIME_S
from core.vault import Vault, make_keys
from tests.support.vaults import VAULT, opened

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)


@pytest.fixture
def history(redis):
    return History(redis, VAULT)


async def test_events_come_back_in_order_and_after_the_last_one_seen(history):
    first = await history.add_user("a", "one", "1", NOW)
    await history.add_bot("a", {"text": "two"}, "en", NOW)
    assert ["one" in m or "two" in m for _, m in await history.since("a", "0-0")] == [True, True]
    later = await history.since("a", first)
    assert len(later) == 1
    assert '"two"' in later[0][1]


async def test_what_people_write_is_masked(history, redis):
    await history.add_user("a", "我係A123456(3) 電話 9123 4567", "1", NOW)
    written = await opened(redis, VAULT, "web:history:a")
    assert "123456" not in written
    assert "4567" not in written
    assert "電話" in written
    assert "電話" not in str(await redis.xrange("web:history:a"))


async def test_what_no_key_reads_any_more_is_left_out(history, redis):
    await history.add_user("a", "one", "1", NOW)
    other = History(redis, Vault("2" + make_keys()[1:], "f"))
    await other.add_user("a", "two", "2", NOW)
    assert [json.loads(m)["text"] for _, m in await history.since("a", "0-0")] == ["one"]
    assert [json.loads(m)["text"] for _, m in await other.since("a", "0-0")] == ["two"]


async def test_nobody_sees_anothers(history):
    await history.add_user("a", "mine", "1", NOW)
    assert await history.since("b", "0-0") == []


async def test_follows_live(history):
    following = history.follow("a", "0-0")
    await history.add_user("a", "now", "1", NOW)
    event = await following.__anext__()
    assert '"now"' in event[1]
    await following.aclose()


async def test_a_message_is_admitted_once(history):
    assert await history.admit("a", "id", 10, 60) == "first"
    assert await history.admit("a", "id", 10, 60) == "repeat"
    await history.release("a", "id")
    assert await history.admit("a", "id", 10, 60) == "first"


async def test_too_many_messages_are_held_back_and_may_come_again(history):
    assert [await history.admit("a", str(n), 3, 60) for n in range(5)] == [
        "first", "first", "first", "too_fast", "too_fast"
    ]  # fmt: skip
    assert await history.admit("b", "0", 3, 60) == "first"
    assert await history.admit("a", "4", 99, 60) == "first"


async def test_everything_has_an_end(history, redis):
    await history.add_user("a", "x", "1", NOW)
    await history.admit("a", "1", 3, 60)
    for key in await redis.keys("web:*"):
        assert 0 < await redis.ttl(key) <= 24 * 3600


async def test_an_ended_session_stays_ended_as_long_as_its_cookie_lives(history, redis):
    await history.end("a")
    assert await history.is_ended("a")
    assert await history.admit("a", "1", 3, 60) == "ended"
    assert await redis.ttl("web:ended:a") > LIFETIME_S - 60


async def test_what_was_said_is_told_as_plain_data(history):
    await history.add_user("a", "hello", "1", NOW)
    await history.add_bot("a", {"text": "Good day.", "buttons": []}, "en", NOW)
    assert await history.export_of("a") == [
        {"from": "user", "text": "hello", "time": NOW.isoformat()},
        {"from": "bot", "text": "Good day.", "time": NOW.isoformat()},
    ]
    assert await history.export_of("b") == []


async def test_forgetting_deletes(history, redis):
    await history.add_user("a", "x", "1", NOW)
    await history.forget("a")
    assert await redis.keys("web:history:*") == []

"""Dead letters: staff see why, not what; they are sent again in their place or dropped."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from channels.common import outbox as outbox_module
from channels.common.dead_letters import BURY, DeadLetters
from channels.common.outbox import Outbox
from core.vault import Vault, make_keys
from tests.support.post import ADDRESS, TEXT, check_books, outgoing

VAULT = Vault(make_keys(), "f")


@pytest.fixture
def outbox(redis):
    return Outbox(redis, VAULT)


@pytest.fixture
def letters(redis):
    return DeadLetters(redis)


async def bury(outbox, *messages, reason="40003", **marks):
    await outbox.put(*messages)
    for ticket in await outbox.take_over(9999):
        more = True
        while more:
            item = replace(await outbox.next(ticket), **marks)
            more = await outbox.dead(ticket, item, reason)


async def test_a_dead_letter_says_why_and_not_what(outbox, letters, redis):
    await bury(outbox, outgoing("o1", kind="subscribe"), tries=3, maybe=True)
    [letter] = await letters.list()
    facts = letter.channel, letter.account, letter.sender, letter.kind, letter.reason
    assert facts == ("test", "app", "test-a", "subscribe", "40003")
    assert (letter.tries, letter.maybe) == (3, True)
    assert datetime.now(timezone.utc) - letter.at < timedelta(minutes=1)
    stored = str(await redis.hgetall("outbox:dead"))
    assert ADDRESS not in stored and TEXT not in stored
    await check_books(redis, "outbox")


async def test_the_line_goes_on_behind_a_dead_letter(outbox, letters):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    [ticket] = await outbox.take_over(1)
    assert await outbox.dead(ticket, await outbox.next(ticket), "x")
    item = await outbox.next(ticket)
    assert item.outgoing.key == "o2"
    assert not await outbox.sent(ticket, item)


async def test_a_letter_is_sent_again_with_all_tries_before_it(outbox, letters, redis):
    await bury(outbox, outgoing("o1"), tries=8, maybe=True)
    [letter] = await letters.list()
    assert await letters.retry(letter.id)
    assert not await letters.retry(letter.id)
    assert await letters.list() == []
    [ticket] = await outbox.take_over(5)
    item = await outbox.next(ticket)
    assert item.outgoing == outgoing("o1")
    assert (item.tries, item.maybe) == (0, True)
    await check_books(redis, "outbox")


async def test_a_letter_goes_to_the_end_of_a_line_that_waits(outbox, letters, redis):
    await bury(outbox, outgoing("o1"))
    await outbox.put(outgoing("o2"))
    [ticket] = await outbox.take_over(1)
    await outbox.park(ticket, await outbox.next(ticket))
    [letter] = await letters.list()
    assert await letters.retry(letter.id)
    assert await outbox.take_over(1) == []
    await check_books(redis, "outbox")
    await outbox.wake("test-a")
    [ticket] = await outbox.take_over(1)
    assert (await outbox.next(ticket)).outgoing.key == "o2"


async def test_a_letter_is_dropped(outbox, letters, redis):
    await bury(outbox, outgoing("o1"), outgoing("o2", "b"))
    for letter in await letters.list():
        assert await letters.drop(letter.id)
        assert not await letters.drop(letter.id)
    assert await redis.keys("outbox:dead*") == []
    assert not await letters.drop("none")
    assert not await letters.retry("none")


async def test_the_letters_to_a_person_are_forgotten(outbox, letters):
    await bury(outbox, outgoing("o1"), outgoing("o2", kind="subscribe"), outgoing("o3", "b"))
    assert await letters.forget("test-a") == 2
    assert [letter.sender for letter in await letters.list()] == ["b"]


async def test_the_newest_are_kept(redis, letters, monkeypatch):
    assert "most, kept_ms = 1000, 2592000000" in BURY
    few = BURY.replace("most, kept_ms = 1000", "most, kept_ms = 3")
    monkeypatch.setattr(outbox_module, "BURY", few)
    outbox = Outbox(redis, VAULT)
    for number in range(5):
        await bury(outbox, outgoing(f"o{number}", f"s{number}"))
    kept = await letters.list()
    assert {letter.sender for letter in kept[-2:]} <= {"s3", "s4", "s2"}
    assert len(kept) == await redis.hlen("outbox:dead") == 3


async def test_letters_are_kept_for_thirty_days(outbox, letters, redis):
    await bury(outbox, outgoing("o1", "old"), outgoing("o2", "new"))
    ids = {letter.sender: letter.id for letter in await letters.list()}
    seconds, _ = await redis.time()
    ages = {"old": 30 * 86400 + 60, "new": 30 * 86400 - 60}
    await redis.zadd("outbox:dead:order", {ids[s]: (seconds - a) * 1000 for s, a in ages.items()})
    await bury(outbox, outgoing("o3", "b"))
    assert [letter.sender for letter in await letters.list()] == ["new", "b"]

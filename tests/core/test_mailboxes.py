"""Boxes: each is one process's at a time, and whoever was thought dead can change nothing."""

import asyncio

import pytest

from core.mailboxes import LostLease, Mailboxes
from tests.support.post import check_books, end_leases

_ADD = """
if redis.call('EXISTS', list(own, ARGV[3])) == 0 then due(own, ARGV[3], now) end
add(own, ARGV[3], ARGV[4])
"""


@pytest.fixture
def boxes(redis):
    return Mailboxes(redis, "post")


@pytest.fixture
def add(boxes):
    script = boxes.script(_ADD)

    async def put(box, *items):
        for item in items:
            await boxes.run(script, box, f"{item} content of {item}")

    return put


async def test_items_come_out_in_the_order_in_which_they_were_put(boxes, add, redis):
    await add("a", "1", "2")
    [ticket] = await boxes.take(5)
    assert await boxes.head(ticket) == ["1", "content", "of", "1"]
    assert await boxes.head(ticket) == ["1", "content", "of", "1"]
    assert await boxes.drop(ticket, "1")
    await add("a", "3")
    assert [(await boxes.head(ticket))[0], await boxes.drop(ticket, "2")] == ["2", True]
    assert not await boxes.drop(ticket, "3")
    assert await redis.keys("post:*") == ["post:size"]
    assert await boxes.size() == 0


async def test_a_box_is_taken_by_one(boxes, add):
    for box in "abcdefgh":
        await add(box, "1")
    taken = [
        t for tickets in await asyncio.gather(*[boxes.take(3) for _ in range(8)]) for t in tickets
    ]
    assert sorted(ticket.box for ticket in taken) == list("abcdefgh")
    assert await boxes.take(99) == []


async def test_the_box_that_waits_longest_is_taken_first(boxes, add, redis):
    for box in "cab":
        await add(box, "1")
        await asyncio.sleep(0.002)
    assert [t.box for t in await boxes.take(2)] == ["c", "a"]
    assert [t.box for t in await boxes.take(2)] == ["b"]


async def test_a_lease_ends_when_it_is_not_renewed(redis, add):
    boxes = Mailboxes(redis, "post", lease_s=0.15)
    await add("a", "1")
    [ticket] = await boxes.take(1)
    for _ in range(3):
        await asyncio.sleep(0.08)
        assert await boxes.renew(ticket)
        assert await boxes.take(1) == []
    await asyncio.sleep(0.2)
    [second] = await boxes.take(1)
    assert (second.box, second.lost) == ("a", 1)
    assert second.token != ticket.token


async def test_an_old_ticket_can_change_nothing(boxes, add, redis):
    await add("a", "1", "2")
    [old] = await boxes.take(1)
    await end_leases(redis, "post")
    [new] = await boxes.take(1)
    before = await redis.lrange(boxes.list_key("a"), 0, -1), await redis.zscore("post:leases", "a")
    for call in (boxes.head(old), boxes.renew(old), boxes.drop(old, "1")):
        with pytest.raises(LostLease):
            await call
    assert before == (
        await redis.lrange(boxes.list_key("a"), 0, -1),
        await redis.zscore("post:leases", "a"),
    )
    assert await boxes.drop(new, "1")


async def test_a_holder_whose_lease_ended_goes_on_when_nobody_took_the_box(boxes, add, redis):
    await add("a", "1", "2")
    [ticket] = await boxes.take(1)
    await end_leases(redis, "post")
    assert await boxes.drop(ticket, "1")
    assert await boxes.take(1) == []


async def test_dropping_twice_drops_one(boxes, add):
    await add("a", "1", "2")
    [ticket] = await boxes.take(1)
    assert await boxes.drop(ticket, "1")
    assert await boxes.drop(ticket, "1")  # the answer to the first was lost on the way
    assert (await boxes.head(ticket))[0] == "2"
    assert await boxes.size() == 1


async def test_how_many_died_over_a_head_is_counted_until_it_is_dropped(boxes, add, redis):
    await add("a", "1", "2")
    for lost in range(3):
        [ticket] = await boxes.take(1)
        assert ticket.lost == lost
        await end_leases(redis, "post")
    await boxes.drop(ticket, "1")
    await end_leases(redis, "post")
    [ticket] = await boxes.take(1)
    assert ticket.lost == 1
    await check_books(redis, "post")


async def test_boxes_of_different_names_are_different_boxes(boxes, add, redis):
    await add("a", "1")
    assert await Mailboxes(redis, "other").take(1) == []
    assert len(await boxes.take(1)) == 1

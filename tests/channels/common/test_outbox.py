"""The outbox: each person's messages in order, each put once, none lost."""

import asyncio
from dataclasses import replace

import pytest

from channels.common.outbox import Outbox, waiting
from core.mailboxes import LostLease
from core.vault import Vault, make_keys
from tests.support.post import check_books, end_leases, outgoing

VAULT = Vault(make_keys(), "f")


@pytest.fixture
def outbox(redis):
    return Outbox(redis, VAULT)


async def begin(outbox):
    """The ticket and the head of the one line that is due."""
    [ticket] = await outbox.take_over(5)
    return ticket, await outbox.next(ticket)


async def test_messages_go_out_in_the_order_in_which_they_were_put(outbox, redis):
    assert await outbox.put(outgoing("o1"), outgoing("o2")) == 2
    ticket, first = await begin(outbox)
    assert first.outgoing == outgoing("o1")
    assert (first.tries, first.maybe) == (0, False)
    await outbox.put(outgoing("o3"))
    assert await outbox.take_over(5) == []
    assert await outbox.sent(ticket, first)
    second = await outbox.next(ticket)
    assert second.outgoing.key == "o2"
    assert await outbox.sent(ticket, second)
    assert not await outbox.sent(ticket, await outbox.next(ticket))
    await check_books(redis, "outbox")


async def test_a_key_is_put_once_and_known_for_two_weeks(outbox, redis):
    assert await outbox.put(outgoing("o1"), outgoing("o1")) == 1
    assert await outbox.put(outgoing("o1")) == 0
    ticket, item = await begin(outbox)
    await outbox.sent(ticket, item)
    assert await outbox.put(outgoing("o1")) == 0
    [known] = await redis.keys("outbox:known:*")
    assert 14 * 86400 - 5 < await redis.ttl(known) <= 14 * 86400


async def test_many_who_put_the_same_at_once_put_it_once(outbox):
    got = await asyncio.gather(*[outbox.put(outgoing("o1")) for _ in range(50)])
    assert sum(got) == 1


async def test_what_is_tried_later_keeps_its_place(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    ticket, item = await begin(outbox)
    await outbox.later(ticket, _tried(item), 0.2)
    await outbox.put(outgoing("o3"))
    assert await outbox.take_over(5) == []
    with pytest.raises(LostLease):
        await outbox.next(ticket)
    await asyncio.sleep(0.25)
    ticket, item = await begin(outbox)
    assert (item.outgoing.key, item.tries, item.maybe, ticket.lost) == ("o1", 1, False, 0)
    await check_books(redis, "outbox")


async def test_a_mark_is_kept_with_the_item(outbox):
    await outbox.put(outgoing("o1"))
    ticket, item = await begin(outbox)
    await outbox.later(ticket, _tried(item, maybe=True), 0)
    _, item = await begin(outbox)
    assert item.maybe


async def test_what_a_dead_holder_may_have_sent_is_marked(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    await begin(outbox)
    await end_leases(redis, "outbox")
    ticket, item = await begin(outbox)
    assert (item.outgoing.key, item.tries, item.maybe) == ("o1", 1, True)
    await outbox.later(ticket, item, 0)
    ticket, item = await begin(outbox)
    assert (item.tries, item.maybe, ticket.lost) == (1, True, 0)


async def test_a_parked_line_waits_for_its_person(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    ticket, item = await begin(outbox)
    await outbox.park(ticket, item)
    await outbox.put(outgoing("o3"))
    assert await outbox.take_over(5) == []
    assert await waiting(redis) == (3, 1)
    await outbox.wake("somebody else")
    assert await outbox.take_over(5) == []
    await check_books(redis, "outbox")
    await outbox.wake("test-a")
    assert await waiting(redis) == (3, 0)
    _, item = await begin(outbox)
    assert (item.outgoing.key, item.tries) == ("o1", 0)
    await check_books(redis, "outbox")


async def test_who_writes_while_a_line_is_about_to_be_parked_is_not_forgotten(outbox, redis):
    await outbox.put(outgoing("o1"))
    ticket, item = await begin(outbox)  # it is being refused at this moment
    await outbox.wake("test-a")
    await outbox.park(ticket, item)
    ticket, item = await begin(outbox)
    await outbox.park(ticket, item)
    assert await outbox.take_over(5) == []
    await check_books(redis, "outbox")


async def test_that_a_person_wrote_while_something_was_sent_leaves_nothing_for_good(outbox, redis):
    await outbox.put(outgoing("o1"))
    ticket, item = await begin(outbox)
    await outbox.wake("test-a")
    await outbox.sent(ticket, item)
    lasting = [key for key in await redis.keys("outbox:*") if await redis.ttl(key) == -1]
    assert lasting == ["outbox:size"]


async def test_that_a_person_wrote_is_forgotten_with_the_rest(outbox):
    await outbox.put(outgoing("o1"))
    await begin(outbox)
    await outbox.wake("test-a")
    await outbox.forget("test-a")
    await outbox.put(outgoing("o2"))
    ticket, item = await begin(outbox)
    await outbox.park(ticket, item)
    assert await outbox.take_over(5) == []


async def test_what_needs_no_message_before_it_is_not_parked_with_the_rest(outbox, redis):
    await outbox.put(outgoing("o1"))
    ticket, item = await begin(outbox)
    await outbox.park(ticket, item)
    await outbox.put(outgoing("s1", kind="subscribe"))
    _, item = await begin(outbox)
    assert item.outgoing.key == "s1"
    assert await outbox.forget("test-a") == 2
    assert await waiting(redis) == (0, 0)


async def test_what_was_parked_for_a_week_expires(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"), outgoing("o3", "b"))
    for ticket in await outbox.take_over(5):
        await outbox.park(ticket, await outbox.next(ticket))
    assert await outbox.expire() == 0
    seconds, _ = await redis.time()
    ends = await redis.zscore("outbox:parked", "test-a") / 1000
    assert 7 * 86400 - 5 < ends - seconds <= 7 * 86400 + 1
    await redis.zadd("outbox:parked", {"test-a": 1})
    assert await outbox.expire() == 2
    await outbox.wake("test-a")
    assert await outbox.take_over(5) == []
    assert await waiting(redis) == (1, 1)
    await check_books(redis, "outbox")


async def test_an_old_ticket_can_change_nothing(outbox, redis):
    await outbox.put(outgoing("o1"))
    old, item = await begin(outbox)
    await end_leases(redis, "outbox")
    new, _ = await begin(outbox)
    for call in (
        outbox.next(old), outbox.sent(old, item), outbox.later(old, item, 0),
        outbox.park(old, item), outbox.dead(old, item, "x"), outbox.renew(old),
    ):  # fmt: skip
        with pytest.raises(LostLease):
            await call
    assert (await outbox.next(new)).outgoing.key == "o1"
    assert await redis.exists("outbox:dead", "outbox:parked") == 0


async def test_what_waits_for_a_person_is_forgotten(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"), outgoing("o3", "b"))
    [ticket] = [ticket for ticket in await outbox.take_over(5) if ticket.box == "test-a"]
    item = await outbox.next(ticket)
    assert await outbox.forget("test-a") == 2
    assert await outbox.forget("test-a") == 0
    with pytest.raises(LostLease):
        await outbox.sent(ticket, item)
    assert await waiting(redis) == (1, 0)
    await check_books(redis, "outbox")


async def test_a_message_under_a_lost_key_does_not_hold_up_the_others(outbox, redis, caplog):
    await Outbox(redis, Vault(make_keys(), "f")).put(outgoing("o1"))
    await outbox.put(outgoing("o2"))
    _, item = await begin(outbox)
    assert item.outgoing.key == "o2"
    assert "cannot be read" in caplog.text
    await Outbox(redis, Vault(make_keys(), "f")).put(outgoing("o3", "b"))
    _, nothing = await begin(outbox)
    assert nothing is None
    await check_books(redis, "outbox")


async def test_whoever_puts_wakes_the_courier_of_its_process(outbox):
    for put in (outbox.put(outgoing("o1")), outbox.wake("test-a")):
        outbox.nudge.clear()
        await put
        assert outbox.nudge.is_set()


def _tried(item, maybe=False):
    return replace(item, tries=item.tries + 1, maybe=item.maybe or maybe)

"""The inbox: stored once, in order, and answered one way or the other."""

import asyncio
import time

import pytest

from channels.common import inbox as inbox_module
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox
from core.mailboxes import LostLease
from core.vault import Vault, make_keys
from tests.support.post import check_books, end_leases, incoming, outgoing

KEYS = make_keys()
VAULT = Vault(KEYS, "f")


@pytest.fixture
def inbox(redis):
    return Inbox(redis, VAULT)


@pytest.fixture
def other(redis):
    """The inbox as another process sees it."""
    return Inbox(redis, VAULT)


@pytest.fixture
def outbox(redis):
    return Outbox(redis, VAULT)


async def taken(outbox):
    """The keys of all that is in the outbox and due."""
    keys = []
    for ticket in await outbox.take_over(100):
        more = True
        while more and (item := await outbox.next(ticket)):
            keys.append(item.outgoing.key)
            more = await outbox.sent(ticket, item)
    return keys


async def test_whoever_puts_the_first_message_works_the_box_off(inbox, other, redis):
    first = await inbox.accept(incoming("m1"))
    assert first.status == "mine"
    queued = await other.accept(incoming("m2"))
    assert (queued.status, queued.ticket) == ("queued", None)
    assert await inbox.next(first.ticket) == incoming("m1")
    assert await inbox.finish(first.ticket, incoming("m1"))
    assert await inbox.next(first.ticket) == incoming("m2")
    assert not await inbox.finish(first.ticket, incoming("m2"))
    with pytest.raises(LostLease):
        await inbox.next(first.ticket)
    assert (await other.accept(incoming("m3"))).status == "mine"
    await check_books(redis, "inbox")


async def test_people_do_not_wait_for_each_other(inbox):
    for sender in ("a", "b", "c"):
        assert (await inbox.accept(incoming("m-" + sender, sender))).status == "mine"


async def test_a_repeat_is_known_while_waiting_and_when_answered(inbox, other):
    first = await inbox.accept(incoming())
    assert (await other.accept(incoming())).status == "repeated"
    await inbox.finish(first.ticket, incoming())
    assert (await other.accept(incoming())).status == "repeated"
    assert await inbox.size() == 0


async def test_the_same_key_of_another_account_is_another_message(inbox):
    await inbox.accept(incoming(account="app"))
    assert (await inbox.accept(incoming(account="other", sender="b"))).status == "mine"


async def test_of_fifty_at_once_one_is_stored(inbox, other):
    got = await asyncio.gather(*[box.accept(incoming()) for box in [inbox, other] * 25])
    assert sorted(one.status for one in got) == ["mine"] + ["repeated"] * 49
    assert await inbox.size() == 1


async def test_a_key_is_known_for_a_day(inbox, redis):
    await inbox.accept(incoming())
    [seen] = await redis.keys("inbox:seen:*")
    assert 24 * 3600 - 5 < await redis.ttl(seen) <= 24 * 3600


async def test_what_does_not_fit_is_not_stored_and_may_come_again(inbox, redis):
    ticket = (await inbox.accept(incoming("m1"), most=2)).ticket
    await inbox.accept(incoming("m2"), most=2)
    before = sorted(await redis.keys("*"))
    assert (await inbox.accept(incoming("m3"), most=2, wait_s=3)).status == "full"
    assert sorted(await redis.keys("*")) == before
    assert (await inbox.accept(incoming("m2"), most=2)).status == "repeated"
    await inbox.finish(ticket, incoming("m1"))
    assert (await inbox.accept(incoming("m3"), most=2)).status == "queued"


async def test_all_boxes_together_have_a_limit(inbox, redis):
    for number in range(3):
        ticket = (await inbox.accept(incoming(f"m{number}", f"s{number}"), most_of_all=3)).ticket
    assert (await inbox.accept(incoming("m9", "s9"), most_of_all=3)).status == "full"
    await inbox.finish(ticket, incoming("m2", "s2"))
    assert (await inbox.accept(incoming("m9", "s9"), most_of_all=3)).status == "mine"
    assert inbox_module.MOST_OF_ALL == 10_000
    await check_books(redis, "inbox")


async def test_a_waiting_request_gets_the_answer_and_the_outbox_does_not(inbox, other, outbox):
    ticket = (await inbox.accept(incoming(), wait_s=3)).ticket
    waiting = [asyncio.create_task(box.outcome("app", "m1", 3)) for box in (inbox, other, other)]
    await asyncio.sleep(0.05)
    await inbox.finish(ticket, incoming(), "<xml/>", [outgoing()])
    assert await asyncio.gather(*waiting) == ["<xml/>"] * 3
    assert await taken(outbox) == []
    assert (await other.accept(incoming(), wait_s=3)).status == "repeated"
    assert await other.outcome("app", "m1", 3) == "<xml/>"
    assert await other.give_up_waiting("app", "m1") == "<xml/>"


async def test_a_request_of_the_same_process_is_woken_at_once(inbox, monkeypatch):
    monkeypatch.setattr(inbox_module, "_POLL_S", 5.0)
    monkeypatch.setattr(inbox_module, "_SLOW_POLL_S", 5.0)
    ticket = (await inbox.accept(incoming(), wait_s=3)).ticket
    waiting = asyncio.create_task(inbox.outcome("app", "m1", 3))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await inbox.finish(ticket, incoming(), "yes")
    assert await waiting == "yes"
    assert time.monotonic() - began < 1


async def test_when_the_request_gave_up_the_answer_goes_to_the_outbox(inbox, other, outbox):
    ticket = (await inbox.accept(incoming(), wait_s=3)).ticket
    assert await inbox.outcome("app", "m1", 0.05) is None
    assert await inbox.give_up_waiting("app", "m1") is None
    await inbox.finish(ticket, incoming(), "<xml/>", [outgoing("o1"), outgoing("o2")])
    assert await taken(outbox) == ["o1", "o2"]
    for box in (inbox, other):
        assert await box.outcome("app", "m1", 0) == ""
        assert await box.give_up_waiting("app", "m1") == ""


async def test_without_a_request_that_waits_the_answer_goes_to_the_outbox(inbox, outbox):
    ticket = (await inbox.accept(incoming())).ticket
    await inbox.finish(ticket, incoming(), "<xml/>", [outgoing()])
    assert await taken(outbox) == ["o1"]
    assert await inbox.outcome("app", "m1", 0) == ""


async def test_a_request_that_died_while_waiting_does_not_swallow_the_answer(
    inbox, outbox, monkeypatch
):
    monkeypatch.setattr(inbox_module, "_PATIENCE_S", 0.05)
    await inbox.accept(incoming(), wait_s=0.05)  # its process is killed: it never gives up
    await end_leases(inbox._client, "inbox")
    await asyncio.sleep(0.15)
    [ticket] = await inbox.take_over(1)
    await inbox.finish(ticket, incoming(), "<xml/>", [outgoing()])
    assert await taken(outbox) == ["o1"]


async def test_the_repeat_of_a_request_that_died_may_get_the_answer(inbox, other, outbox):
    ticket = (await inbox.accept(incoming())).ticket
    assert (await other.accept(incoming(), wait_s=3)).status == "repeated"
    waiting = asyncio.create_task(other.outcome("app", "m1", 3))
    await inbox.finish(ticket, incoming(), "yes", [outgoing()])
    assert await waiting == "yes"
    assert await taken(outbox) == []


async def test_giving_up_and_finishing_at_once_answers_exactly_once(inbox, other, outbox):
    ways = set()
    for number in range(200):
        message = incoming(f"m{number}")
        ticket = (await inbox.accept(message, wait_s=3)).ticket
        put = [outgoing(f"o{number}")]
        finish, give_up = (
            inbox.finish(ticket, message, "yes", put),
            other.give_up_waiting("app", message.key),
        )
        first, second = (finish, give_up) if number % 2 else (give_up, finish)
        got = await asyncio.gather(first, second)
        passive = got[1] if number % 2 else got[0]
        keys = await taken(outbox)
        assert (passive, keys) in (("yes", []), (None, [f"o{number}"]))
        ways.add(passive)
    assert ways == {"yes", None}


async def test_an_answer_is_kept_for_an_hour(inbox, redis):
    for key, wait_s in (("m1", 3), ("m2", 0)):
        ticket = (await inbox.accept(incoming(key), wait_s=wait_s)).ticket
        await inbox.finish(ticket, incoming(key), "yes")
    outcomes = await redis.keys("inbox:outcome:*")
    assert len(outcomes) == 2
    for outcome in outcomes:
        assert 3595 < await redis.ttl(outcome) <= 3600


async def test_the_box_of_a_dead_holder_is_taken_over(inbox, other, outbox, redis):
    old = (await inbox.accept(incoming("m1"))).ticket
    await inbox.accept(incoming("m2"))
    assert await other.take_over(5) == []
    await end_leases(redis, "inbox")
    [ticket] = await other.take_over(5)
    assert ticket.lost == 1
    with pytest.raises(LostLease):
        await inbox.finish(old, incoming("m1"), "yes", [outgoing("o-old")])
    assert await inbox.outcome("app", "m1", 0) is None
    assert await taken(outbox) == []
    assert await other.next(ticket) == incoming("m1")
    assert await other.finish(ticket, incoming("m1"), None, [outgoing("o1")])
    assert await taken(outbox) == ["o1"]


async def test_the_next_message_takes_over_from_a_dead_holder_at_once(inbox, other, redis):
    await inbox.accept(incoming("m1"))
    await end_leases(redis, "inbox")
    accepted = await other.accept(incoming("m2"))
    assert (accepted.status, accepted.ticket.lost) == ("mine", 1)
    assert (await other.next(accepted.ticket)).key == "m1"


async def test_an_answer_for_the_outbox_wakes_the_courier_of_this_process(redis, outbox):
    inbox = Inbox(redis, VAULT, nudge=outbox.nudge)
    ticket = (await inbox.accept(incoming("m1"))).ticket
    await inbox.accept(incoming("m2"))
    await inbox.finish(ticket, incoming("m1"))
    assert not outbox.nudge.is_set()
    await inbox.finish(ticket, incoming("m2"), None, [outgoing()])
    assert outbox.nudge.is_set()


async def test_finishing_twice_changes_nothing_more(inbox, outbox):
    ticket = (await inbox.accept(incoming("m1"))).ticket
    await inbox.accept(incoming("m2"))
    for _ in range(2):
        assert await inbox.finish(ticket, incoming("m1"), None, [outgoing("o1")])
    assert (await inbox.next(ticket)).key == "m2"
    assert await taken(outbox) == ["o1"]


async def test_a_long_turn_keeps_its_box_by_renewing(redis):
    inbox = Inbox(redis, VAULT, lease_s=0.15)
    ticket = (await inbox.accept(incoming())).ticket
    for _ in range(3):
        await asyncio.sleep(0.08)
        await inbox.renew(ticket)
        assert await inbox.take_over(1) == []


async def test_a_message_under_a_lost_key_does_not_hold_up_the_others(inbox, redis, caplog):
    await Inbox(redis, Vault(make_keys(), "f")).accept(incoming("m1"))
    await inbox.accept(incoming("m2"))
    await end_leases(redis, "inbox")
    [ticket] = await inbox.take_over(1)
    assert (await inbox.next(ticket)).key == "m2"
    assert "cannot be read" in caplog.text
    await check_books(redis, "inbox")


async def test_a_box_with_nothing_readable_is_empty(inbox, redis):
    await Inbox(redis, Vault(make_keys(), "f")).accept(incoming("m1"))
    await end_leases(redis, "inbox")
    [ticket] = await inbox.take_over(1)
    assert await inbox.next(ticket) is None
    await check_books(redis, "inbox")


async def test_what_was_answered_is_forgotten_and_what_came_since_is_not(inbox, outbox, redis):
    ticket = (await inbox.accept(incoming("m0"), wait_s=3)).ticket
    for key in ("m1", "m2"):
        await inbox.accept(incoming(key), wait_s=3)
    await inbox.finish(ticket, incoming("m0"), "a secret")
    assert await inbox.outcome("app", "m0", 0) == "a secret"
    assert await inbox.forget("test-a") == 0  # while m1 is answered: it says “forget me”
    assert await inbox.outcome("app", "m0", 0) == ""
    assert (await inbox.next(ticket)).key == "m1"
    assert await inbox.finish(ticket, incoming("m1"), "deleted", [outgoing()])
    assert await inbox.outcome("app", "m1", 0) == "deleted"
    assert (await inbox.next(ticket)).key == "m2"
    await check_books(redis, "inbox")


async def test_what_nobody_answers_is_forgotten_whole(inbox, redis):
    ticket = (await inbox.accept(incoming("m1"))).ticket
    await inbox.accept(incoming("m2", "b"))
    await end_leases(redis, "inbox")
    assert await inbox.forget("test-a") == 1
    assert await inbox.forget("test-a") == 0
    assert await inbox.forget("nobody") == 0
    with pytest.raises(LostLease):
        await inbox.finish(ticket, incoming("m1"), None, [outgoing()])
    assert await inbox.size() == 1
    await check_books(redis, "inbox")


async def test_answers_that_have_gone_leave_no_key_behind_when_forgotten(inbox, redis):
    ticket = (await inbox.accept(incoming(), wait_s=3)).ticket
    await inbox.finish(ticket, incoming(), "yes")
    for key in await redis.keys("inbox:outcome:*"):
        await redis.delete(key)
    await inbox.forget("test-a")
    assert await redis.keys("inbox:outcome*") == []

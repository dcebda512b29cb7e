"""The courier: each verdict has its consequence, and nothing is lost when it is stopped."""

import asyncio

import pytest

from channels.common import courier as courier_module
from channels.common.courier import (
    AMBIGUOUS,
    MOST_TRIES,
    PARK,
    Courier,
    Verdict,
    backoff_s,
)
from channels.common.dead_letters import DeadLetters
from channels.common.outbox import Outbox, waiting
from core.vault import Vault, make_keys
from tests.support.post import ScriptedSender, check_books, end_leases, outgoing

VAULT = Vault(make_keys(), "f")


@pytest.fixture
def outbox(redis):
    return Outbox(redis, VAULT)


@pytest.fixture
def letters(redis):
    return DeadLetters(redis)


async def carry(outbox, sender):
    """Whatever is due, once."""
    courier = Courier(outbox, {"test": sender})
    while await courier.look():
        await courier.settle()


async def make_due(redis):
    """As if so much time had gone by as the backoff takes."""
    await end_leases(redis, "outbox")


async def test_what_is_sent_is_gone(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"), outgoing("o3", "b"))
    sender = ScriptedSender()
    await carry(outbox, sender)
    assert sorted(sender.sent) == ["o1", "o2", "o3"]
    assert sender.sent.index("o1") < sender.sent.index("o2")
    assert await waiting(redis) == (0, 0)


async def test_what_is_refused_for_now_is_tried_again_before_what_is_behind_it(
    outbox, redis, monkeypatch
):
    monkeypatch.setattr(courier_module, "backoff_s", lambda tries: 1000 + tries)
    await outbox.put(outgoing("o1"), outgoing("o2"))
    sender = ScriptedSender(Verdict("later"), Verdict("later"))
    for tries in range(2):
        await carry(outbox, sender)
        seconds, _ = await redis.time()
        due = await redis.zscore("outbox:leases", "test-a") / 1000 - seconds
        assert 999 + tries <= due <= 1001.1 + tries
        await make_due(redis)
    await carry(outbox, sender)
    assert sender.sent == ["o1", "o1", "o1", "o2"]


async def test_the_platform_may_say_when(outbox, redis):
    await outbox.put(outgoing("o1"))
    await carry(outbox, ScriptedSender(Verdict("later", 77)))
    seconds, _ = await redis.time()
    assert 75 <= await redis.zscore("outbox:leases", "test-a") / 1000 - seconds <= 78


async def test_a_platform_that_says_soon_again_and_again_does_not_use_up_the_tries(
    outbox, redis, monkeypatch
):
    monkeypatch.setattr(courier_module, "backoff_s", lambda tries: 1000 + tries)
    await outbox.put(outgoing("o1"))
    await carry(outbox, ScriptedSender(Verdict("later", 0.05, "no_token")))
    seconds, _ = await redis.time()
    assert await redis.zscore("outbox:leases", "test-a") / 1000 - seconds >= 999


async def test_after_eight_tries_it_is_a_dead_letter(outbox, letters, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    sender = ScriptedSender(*[Verdict("later")] * 8)
    for _ in range(MOST_TRIES - 1):
        await carry(outbox, sender)
        assert await letters.list() == []
        await make_due(redis)
    await carry(outbox, sender)
    [letter] = await letters.list()
    assert (letter.reason, letter.tries, letter.maybe) == ("too many tries", 8, False)
    assert sender.sent == ["o1"] * 8 + ["o2"]


async def test_what_the_platform_never_takes_is_a_dead_letter_at_once(outbox, letters):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    sender = ScriptedSender(Verdict("dead", reason="40003"))
    await carry(outbox, sender)
    [letter] = await letters.list()
    assert (letter.reason, letter.tries) == ("40003", 1)
    assert sender.sent == ["o1", "o2"]


async def test_what_waits_for_the_person_is_parked_with_all_behind_it(outbox, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    sender = ScriptedSender(PARK)
    await carry(outbox, sender)
    assert sender.sent == ["o1"]
    assert await waiting(redis) == (2, 1)
    await outbox.wake("test-a")
    await carry(outbox, sender)
    assert sender.sent == ["o1", "o1", "o2"]


async def test_what_would_be_too_late_is_not_parked(outbox, letters, redis):
    await outbox.put(outgoing("o1", waits=False), outgoing("o2"))
    sender = ScriptedSender(PARK)
    await carry(outbox, sender)
    [letter] = await letters.list()
    assert (letter.reason, letter.maybe) == ("nothing may be sent now", False)
    assert sender.sent == ["o1", "o2"]


async def test_what_may_have_arrived_is_not_sent_again(outbox, letters):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    sender = ScriptedSender(AMBIGUOUS)
    await carry(outbox, sender)
    [letter] = await letters.list()
    assert (letter.reason, letter.maybe) == ("possibly delivered", True)
    assert sender.sent == ["o1", "o2"]


async def test_what_is_critical_is_sent_once_more_when_it_may_have_arrived(outbox, letters, redis):
    await outbox.put(outgoing("o1", critical=True), outgoing("o2"))
    sender = ScriptedSender(AMBIGUOUS, AMBIGUOUS)
    await carry(outbox, sender)
    assert await letters.list() == []
    await make_due(redis)
    await carry(outbox, sender)
    [letter] = await letters.list()
    assert (letter.reason, letter.tries, letter.maybe) == ("possibly delivered", 2, True)
    assert sender.sent == ["o1", "o1", "o2"]


async def test_a_sender_that_raises_may_have_sent(outbox, letters, caplog):
    await outbox.put(outgoing("o1"))
    await carry(outbox, ScriptedSender(RuntimeError("out of order")))
    [letter] = await letters.list()
    assert letter.reason == "possibly delivered"
    assert "could not be sent" in caplog.text


async def test_without_a_sender_it_waits_for_one(outbox, redis):
    await outbox.put(outgoing("o1"))
    courier = Courier(outbox, {})
    await courier.look()
    await courier.settle()
    assert await courier.look() is False
    await make_due(redis)
    sender = ScriptedSender()
    await carry(outbox, sender)
    assert sender.sent == ["o1"]


async def test_a_message_that_kills_whoever_sends_it_is_given_up(outbox, letters, redis):
    await outbox.put(outgoing("o1"), outgoing("o2"))
    for _ in range(MOST_TRIES):
        await outbox.take_over(1)
        await make_due(redis)
    sender = ScriptedSender()
    await carry(outbox, sender)
    [letter] = await letters.list()
    assert (letter.reason, letter.maybe) == ("too many tries", True)
    assert sender.sent == ["o2"]


class SlowSender(ScriptedSender):
    """Takes so many seconds for each message, and counts how many it sends at once."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds, self.now, self.most = seconds, 0, 0

    async def send(self, message):
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.seconds)
            return await super().send(message)
        finally:
            self.now -= 1


async def test_lines_are_worked_off_side_by_side_but_not_too_many(outbox):
    await outbox.put(*[outgoing(f"o{n}", f"s{n}") for n in range(20)])
    sender, stop = SlowSender(0.02), asyncio.Event()
    running = asyncio.create_task(Courier(outbox, {"test": sender}, at_once=4).run(stop))
    await until(lambda: len(sender.sent) == 20)
    stop.set()
    await running
    assert sender.most == 4


async def test_it_begins_at_once_with_what_its_process_puts(outbox, monkeypatch):
    monkeypatch.setattr(courier_module, "_LOOK_S", 60)
    sender, stop = ScriptedSender(), asyncio.Event()
    running = asyncio.create_task(Courier(outbox, {"test": sender}).run(stop))
    await asyncio.sleep(0.1)
    await outbox.put(outgoing("o1"))
    await until(lambda: sender.sent)
    stop.set()
    await asyncio.wait_for(running, 1)


async def test_it_finds_what_others_put(outbox, redis):
    sender, stop = ScriptedSender(), asyncio.Event()
    running = asyncio.create_task(Courier(outbox, {"test": sender}).run(stop))
    await asyncio.sleep(0.05)
    await Outbox(redis, VAULT).put(outgoing("o1"))
    await until(lambda: sender.sent)
    stop.set()
    await running


async def test_a_long_sending_keeps_its_line(redis):
    outbox = Outbox(redis, VAULT, lease_s=0.15)
    await outbox.put(outgoing("o1"))
    courier = Courier(outbox, {"test": SlowSender(0.5)})
    await courier.look()
    for _ in range(8):
        await asyncio.sleep(0.05)
        assert await outbox.take_over(1) == []
    await courier.settle()
    assert await waiting(redis) == (0, 0)


async def test_sending_ends_when_the_line_is_deleted(redis, caplog):
    outbox = Outbox(redis, VAULT, lease_s=0.15)
    await outbox.put(outgoing("o1"))
    sender = SlowSender(30)
    courier = Courier(outbox, {"test": sender})
    await courier.look()
    await until(lambda: sender.now)
    await outbox.forget("test-a")
    await asyncio.wait_for(courier.settle(), 2)
    await until(lambda: not sender.now)
    assert sender.sent == []


@pytest.mark.parametrize("cancelled", [False, True])
async def test_what_is_being_sent_when_it_ends_is_sent_by_another(
    outbox, redis, monkeypatch, cancelled
):
    monkeypatch.setattr(courier_module, "_GRACE_S", 0.05)
    await outbox.put(outgoing("o1"), outgoing("o2"))
    slow, stop = SlowSender(30), asyncio.Event()
    running = asyncio.create_task(Courier(outbox, {"test": slow}).run(stop))
    await until(lambda: slow.now)
    if cancelled:
        running.cancel()
    else:
        stop.set()
    await asyncio.wait({running}, timeout=2)
    assert running.done() and running.cancelled() == cancelled
    await until(lambda: not slow.now)
    await make_due(redis)
    sender = ScriptedSender()
    await carry(outbox, sender)
    assert (slow.sent, sender.sent) == ([], ["o1", "o2"])
    await check_books(redis, "outbox")


async def test_what_is_nearly_sent_when_it_ends_is_sent(outbox, redis):
    await outbox.put(outgoing("o1"))
    sender, stop = SlowSender(0.1), asyncio.Event()
    running = asyncio.create_task(Courier(outbox, {"test": sender}).run(stop))
    await until(lambda: sender.now)
    stop.set()
    await running
    assert sender.sent == ["o1"]
    assert await waiting(redis) == (0, 0)


async def test_it_goes_on_when_redis_was_away(outbox, monkeypatch, caplog):
    take_over, fails = outbox.take_over, [ConnectionError("away"), OSError("away")]

    async def faulty(limit):
        if fails:
            raise fails.pop()
        return await take_over(limit)

    monkeypatch.setattr(outbox, "take_over", faulty)
    await outbox.put(outgoing("o1"))
    sender, stop = ScriptedSender(), asyncio.Event()
    running = asyncio.create_task(Courier(outbox, {"test": sender}).run(stop))
    await until(lambda: sender.sent)
    stop.set()
    await running
    assert caplog.text.count("the outbox cannot be read") == 2


def test_the_backoff_grows_to_its_longest():
    for tries, longest in enumerate([1, 3, 9, 27, 81, 243, 300, 300]):
        drawn = [backoff_s(tries) for _ in range(200)]
        assert longest / 2 <= min(drawn) < longest * 0.6
        assert longest * 0.9 < max(drawn) <= longest


async def until(true):
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen in five seconds")

"""From a stored message to its answer: once, in order, in time or through the outbox."""

import asyncio
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from channels.common.envelope import Incoming, Outgoing
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox
from channels.common.turn import Turn
from channels.common.turns import Answers, Full, Turns
from core.mailboxes import LostLease
from core.reader import DEFAULT
from core.vault import Vault, make_keys
from tests.support.post import end_leases

VAULT = Vault(make_keys(), "f" * 48)
NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def said(text="hello", sender="amy", key="m1", event="message", **more):
    return Incoming("chat", "app", sender, "openid", key, text, None, event, NOW, **more)


def turn_of(text):
    return Turn(DEFAULT, "enquire", [], None, [{"text": text}])


class FakeConversation:
    """Answers after a while, and remembers what it was asked."""

    def __init__(self):
        self.asked, self.forgotten, self.slow, self.fails = [], [], 0.0, False

    async def turn(self, sender, text, channel, choice=None, message_id=None):
        self.asked.append((sender, text))
        await asyncio.sleep(self.slow)
        if self.fails:
            raise RuntimeError("broken")
        return turn_of(f"to {text}")

    async def prompt(self, sender, intent, channel, message_id=None, **given):
        self.asked.append((sender, f"/{intent}", given))
        return turn_of(intent)

    async def apology(self, sender, channel):
        return turn_of("sorry")

    async def forget(self, sender):
        self.forgotten.append(sender)


class FakeChannel:
    """Answers in plain text, both ways."""

    def __init__(self):
        self.seen, self.typed, self.passive = [], 0, True

    def serves(self, account):
        return account == "app"

    async def heard(self, message):
        self.seen.append(message.key)

    async def typing(self, message):
        self.typed += 1

    async def answers(self, message, turn):
        text = turn.replies[0]["text"]
        out = Outgoing("chat", "app", message.sender, "openid", "text", {"t": text}, False,
                       message.key)  # fmt: skip
        return Answers(text if self.passive else None, [out])


@pytest.fixture
def parts(redis):
    conversation, channel = FakeConversation(), FakeChannel()
    inbox, outbox = Inbox(redis, VAULT, lease_s=0.2), Outbox(redis, VAULT)
    turns = Turns(inbox, conversation, {"chat": channel})
    yield turns, conversation, channel, outbox, inbox


async def sent(outbox):
    """What stands in the outbox, in order."""
    found = []
    for ticket in await outbox.take_over(50):
        while item := await outbox.next(ticket):
            found.append(item.outgoing.body["t"])
            if not await outbox.sent(ticket, item):
                break
    return found


async def test_who_waits_gets_the_answer_and_the_outbox_none(parts):
    turns, conversation, _, outbox, _ = parts
    assert await turns.take(said(), 2) == "to hello"
    assert await sent(outbox) == []
    assert conversation.asked == [("amy", "hello")]


async def test_a_repeat_gets_what_was_answered_and_nothing_is_done_again(parts):
    turns, conversation, channel, outbox, _ = parts
    answers = await asyncio.gather(*(turns.take(said(), 2) for _ in range(50)))
    answers.append(await turns.take(said(), 2))
    assert set(answers) == {"to hello"}
    assert len(conversation.asked) == len(channel.seen) == 1
    assert await sent(outbox) == []


async def test_what_is_late_goes_through_the_outbox_alone(parts):
    turns, conversation, _, outbox, _ = parts
    conversation.slow = 0.15
    assert await turns.take(said(), 0.05) is None
    await turns.close()
    assert await sent(outbox) == ["to hello"]
    assert await turns.take(said(), 0.05) is None  # the platform asks again


async def test_who_cannot_wait_is_answered_through_the_outbox(parts):
    turns, _, _, outbox, _ = parts
    assert await turns.take(said(), 0) is None
    await turns.close()
    assert await sent(outbox) == ["to hello"]


async def test_what_is_too_long_to_be_answered_at_once_does_not_keep_anybody_waiting(parts):
    turns, _, channel, outbox, _ = parts
    channel.passive = False
    assert await asyncio.wait_for(turns.take(said(), 30), 5) is None
    assert await sent(outbox) == ["to hello"]


async def test_a_failed_turn_is_apologised_for_and_the_next_one_is_taken(parts):
    turns, conversation, _, _, _ = parts
    conversation.fails = True
    assert await turns.take(said(), 2) == "sorry"
    conversation.fails = False
    assert await turns.take(said(key="m2"), 2) == "to hello"


async def test_messages_of_one_person_are_answered_in_their_order(parts):
    turns, conversation, _, outbox, _ = parts
    conversation.slow = 0.01
    for n in range(10):
        await turns.take(said(f"{n}", key=f"m{n}"), 0)
    await turns.close()
    assert [text for _, text in conversation.asked] == [str(n) for n in range(10)]
    assert await sent(outbox) == [f"to {n}" for n in range(10)]


async def test_a_slow_person_does_not_hold_up_the_others(parts):
    turns, conversation, _, _, _ = parts
    conversation.slow = 0.2
    first = asyncio.create_task(turns.take(said(), 2))
    await asyncio.sleep(0.05)
    conversation.slow = 0
    assert await asyncio.wait_for(turns.take(said(sender="bob", key="m2"), 2), 0.1) == "to hello"
    assert await first == "to hello"


async def test_more_than_fits_is_refused_and_not_stored(parts):
    turns, conversation, _, _, _ = parts
    conversation.slow = 5
    for n in range(20):
        await turns.take(said(key=f"m{n}"), 0)
    with pytest.raises(Full):
        await turns.take(said(key="one more"), 0)
    await turns.close(0)


async def test_what_a_dead_process_left_is_answered_by_another(parts):
    turns, _, _, outbox, inbox = parts
    assert (await inbox.accept(said())).status == "mine"  # and then that process died
    await asyncio.sleep(0.25)
    looking = asyncio.create_task(turns.take_over())
    while not (found := await sent(outbox)):
        await asyncio.sleep(0.02)
    looking.cancel()
    assert found == ["to hello"]


async def test_a_message_that_kills_whoever_takes_it_is_apologised_for(parts):
    turns, conversation, _, outbox, inbox = parts
    await inbox.accept(said("deadly"))
    for _ in range(2):
        await asyncio.sleep(0.25)
        assert len(await inbox.take_over(1)) == 1
    await asyncio.sleep(0.25)
    looking = asyncio.create_task(turns.take_over())
    while not (found := await sent(outbox)):
        await asyncio.sleep(0.02)
    looking.cancel()
    assert found == ["sorry"]
    assert conversation.asked == []


async def test_a_turn_that_takes_longer_than_its_lease_keeps_its_box(parts):
    turns, conversation, _, outbox, inbox = parts
    conversation.slow = 0.5
    await turns.take(said(), 0)
    for _ in range(4):
        await asyncio.sleep(0.1)
        assert await inbox.take_over(1) == []
    await turns.close()
    assert await sent(outbox) == ["to hello"]
    assert len(conversation.asked) == 1


async def test_who_waits_for_room_longer_than_a_lease_keeps_the_place(parts):
    turns, conversation, _, outbox, _ = parts
    conversation.slow = 0.2
    for n in range(24):
        await turns.take(said(f"{n}", f"p{n}", f"m{n}"), 0)
    looking = asyncio.create_task(turns.take_over())
    await turns.close(5)
    looking.cancel()
    assert sorted(await sent(outbox)) == sorted(f"to {n}" for n in range(24))
    assert len(conversation.asked) == 24


async def test_a_turn_whose_box_was_taken_answers_nothing(parts, redis):
    turns, conversation, _, outbox, inbox = parts
    conversation.slow = 0.1
    await turns.take(said(), 0)
    await asyncio.sleep(0.05)
    await end_leases(redis, "inbox")  # as when this process was not to be heard of for long
    [ticket] = await inbox.take_over(1)
    await turns.close()
    assert await sent(outbox) == []
    assert (await inbox.next(ticket)).text == "hello"
    with pytest.raises(LostLease):
        await inbox.next(type(ticket)(ticket.box, "another"))


async def test_a_turn_that_hangs_is_begun_again_and_in_the_end_apologised_for(parts, monkeypatch):
    turns, conversation, _, outbox, _ = parts
    monkeypatch.setattr("channels.common.turns._LONGEST_S", 0.1)
    monkeypatch.setattr("channels.common.turns._TAKE_OVER_S", 0.02)
    conversation.slow = 30
    await turns.take(said(), 0)
    looking = asyncio.create_task(turns.take_over())
    while not (found := await sent(outbox)):
        await asyncio.sleep(0.02)
    looking.cancel()
    assert found == ["sorry"]
    assert len(conversation.asked) == 3


async def test_what_many_left_behind_is_answered_without_a_pause(parts):
    turns, conversation, _, _, inbox = parts
    for n in range(40):
        await inbox.accept(said(f"{n}", f"p{n}", f"m{n}"))
    await asyncio.sleep(0.25)
    looking = asyncio.create_task(turns.take_over())
    await asyncio.sleep(0.9)
    looking.cancel()
    assert len(conversation.asked) == 40


@pytest.mark.parametrize("event", ["follow", "scan", "enter"])
async def test_who_comes_is_greeted(parts, event):
    turns, conversation, _, _, _ = parts
    assert await turns.take(said("", event=event), 2) == "greet"
    assert conversation.asked == [("amy", "/greet", {})]


async def test_who_leaves_is_forgotten_and_told_nothing(parts):
    turns, conversation, channel, outbox, _ = parts
    assert await turns.take(said("", event="leave"), 2) is None
    assert conversation.forgotten == ["amy"]
    assert channel.seen == ["m1"]
    assert await sent(outbox) == []


async def test_who_leaves_and_comes_back_at_once_is_greeted(parts):
    turns, conversation, channel, outbox, inbox = parts
    conversation.slow = 0.1

    async def heard(message):
        if message.event == "leave":
            await inbox.forget(message.sender)

    channel.heard = heard
    for key, event in (("m1", "message"), ("m2", "leave"), ("m3", "follow")):
        await turns.take(said("", key=key, event=event), 0)
    await turns.close()
    assert (await sent(outbox))[-1] == "greet"


async def test_what_is_no_message_is_noted_and_not_answered(parts):
    turns, conversation, channel, outbox, _ = parts
    assert await turns.take(said("", event="other"), 2) is None
    assert channel.seen == ["m1"]
    assert conversation.asked == [] == await sent(outbox)


@pytest.mark.parametrize(
    "media, reason",
    [("voice", "voice"), ("image", "picture"), ("video", "picture"), ("link", "card"),
     ("card", "card"), ("location", "card"), ("unknown", "card")],
)  # fmt: skip
async def test_what_has_no_words_is_answered_with_what_it_was(parts, media, reason):
    turns, conversation, _, _, _ = parts
    await turns.take(said("", media=media), 2)
    assert conversation.asked == [("amy", "/unusable_input", {"reason": reason})]


async def test_what_was_heard_in_a_voice_message_is_taken_as_words(parts):
    turns, _, _, _, _ = parts
    assert await turns.take(said("羅湖幾點閂門", media="voice"), 2) == "to 羅湖幾點閂門"


async def test_a_person_sees_that_a_long_answer_is_being_written(parts, monkeypatch):
    turns, conversation, channel, _, _ = parts
    monkeypatch.setattr("channels.common.turns._TYPING_S", 0.05)
    conversation.slow = 0.15
    await turns.take(said(), 2)
    conversation.slow = 0
    await turns.take(said(key="m2"), 2)
    assert channel.typed == 1


async def test_what_goes_wrong_with_the_indicator_does_not_matter(parts, monkeypatch):
    turns, conversation, channel, _, _ = parts
    monkeypatch.setattr("channels.common.turns._TYPING_S", 0.01)
    conversation.slow = 0.1

    async def typing(message):
        raise ConnectionError("Redis is away")

    channel.typing = typing
    assert await turns.take(said(), 2) == "to hello"


async def test_a_message_of_an_account_that_is_set_no_more_blocks_nobody(parts):
    turns, _, channel, outbox, _ = parts
    assert await turns.take(replace(said(key="m0"), account="gone"), 0.5) is None
    assert await turns.take(said(), 2) == "to hello"
    assert channel.seen == ["m1"]
    assert await sent(outbox) == []

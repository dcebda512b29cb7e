"""Messages that nobody asked for: once for a key, with choices, until the session is ended."""

import asyncio
import json
from datetime import datetime, timezone

import pytest

from channels.common.choices import Choices
from channels.web.delivery import WebDelivery
from channels.web.history import History
from knowledge.reply import Button, Reply
from tests.support.vaults import VAULT

NOW = datetime(2026, 11, 29, 2, 0, tzinfo=timezone.utc)
REPLY = Reply("A seat is free.", buttons=(Button("Take the seat", "/take"), Button("No", "/no")))


@pytest.fixture
def history(redis):
    return History(redis, VAULT)


@pytest.fixture
def delivery(redis):
    return WebDelivery(redis, VAULT, lambda: NOW)


async def delivered(history, sender="a"):
    said = [json.loads(message) for _, message in await history.since(sender, "0-0")]
    return [message for message in said if message["from"] == "bot"]


async def test_it_stands_in_the_history_like_any_reply(delivery, history):
    await history.add_user("a", "hello", "1", NOW)
    await history.add_bot("a", REPLY.as_dict(), "en", NOW)
    assert await delivery.deliver("a", REPLY, "en", "k")
    usual, by_itself = await delivered(history)
    assert by_itself == usual
    assert by_itself["time"] == NOW.isoformat()


async def test_a_repeat_does_nothing(delivery, history):
    await history.add_user("a", "hello", "1", NOW)
    assert [await delivery.deliver("a", REPLY, "en", "k") for _ in range(3)] == [True] * 3
    assert len(await delivered(history)) == 1
    assert await delivery.deliver("a", REPLY, "en", "other")
    assert len(await delivered(history)) == 2


async def test_many_at_once_deliver_one(delivery, history):
    await history.add_user("a", "hello", "1", NOW)
    done = await asyncio.gather(*(delivery.deliver("a", REPLY, "en", "k") for _ in range(20)))
    assert done == [True] * 20
    assert len(await delivered(history)) == 1


async def test_what_changes_meanwhile_is_not_lost(delivery, history):
    await history.add_user("a", "hello", "1", NOW)
    await asyncio.gather(
        *(delivery.deliver("a", REPLY, "en", str(n)) for n in range(10)),
        *(history.add_user("a", f"text {n}", "1", NOW) for n in range(10)),
    )
    assert len(await delivered(history)) == 10
    assert len(await history.since("a", "0-0")) == 21


async def test_its_buttons_can_be_chosen_by_number_and_earlier_ones_by_tap(
    delivery, history, redis
):
    choices = Choices(redis)
    await history.add_user("a", "hello", "1", NOW)
    await choices.remember("a", [{"title": "Earlier", "payload": "/earlier"}])
    await delivery.deliver("a", REPLY, "en", "k")
    assert await choices.payload_for("a", "1") == "/take"
    assert await choices.payload_for("a", "/earlier") == "/earlier"


async def test_without_buttons_the_last_choices_stand(delivery, history, redis):
    choices = Choices(redis)
    await history.add_user("a", "hello", "1", NOW)
    await choices.remember("a", [{"title": "Earlier", "payload": "/earlier"}])
    assert await delivery.deliver("a", Reply("A reminder."), "en", "k")
    assert await choices.payload_for("a", "1") == "/earlier"


@pytest.mark.parametrize("reply", [REPLY, Reply("A reminder.")], ids=["choices", "none"])
async def test_a_question_that_is_open_stays_open(delivery, history, redis, reply):
    choices = Choices(redis)
    await history.add_user("a", "hello", "1", NOW)
    await choices.remember("a", [], asks="name")
    assert await delivery.deliver("a", reply, "en", "k")
    assert (await choices.offered("a")).asks == "name"
    assert [said["asks"] for said in await delivered(history)] == ["name"]


async def test_whose_history_has_gone_is_shown_it_when_the_page_is_opened(delivery, history, redis):
    await history.add_user("a", "hello", "1", NOW)
    await redis.delete(*await redis.keys("web:history:*"))  # a day later
    assert await delivery.deliver("a", REPLY, "en", "k")
    assert [said["lead"] for said in await delivered(history)] == ["A seat is free."]


async def test_it_outlives_what_was_said(delivery, history, redis):
    await history.add_user("a", "hello", "1", NOW)
    await delivery.deliver("a", REPLY, "en", "k")
    await history.add_user("a", "hello again", "2", NOW)
    day = 24 * 3600
    assert 0 < await redis.ttl("web:history:a") <= day
    assert 6 * day < await redis.ttl("web:sent:a") <= 7 * day


async def test_it_stands_among_what_was_said_in_its_place(delivery, history):
    ids = [await history.add_user("a", "one", "1", NOW)]
    await asyncio.sleep(0.002)
    await delivery.deliver("a", REPLY, "en", "k")
    await asyncio.sleep(0.002)
    ids.append(await history.add_user("a", "three", "2", NOW))
    said = await history.since("a", "0-0")
    assert [event_id for event_id, _ in said][::2] == ids
    assert "A seat is free." in said[1][1]
    assert [event_id for event_id, _ in await history.since("a", said[1][0])] == ids[1:]


async def test_forgetting_deletes_it(delivery, history, redis):
    await history.add_user("a", "hello", "1", NOW)
    await delivery.deliver("a", REPLY, "en", "k")
    await history.forget("a")
    assert await history.since("a", "0-0") == []
    assert await redis.keys("web:sent:*") == []


async def test_an_ended_session_gets_none(delivery, history):
    await history.add_user("a", "hello", "1", NOW)
    await history.end("a")
    assert not await delivery.deliver("a", REPLY, "en", "k")
    assert await delivered(history) == []


async def test_a_session_that_ends_while_it_is_delivered_gets_none(history, redis, monkeypatch):
    """The session ends between the look and the write: the transaction begins again."""
    delivery = WebDelivery(redis, VAULT, lambda: NOW)
    await history.add_user("a", "hello", "1", NOW)
    offered = Choices.offered

    async def ended_meanwhile(choices, sender):
        await history.end(sender)
        await history.forget(sender)
        return await offered(choices, sender)

    monkeypatch.setattr(Choices, "offered", ended_meanwhile)
    assert not await delivery.deliver("a", REPLY, "en", "k")
    assert await redis.keys("*") == ["web:ended:a"]


async def test_everything_has_an_end(delivery, history, redis):
    await history.add_user("a", "hello", "1", NOW)
    await delivery.deliver("a", REPLY, "en", "k")
    for key in await redis.keys("*"):
        assert 0 < await redis.ttl(key) <= 14 * 24 * 3600


async def test_an_open_page_gets_it_at_once(delivery, history):
    await history.add_user("a", "hello", "1", NOW)
    ((last, _),) = await history.since("a", "0-0")
    following = history.follow("a", last)
    waiting = asyncio.ensure_future(following.__anext__())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await delivery.deliver("a", REPLY, "en", "k")
    _, message = await asyncio.wait_for(waiting, 2)
    assert json.loads(message)["lead"] == "A seat is free."
    await following.aclose()

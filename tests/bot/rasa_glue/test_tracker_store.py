"""The conversation in Redis: what is kept, for how long, and how much of it."""

import json

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Restarted,
    SlotSet,
    UserUttered,
)

from bot.rasa_glue.tracker_store import LIFETIME_S, SessionTrackerStore
from core.vault import Vault, make_keys
from tests.support.vaults import VAULT, opened

DOMAIN = Domain.from_dict(
    {
        "intents": ["enquire"],
        "slots": {
            name: {"type": "any", "mappings": [{"type": "custom"}]}
            for name in ("language", "misses")
        },
        "forms": {"booking_form": {"required_slots": ["language"]}},
    }
)


@pytest.fixture
def store(redis):
    return SessionTrackerStore(redis, VAULT, DOMAIN)


async def turn(store, text, *more, sender="someone", entities=(), args=None):
    """One turn: what was said, the answer, and further events."""
    tracker = await store.get_or_create_tracker(sender)
    intent = {"name": "enquire", "confidence": 1.0}
    parsed = {
        "intent": intent, "entities": list(entities), "text": text,
        "knowledge": {"hits": ["much"] * 50},
    }  # fmt: skip
    for event in (
        UserUttered(text, intent=intent, entities=list(entities), parse_data=parsed),
        *more,
        BotUttered(
            "an answer",
            {"custom": {"text": "long" * 99}},
            {"utter_action": "answer", "args": {"to": args or text}},
        ),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event, DOMAIN)
    await store.save(tracker)


def replies(tracker):
    return [e.metadata["args"]["to"] for e in tracker.events if isinstance(e, BotUttered)]


async def test_an_unknown_sender_has_a_fresh_conversation_that_is_not_kept(store, redis):
    tracker = await store.retrieve("nobody")
    assert replies(tracker) == []
    assert tracker.latest_action_name == "action_listen"
    assert await redis.keys("*") == []


async def test_a_conversation_comes_back(store):
    await turn(store, "hello")
    tracker = await store.retrieve("someone")
    assert replies(tracker) == ["hello"]
    assert tracker.latest_action_name == "action_listen"


async def test_only_the_last_replies_are_kept(store):
    for number in range(10):
        await turn(store, f"turn {number}")
    assert replies(await store.retrieve("someone")) == ["turn 9"]


async def test_slots_and_the_active_form_outlive_the_turns(store):
    await turn(store, "first", SlotSet("language", "en"), ActiveLoop("booking_form"))
    for number in range(20):
        await turn(store, f"turn {number}")
    tracker = await store.retrieve("someone")
    assert tracker.get_slot("language") == "en"
    assert tracker.active_loop_name == "booking_form"


async def test_a_slot_that_was_emptied_and_a_form_that_ended_stay_so(store):
    await turn(store, "first", SlotSet("language", "en"), ActiveLoop("booking_form"))
    await turn(store, "second", SlotSet("language", None), ActiveLoop(None))
    tracker = await store.retrieve("someone")
    assert tracker.get_slot("language") is None
    assert tracker.active_loop_name is None


async def test_the_last_reply_can_be_said_again(store):
    await turn(store, "hello")
    (reply,) = [e for e in (await store.retrieve("someone")).events if isinstance(e, BotUttered)]
    assert reply.metadata["utter_action"] == "answer"


async def test_personal_numbers_are_masked_in_redis(store, redis):
    args = "my number is 9123 4567"
    await turn(store, "hello", SlotSet("language", "A123456(3)"), args=args)
    written = await opened(redis, VAULT, "tracker:someone")
    assert "9123 4567" not in written and "123456" not in written
    assert "**** ****" in written


async def test_nothing_that_a_person_says_is_kept(store, redis):
    name = {"entity": "name", "value": "陳大文", "start": 0, "end": 3}
    await turn(store, "陳大文 91234567", entities=[name], args="something else")
    written = await opened(redis, VAULT, "tracker:someone")
    for said in ("陳大文", "9123"):
        assert said not in written and json.dumps(said).strip('"') not in written


async def test_a_conversation_is_forgotten_after_its_time(store, redis):
    await turn(store, "hello")
    assert 0 < await redis.ttl("tracker:someone") <= LIFETIME_S


async def test_each_turn_renews_the_time(store, redis):
    await turn(store, "hello")
    await redis.expire("tracker:someone", 5)
    await turn(store, "again")
    assert await redis.ttl("tracker:someone") > 5


async def test_turn_200_reads_no_more_than_turn_5(store, redis):
    sizes = {}
    for number in range(1, 201):
        await turn(store, f"turn {number:03}", SlotSet("misses", number % 2))
        sizes[number] = await redis.strlen("tracker:someone")
    # Timestamps are written with more or fewer digits.
    assert sizes[200] <= sizes[5] + 100
    assert len((await store.retrieve("someone")).events) <= 20


async def test_what_only_its_own_turn_needed_is_not_kept(store, redis):
    await turn(store, "hello")
    assert "much" not in await opened(redis, VAULT, "tracker:someone")
    assert "longlong" not in await opened(redis, VAULT, "tracker:someone")


async def test_a_restart_forgets_what_was_said_before(store, redis):
    await turn(store, "secret")
    tracker = await store.retrieve("someone")
    tracker.update(Restarted(), DOMAIN)
    await store.save(tracker)
    assert "secret" not in await opened(redis, VAULT, "tracker:someone")


async def test_deleting_leaves_nothing(store, redis):
    await turn(store, "hello")
    await turn(store, "hello", sender="other")
    await store.delete("someone")
    assert replies(await store.retrieve("someone")) == []
    assert list(await store.keys()) == ["other"]


async def test_what_is_kept_is_plain_json(store, redis):
    await turn(store, "hello")
    kept = json.loads(await opened(redis, VAULT, "tracker:someone"))
    assert set(kept) == {"slots", "loop", "message", "replies"}


async def test_what_was_told_is_found_by_the_message_alone(store):
    tracker = await store.get_or_create_tracker("someone")
    tracker.update(UserUttered("hello", message_id="m1"), DOMAIN)
    tracker.update(BotUttered("hi", {}, {"utter_action": "utter_greet", "reader": "en"}), DOMAIN)
    await store.save(tracker)
    assert await store.told("someone", "m1") == [{"utter_action": "utter_greet", "reader": "en"}]
    assert await store.told("someone", "m2") is None
    assert await store.told("nobody", "m1") is None


async def test_a_copy_of_redis_tells_nothing_of_a_conversation(store, redis):
    await turn(store, "hello", args="something to repeat")
    assert "repeat" not in await redis.get("tracker:someone")


async def test_a_conversation_under_a_key_that_is_gone_begins_anew(store, redis):
    await turn(store, "hello")
    other = SessionTrackerStore(redis, Vault("2" + make_keys()[1:], "f"), DOMAIN)
    assert replies(await other.retrieve("someone")) == []
    assert await other.told("someone", "m1") is None

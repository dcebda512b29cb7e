"""Forgetting a person: everywhere, and nobody else."""

import asyncio

import pytest
from sqlalchemy import select

from actions.feedback.store import FEEDBACK
from actions.privacy.actions import ActionDeleteMyData
from actions.privacy.service import PrivacyService
from tests.support.dialogue import act, tracker


def place(forgotten, name):
    async def forget(sender):
        await asyncio.sleep(0)
        forgotten.append((name, sender))

    return forget


async def test_every_place_forgets_the_person():
    forgotten = []
    await PrivacyService([place(forgotten, "a"), place(forgotten, "b")]).forget("someone")
    assert forgotten == [("a", "someone"), ("b", "someone")]


async def test_the_action_forgets_before_it_says_so_and_restarts():
    forgotten = []
    action = ActionDeleteMyData(PrivacyService([place(forgotten, "a")]))
    replies, events = await act(action, tracker())
    assert forgotten == [("a", "someone")]
    assert replies == [("utter_delete_my_data", {})]
    assert {event["event"] for event in events} == {"reset_slots", "restart"}


async def test_when_a_place_cannot_forget_nobody_says_that_it_did():
    async def stuck(_sender):
        raise OSError("no database")

    replies, events = await act(ActionDeleteMyData(PrivacyService([stuck])), tracker())
    assert replies == [("utter_error", {})]
    assert events == []


@pytest.mark.model
async def test_nothing_that_a_person_said_is_left(assistant, redis):
    turn = assistant.conversation.turn
    for sender in ("leaves", "stays"):
        await turn(sender, "English please", "test")
        await turn(sender, "how long does a residence permit take", "test")
        await turn(sender, "I want to complain about this terrible website", "test")
        await assistant.history.add_user(sender, "residence permit", "id", _now())
    said = await turn("leaves", "delete my data", "test")
    assert said.intent == "delete_my_data"
    assert "deleted" in said.replies[0]["text"]

    left = {}
    for key in await redis.keys("*leaves*"):
        left[key] = await redis.get(key) if await redis.type(key) == "string" else "something"
    assert set(left) <= {"tracker:leaves"}
    assert "residence" not in str(left) and "website" not in str(left) and '"en"' not in str(left)
    assert len(await redis.keys("*stays*")) >= 3
    with assistant.database.connect() as connection:
        senders = {row.sender for row in connection.execute(select(FEEDBACK))}
    assert "leaves" not in senders
    assert "stays" in senders


def _now():
    from core.clock import system_clock

    return system_clock()

"""Opinions: kept masked, on both databases, and deleted on request."""

from datetime import datetime, timezone

import pytest
from sqlalchemy import select

from actions.feedback.actions import ActionGiveFeedback
from actions.feedback.service import FeedbackService
from actions.feedback.store import FEEDBACK, FeedbackStore
from tests.support.dialogue import act, tracker

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone.utc)


@pytest.fixture
def service(engine):
    return FeedbackService(FeedbackStore(engine), clock=lambda: NOW)


def kept(engine):
    with engine.connect() as connection:
        return connection.execute(select(FEEDBACK).order_by(FEEDBACK.c.id)).all()


def test_an_opinion_is_kept_with_who_and_when(service, engine):
    service.leave("someone", "好好用，多謝 👍")
    (row,) = kept(engine)
    assert (row.sender, row.text) == ("someone", "好好用，多謝 👍")
    assert row.said_at.replace(tzinfo=timezone.utc) == NOW


@pytest.mark.parametrize(
    "said, gone",
    [("call me at 9123 4567", "9123 4567"), ("我身份證係A123456(3)", "123456"),
     ("mail chan@example.com please", "example.com"), ("我的身份证11010519491231002X", "19491231")],
)  # fmt: skip
def test_personal_numbers_are_masked(service, engine, said, gone):
    service.leave("someone", said)
    assert gone not in kept(engine)[0].text
    assert "*" in kept(engine)[0].text


def test_a_very_long_opinion_is_cut(service, engine):
    service.leave("someone", "長" * 5000)
    assert len(kept(engine)[0].text) == 2000


def test_deleting_takes_all_of_one_person_and_nothing_of_others(service, engine):
    for sender in ("someone", "someone", "other"):
        service.leave(sender, "good")
    assert FeedbackStore(engine).delete_of("someone") == 2
    assert [row.sender for row in kept(engine)] == ["other"]
    assert FeedbackStore(engine).delete_of("someone") == 0


async def test_the_action_keeps_the_words_and_thanks(service, engine):
    replies, events = await act(ActionGiveFeedback(service), tracker("太難用"))
    assert replies == [("utter_give_feedback", {})]
    assert events == []
    assert (kept(engine)[0].sender, kept(engine)[0].text) == ("someone", "太難用")


async def test_an_opinion_that_cannot_be_kept_is_not_thanked_for(engine):
    service = FeedbackService(FeedbackStore(engine), clock=lambda: "no time")
    replies, _ = await act(ActionGiveFeedback(service), tracker("太難用"))
    assert replies == [("utter_error", {})]
    assert kept(engine) == []


def test_a_person_gets_what_they_left(service, engine):
    service.leave("someone", "first")
    service.leave("other", "not theirs")
    service.leave("someone", "second")
    told = FeedbackStore(engine).export_of("someone")
    assert [one["text"] for one in told] == ["first", "second"]
    assert told[0]["said_at"] == "2026-05-04T03:02:01+00:00"
    assert FeedbackStore(engine).export_of("nobody") == []

"""No action fails silently."""

import pytest

from actions.base import AssistantAction, last_reply, say
from tests.support.dialogue import act, said, tracker


class Broken(AssistantAction):
    """Says half of something and fails."""

    def name(self):
        return "action_broken"

    async def act(self, dispatcher, tracker):
        say(dispatcher, "utter_greet")
        raise RuntimeError("out of order")


async def test_an_action_that_raises_apologises_and_says_nothing_else():
    replies, events = await act(Broken(), tracker())
    assert replies == [("utter_error", {})]
    assert events == []


async def test_an_action_that_raises_is_logged(caplog):
    await act(Broken(), tracker())
    assert "action_broken failed" in caplog.text
    assert "out of order" in caplog.text


def test_the_last_reply_is_found_past_what_people_said():
    events = [
        said("answer", entry="faq:a"),
        said("utter_greet"),
        {"event": "user", "text": "again"},
    ]
    assert last_reply(tracker(events=events)) == ("utter_greet", {})


def test_there_is_no_last_reply_at_first():
    assert last_reply(tracker(events=[{"event": "user", "text": "hello"}])) is None


@pytest.mark.model
async def test_after_an_action_that_raises_the_conversation_goes_on(assistant, monkeypatch):
    turn = assistant.conversation.turn
    with monkeypatch.context() as broken:
        broken.setattr("actions.enquiry.service.decide", lambda *_: 1 / 0)
        apology = await turn("broken", "how long does a residence permit take", "test")
    assert "something went wrong" in apology.replies[0]["text"]
    assert "1 / 0" not in str(apology.replies) and "ZeroDivision" not in str(apology.replies)
    after = await turn("broken", "how long does a residence permit take", "test")
    assert "20" in after.replies[0]["text"]


@pytest.mark.model
async def test_the_apology_is_in_the_persons_language(assistant, monkeypatch):
    monkeypatch.setattr("actions.enquiry.service.decide", lambda *_: 1 / 0)
    apology = await assistant.conversation.turn("broken-2", "羅湖口岸幾點閂門呀", "test")
    assert apology.replies[0]["text"].startswith("對唔住")

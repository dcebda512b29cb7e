"""Back in the chat: who is linked and what goes on, in one message."""

from datetime import datetime, timezone

import pytest

from actions.identity.journey import Linked
from actions.identity.model import Level, SignedIn
from channels.common.resume import ChatResume
from channels.common.turn import Turn
from core.reader import Reader

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)
WHO = SignedIn("ref-1", "person", Level.LOGIN, NOW, NOW)


class FakeConversation:
    def __init__(self):
        self.asked = []

    async def prompt(self, sender, intent, channel, message_id=None, default=None, **given):
        self.asked.append((sender, intent, channel, str(default)))
        asks = "date" if intent == "book_appointment" else None
        return Turn(default, intent, [], asks, [{"text": intent}])


class FakeSpeaker:
    def __init__(self):
        self.said = []

    async def say(self, sender, turn, key):
        self.said.append((sender, [reply["text"] for reply in turn.replies], turn.asks, key))


@pytest.fixture
def parts():
    conversation, web, wechat = FakeConversation(), FakeSpeaker(), FakeSpeaker()
    return ChatResume(conversation, {"web": web, "wechat": wechat}), conversation, web, wechat


def linked(task, channel="web"):
    return Linked("amy", channel, "", task, "cmn-Hans", WHO, "")


async def test_the_task_goes_on_in_the_same_message(parts):
    resume, conversation, web, wechat = parts
    await resume.resumed(linked("book_appointment"))
    assert web.said == [
        ("amy", ["signed_in", "book_appointment"], "date", "signed-in/ref-1")
    ]  # fmt: skip
    assert [asked[1] for asked in conversation.asked] == ["signed_in", "book_appointment"]
    assert {asked[3] for asked in conversation.asked} == {str(Reader("cmn", "Hans"))}
    assert wechat.said == []


async def test_who_only_wanted_to_sign_in_is_told_so(parts):
    resume, _, _, wechat = parts
    await resume.resumed(linked("sign_in", "wechat"))
    assert [said[1] for said in wechat.said] == [["signed_in"]]


async def test_a_login_elsewhere_is_asked_about_each_time(parts):
    resume, _, _, wechat = parts
    for _ in range(2):
        await resume.asked("amy", "wechat", "wx1", "en")
    assert [said[1] for said in wechat.said] == [["sign_in_waiting"]] * 2
    assert len({said[3] for said in wechat.said}) == 2

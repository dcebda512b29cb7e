"""Signing in and out, and one's own applications, in talks with the real assistant."""

import pytest

from actions.identity.actions import ActionCheckApplicationStatus, ActionSignIn, ActionSignOut
from actions.identity.journey import Parked
from actions.identity.model import HandOff, Level, Need
from tests.support.dialogue import act, tracker
from tests.support.signed_in import come_back, link_of, login, sign_in, task_behind

pytestmark = pytest.mark.model

ASKED = {
    "sign_in": [
        "我要登入", "幫我登入", "想用智方便登入", "點樣登入呀", "登入我個帳戶", "我想sign in", "登入先",
        "用智方便login", "我要驗證身份", "等我登入先啦",
        "我要登录", "请帮我登录", "用智方便登录", "我想登录我的账户", "怎么登录", "登录一下", "先登录",
        "請讓我登入", "我想用粤省事登录", "我要验证身份",
        "sign in", "I want to sign in", "log me in please", "can I log in with iAM Smart",
        "sign in with iAM Smart", "login", "let me sign in first", "I'd like to log in",
        "verify my identity", "sign me in",
    ],
    "sign_out": [
        "登出", "我要登出", "幫我登出", "登出個帳戶", "我想log out", "退出登入", "用完喇，登出", "logout",
        "幫我退出帳戶", "sign out呀唔該",
        "退出登录", "我要退出登录", "帮我退出账号", "退出账户", "我要登出", "请帮我登出", "注销登录",
        "退出我的账号", "用完了，退出登录", "請替我登出",
        "sign out", "log out", "sign me out", "I want to log out", "log me out please", "logout now",
        "please sign me out", "sign out of my account", "I'm done, log me out", "end my session",
    ],
    "check_application_status": [
        "我嘅申請去到邊", "查下我份申請進度", "我張證批咗未", "我個申請成點", "我本護照得未",
        "我份申請批咗未呀", "幫我睇下我個申請", "我張身份證做好未", "我嘅簽注批咗未", "想知我申請嘅進度",
        "我的申请到哪一步了", "查询我的申请进度", "我的证办好了吗", "我的申请批了吗", "我的护照好了没有",
        "帮我查一下我的办理进度", "我的签注批了没有", "請查詢我的申請進度", "我提交的申请怎么样了",
        "我的通行证办得怎么样了",
        "where is my application", "check my application status", "is my permit ready",
        "has my application been approved", "what is the status of my application",
        "how far is my application", "track my application", "is my passport ready yet",
        "any news about my application", "has my visa been approved yet",
    ],
}  # fmt: skip


@pytest.mark.parametrize("intent", ASKED)
async def test_it_is_understood_however_it_is_said(assistant, intent):
    """At most one of thirty may be taken for something else."""
    missed = []
    for words in ASKED[intent]:
        parsed = await assistant.conversation.understand(words)
        if parsed["intent"]["name"] != intent:
            missed.append((words, parsed["intent"]["name"]))
    assert len(missed) <= 1, missed


@pytest.mark.parametrize(
    "words, said, button",
    [
        ("sign in", "within 5 minutes", "I have no iAM Smart yet"),
        ("我要登入呀", "5分鐘", "我未有智方便"),
        ("请帮我登录", "5分钟", "我还没有“智方便”"),
        ("請讓我登入", "5分鐘", "我未有「智方便」"),
    ],
)
async def test_a_link_and_a_way_for_who_has_no_account(assistant, talk, words, said, button):
    somebody = talk()
    await somebody.say(words, None)
    assert said in somebody.text
    assert somebody.titles[0] == button
    assert await task_behind(assistant, somebody) == "sign_in"
    await somebody.say("1")
    assert "service:hk-dpo-iamsmart" in somebody.turn.knowledge


@pytest.mark.parametrize(
    "ask, status, level, until, out",
    [
        ("我嘅申請去到邊呀", "可以領取", "你已經登入咗", "9點半", "你已經喺呢個對話登出"),
        ("查询我的申请进度", "可以领取", "您已登录", "9:30", "您已在这个对话中退出登录"),
        (
            "where is my application",
            "ready to collect",
            "You are signed in",
            "9:30",
            "You are signed out",
        ),
    ],
)
async def test_my_applications(assistant, talk, monday, ask, status, level, until, out):
    somebody = talk()
    await somebody.say(ask, None)
    assert status not in somebody.text
    assert await task_behind(assistant, somebody) == "check_application_status"
    await sign_in(assistant, monday, somebody.sender)
    await come_back(assistant, somebody)
    assert level in somebody.text and until in somebody.text
    await come_back(assistant, somebody, "check_application_status")
    assert status in somebody.text and "DEMO" in somebody.text
    await somebody.say("sign out" if ask.isascii() else "登出", None)
    assert out in somebody.text
    await somebody.say(ask, None)
    assert status not in somebody.text and link_of(somebody)


async def test_deleting_ends_the_session(assistant, talk, monday):
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    await owner.say("sign in", None)
    assert owner.text.startswith("You are signed in")
    await owner.say("delete my data")
    assert await assistant.sign_in.service.signed_in(owner.sender) is None


async def test_whoever_leaves_us_is_signed_out(assistant, talk, monday):
    owner = talk()
    await sign_in(assistant, monday, owner.sender)
    await assistant.post.people.leave(owner.sender)
    assert await assistant.sign_in.service.signed_in(owner.sender) is None


@pytest.fixture
def parked(assistant, monday):
    """A login of a chat in another browser; returns the code on its page."""

    async def park(talk, task="check_application_status"):
        hand_off = HandOff(talk.sender, "web", "", task, Need(Level.LOGIN), "en", monday(), "42")
        store = assistant.sign_in.service._store
        await store.park(Parked(hand_off, login(monday()), "4831"))
        talk.turn = await assistant.conversation.prompt(talk.sender, "sign_in_waiting", "web")
        return "4831"

    return park


async def test_the_code_of_another_device_is_typed(assistant, talk, parked):
    owner = talk()
    await owner.say("hello")
    code = await parked(owner)
    assert "4-digit code" in owner.text and owner.turn.asks == "confirm"
    await owner.say(code, None)
    assert owner.text.startswith("You are signed in until")
    assert "ready to collect" in owner.text  # the task went on


async def test_other_things_may_be_said_meanwhile(assistant, talk, parked):
    owner = talk()
    await owner.say("hello")
    code = await parked(owner)
    await owner.say("What are the opening hours of Lo Wu?", None)
    assert owner.turn.knowledge
    await owner.say(code.replace("4", "４"), None)
    assert await assistant.sign_in.service.signed_in(owner.sender)


async def test_a_wrong_code_is_the_only_try(assistant, talk, parked):
    owner = talk()
    await owner.say("hello")
    code = await parked(owner)
    await owner.say("4832", None)
    assert "not the code" in owner.text and owner.titles == ["Sign in"]
    await owner.say(code)
    assert await assistant.sign_in.service.signed_in(owner.sender) is None


@pytest.mark.parametrize("said", ["1", "It was not me"])
async def test_it_was_not_me(assistant, talk, parked, said):
    owner = talk()
    await owner.say("hello")
    code = await parked(owner)
    await owner.say(said, None)
    assert "nobody has been signed in" in owner.text
    await owner.say(code)
    assert await assistant.sign_in.service.signed_in(owner.sender) is None


async def test_the_form_waits_for_the_code_and_goes_on(assistant, talk, parked):
    owner = talk()
    await owner.say("view my appointment", "reference")
    code = await parked(owner, "view_appointment")
    assert len(owner.turn.replies) == 1 and "4-digit code" in owner.text
    await owner.say(code, "reference")
    assert owner.text.startswith("You are signed in until")
    assert "There is no appointment under your login" in owner.text


async def test_without_the_form_its_task_is_a_tap_away(assistant, talk, parked):
    owner = talk()
    await owner.say("hello")
    await owner.say(await parked(owner, "view_appointment"), None)
    assert owner.titles == ["Continue", "Sign out"]
    await owner.say("1", "reference")
    assert "There is no appointment under your login" in owner.text


async def test_where_nobody_can_sign_in_it_is_said_where_one_can(assistant, talk):
    async def none(_sender):
        return None

    for action, reply in (
        (ActionSignIn(None, none), "utter_sign_in"),
        (ActionSignOut(None), "utter_sign_out"),
        (ActionCheckApplicationStatus(None), "utter_check_application_status"),
    ):
        said, events = await act(action, tracker("x"))
        assert ([name for name, _ in said], events) == ([reply], [])
        assert reply in assistant.knowledge.current.phrases

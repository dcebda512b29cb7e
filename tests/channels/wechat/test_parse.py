"""Every type of message and event as one Incoming, whichever form it came in."""

from contextlib import suppress
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.common import guard
from channels.wechat.markup import read
from channels.wechat.parse import incoming, sender_of
from channels.wechat.refused import Refused
from channels.wechat.simulator import messages
from channels.wechat.simulator.push import Platform
from tests.support.wechat import ACCOUNT, OPENID, VAULT, account

NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=timezone.utc)


@pytest.fixture(params=["xml", "json"])
def parsed(request):
    """Parses a message as the platform writes it."""
    ours = account(mode="plain", format=request.param)
    platform = Platform(ours, "", lambda: NOW)

    def parse(fields, openid=OPENID):
        return incoming(ours, read(platform.push(openid, fields).body), VAULT)

    return parse


def test_a_text(parsed):
    message = parsed({**messages.text("羅湖幾點閂門？ <b>&"), "MsgId": 6054768590064713728})
    assert message.text == "羅湖幾點閂門？ <b>&"
    assert (message.channel, message.account) == ("wechat", ACCOUNT.app_id)
    assert (message.address, message.sender) == (OPENID, sender_of(ACCOUNT, OPENID, VAULT))
    assert message.key == "message-6054768590064713728"
    assert (message.event, message.media, message.choice) == ("message", None, None)
    assert message.at == NOW


def test_a_tapped_item_is_a_choice(parsed):
    message = parsed(messages.tap("2. 簽發中心", "0123456789abcdef0123"))
    assert (message.text, message.choice) == ("2. 簽發中心", "0123456789abcdef0123")
    assert message.event == "message"


@pytest.mark.parametrize(
    "fields, media, text",
    [
        (messages.image(), "image", ""),
        (messages.voice(), "voice", ""),
        (messages.voice("羅湖幾點閂門"), "voice", "羅湖幾點閂門"),
        (messages.video(), "video", ""),
        ({**messages.video(), "MsgType": "shortvideo"}, "video", ""),
        (messages.location("深圳市羅湖區"), "location", "深圳市羅湖區"),
        (messages.location(""), "location", ""),
        (messages.link("https://example.com"), "link", ""),
        (messages.card(), "card", ""),
        ({"MsgType": "hologram", "Content": "x"}, "unknown", ""),
        ({"MsgType": "TEXT", "Content": "x"}, None, "x"),
    ],
)
def test_what_is_no_text(parsed, fields, media, text):
    message = parsed(fields)
    assert (message.media, message.text, message.event) == (media, text, "message")


@pytest.mark.parametrize(
    "fields, event, text",
    [
        (messages.event("subscribe"), "follow", ""),
        (messages.event("subscribe", "qrscene_123", Ticket="T"), "follow", ""),
        (messages.event("unsubscribe"), "leave", ""),
        (messages.event("SCAN", "123", Ticket="T"), "scan", ""),
        (messages.event("CLICK", "有咩服務"), "menu", "有咩服務"),
        (messages.event("VIEW", "https://example.com"), "other", ""),
        (messages.event("LOCATION", Latitude="22.5"), "other", ""),
        (messages.enter("from a page"), "enter", ""),
        (messages.event("subscribe_msg_sent_event"), "other", ""),
        (messages.event("MASSSENDJOBFINISH"), "other", ""),
    ],
)
def test_events(parsed, fields, event, text):
    message = parsed(fields)
    assert (message.event, message.text, message.media) == (event, text, None)
    assert message.subscriptions == {}


def test_what_people_decide_about_reminders(parsed):
    message = parsed(messages.decided({"template-1": "accept", "template-2": "reject"}))
    assert message.subscriptions == {"template-1": "accept", "template-2": "reject"}
    assert message.event == "other"


@pytest.mark.parametrize(
    "body",
    [
        # as the documents of mini programs have it, in JSON
        '{"Event": "subscribe_msg_popup_event", "List": [%s]}',
        '{"Event": "subscribe_msg_popup_event", "List": %s}',
        '{"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": [%s]}}',
    ],
)
def test_decisions_in_other_forms(body):
    one = '{"TemplateId": "t", "SubscribeStatusString": "reject"}'
    fields = read((body % one).encode())
    fields |= {"FromUserName": OPENID, "CreateTime": "1", "MsgType": "event"}
    assert incoming(ACCOUNT, fields, VAULT).subscriptions == {"t": "reject"}


def test_a_decision_that_is_none_is_left_out(parsed):
    decided = {"t1": "filter", "t2": "", "t3": "ACCEPT", "a b": "accept", "x" * 65: "reject"}
    assert parsed(messages.decided(decided)).subscriptions == {"t3": "accept"}


def test_what_is_far_too_long_is_not_kept_whole(parsed):
    message = parsed(messages.tap("字" * 50_000, "1" * 1000))
    assert guard.admit(message.text) == (None, "too_long")
    assert len(message.text) == guard.MAX_TEXT + 1
    assert len(message.choice) == 128
    assert guard.admit(parsed(messages.text("字" * guard.MAX_TEXT)).text)[1] is None


def test_a_repeat_has_the_same_key_and_another_event_has_not(parsed):
    click = messages.event("CLICK", "a")
    assert parsed(click).key == parsed(click).key
    others = [messages.event("CLICK", "b"), messages.event("VIEW", "a"), messages.enter()]
    keys = {parsed(fields).key for fields in [click, *others]}
    assert len(keys | {parsed(click, openid="oAnother").key}) == 5


def test_a_message_without_an_id_is_told_by_what_it_says(parsed):
    one = {**messages.text("a"), "MsgId": ""}
    assert parsed(one).key == parsed(one).key != parsed({**one, "Content": "b"}).key


def test_keys_and_pseudonyms_tell_nothing_of_the_person(parsed):
    for fields in (messages.text("hello"), messages.event("subscribe"), messages.enter()):
        message = parsed(fields)
        assert OPENID not in message.key + message.sender + repr(message)
        assert "hello" not in message.key + repr(message)
    other = account(app_id="wx0000000000000000")
    assert sender_of(other, OPENID, VAULT) != sender_of(ACCOUNT, OPENID, VAULT)


GOOD = {"FromUserName": OPENID, "CreateTime": "1", "MsgType": "text", "Content": "x"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"FromUserName": ""}, {"FromUserName": "a b"}, {"FromUserName": "a" * 65},
        {"FromUserName": {}}, {"FromUserName": "../x"}, {"CreateTime": ""}, {"CreateTime": "-1"},
        {"CreateTime": "9" * 20}, {"CreateTime": "1.5"}, {"CreateTime": "９"}, {"MsgType": ""},
        {"MsgType": []}, {"Content": {"A": "1"}}, {"MsgId": "abc"}, {"MsgId": "9" * 21},
        {"MsgType": "event", "Event": {"A": "1"}}, {"bizmsgmenuid": ["1"]},
        {"MsgType": "event", "Event": "subscribe_msg_popup_event", "List": ["x"]},
    ],
)  # fmt: skip
def test_what_every_push_has_must_be_there(wrong):
    assert incoming(ACCOUNT, GOOD, VAULT).text == "x"
    with pytest.raises(Refused):
        incoming(ACCOUNT, {**GOOD, **wrong}, VAULT)


_VALUE = st.recursive(
    st.text(max_size=20), lambda v: st.lists(v, max_size=2) | st.dictionaries(st.text(), v)
)
_NAMES = st.sampled_from([
    "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content", "MsgId", "List",
    "bizmsgmenuid", "Recognition", "Label", "SubscribeMsgPopupEvent",
])  # fmt: skip


@given(st.dictionaries(_NAMES, _VALUE | st.sampled_from(["event", "text", "voice", OPENID, "1"])))
def test_any_fields_are_parsed_or_refused(fields):
    with suppress(Refused):
        incoming(ACCOUNT, fields, VAULT)

"""One try of one message: what it costs of the quota, and what a refusal teaches."""

import logging
from dataclasses import replace

import pytest

from channels.common.courier import AMBIGUOUS, SENT
from channels.common.envelope import Incoming, Outgoing
from channels.common.people import People
from channels.common.quota import Quota
from channels.wechat.limits import RULES
from channels.wechat.sender import WeChatSender
from core.clock import system_clock
from tests.support.fake_department import answers, lost_after
from tests.support.wechat_api import APP_ID, OPENID, SEND, VAULT, code

SENDER = "wechat-" + "a" * 40
NOTICE = {"template_id": "T", "data": {"thing1": {"value": "身份證"}}}
NOTIFY = "/cgi-bin/message/subscribe/bizsend"


def outgoing(kind="text", body=None, account=APP_ID):
    body = body or {"content": "你好"}
    return Outgoing("wechat", account, SENDER, OPENID, kind, body, False, "k")


@pytest.fixture
def quotas(redis):
    return {kind: Quota(redis, rules) for kind, rules in RULES.items()}


@pytest.fixture
def quota(quotas):
    return quotas["service_account"]


@pytest.fixture
def people(engine):
    return People(engine, VAULT, system_clock)


@pytest.fixture
def sender(api, client, quotas, people):
    return WeChatSender([api.account], client, quotas, people)


async def wrote(quota):
    await quota.grant(SENDER, "message", system_clock())


async def test_each_kind_is_what_the_platform_calls_it(api, sender, quota):
    await wrote(quota)
    media = api.world.keep("image/png", b"x")
    menu = {"head_content": "Which?", "list": [{"id": "1", "content": "a"}], "tail_content": ""}
    card = {"title": "Go", "appid": "wx1", "pagepath": "p", "thumb_media_id": media}
    for kind, body in (
        ("text", {"content": "你好"}), ("menu", menu), ("card", card), ("image", {"media_id": media}),
        ("voice", {"media_id": media}),
    ):  # fmt: skip
        assert await sender.send(outgoing(kind, body)) == SENT
    kinds = ["text", "msgmenu", "miniprogrampage", "image", "voice"]
    assert [sent.kind for sent in api.world.sent] == kinds
    assert await quota.left(SENDER) == 0


async def test_without_quota_the_platform_is_not_asked(api, sender, quota):
    assert (await sender.send(outgoing())).fate == "park"
    await wrote(quota)
    done = [(await sender.send(outgoing())).fate for _ in range(7)]
    assert done == ["sent"] * 5 + ["park"] * 2
    assert api.calls[SEND] == 5


@pytest.mark.parametrize(
    "fault, fate, left",
    [
        (code(-1), "later", 5),
        (code(40003), "dead", 5),
        (code(48001), "later", 5),
        (answers(404), "later", 5),
        (code(45015), "park", 0),
        (code(45047), "park", 0),
        (answers(500), "ambiguous", 4),
        (lost_after, "ambiguous", 4),
    ],
)
async def test_only_what_certainly_was_not_sent_is_refunded(api, sender, quota, fault, fate, left):
    await wrote(quota)
    api.always[SEND] = fault
    assert (await sender.send(outgoing())).fate == fate
    assert await quota.left(SENDER) == left


async def test_a_mini_program_has_a_ledger_of_its_own_rules(quotas):
    await quotas["miniprogram"].grant(SENDER, "enter", system_clock())
    assert await quotas["miniprogram"].left(SENDER) == 2


async def test_an_account_that_is_off_here_waits(sender, quota):
    await wrote(quota)
    verdict = await sender.send(outgoing(account="wxother"))
    assert (verdict.fate, verdict.seconds) == ("later", 60)
    assert await quota.left(SENDER) == 5


async def test_where_no_simulator_runs_it_waits_and_costs_nothing(
    api, client, quotas, people, quota
):
    bases = [None, api.url]
    ours = replace(api.account, api_base=None, stand_in=lambda: bases[0])
    sender = WeChatSender([ours], client, quotas, people)
    await wrote(quota)
    for message in (outgoing(), outgoing("subscribe", NOTICE)):
        verdict = await sender.send(message)
        assert (verdict.fate, verdict.reason) == ("park", "no_simulator")
    assert not api.calls and await quota.left(SENDER) == 5
    del bases[0]
    assert await sender.send(outgoing()) == SENT


async def test_a_kind_that_there_is_not_is_dead(sender, quota, caplog):
    await wrote(quota)
    with caplog.at_level(logging.ERROR):
        assert (await sender.send(outgoing("hologram"))).fate == "dead"
    assert "hologram" in caplog.text


async def agreed(api, people, times=1):
    at = system_clock()
    await people.see(Incoming("wechat", APP_ID, SENDER, OPENID, "m", "", None, "message", at))
    await people.accept(SENDER, "T", times)
    api.world.templates["T"] = ("thing1",)
    api.world.accept(OPENID, "T", times)


async def test_a_subscribe_message_costs_no_quota_but_what_was_agreed_to(
    api, sender, people, quota
):
    await agreed(api, people, 2)
    assert await sender.send(outgoing("subscribe", NOTICE)) == SENT
    assert await people.has_accepted(SENDER, "T")
    assert await sender.send(outgoing("subscribe", NOTICE)) == SENT
    assert not await people.has_accepted(SENDER, "T")
    assert not await people.has_refused(SENDER, "T")


async def test_an_opt_out_is_remembered(api, sender, people):
    await agreed(api, people, 3)
    api.world.people[OPENID].accepted.clear()
    verdict = await sender.send(outgoing("subscribe", NOTICE))
    assert (verdict.fate, verdict.reason) == ("dead", "opted_out")
    assert await people.has_refused(SENDER, "T")
    assert not await people.has_accepted(SENDER, "T")


@pytest.mark.parametrize("fault", [code(-1), code(47003), answers(502)])
async def test_another_failure_is_no_opt_out(api, sender, people, fault):
    await agreed(api, people)
    api.always[NOTIFY] = fault
    assert (await sender.send(outgoing("subscribe", NOTICE))).fate in (
        "later",
        "dead",
        AMBIGUOUS.fate,
    )
    assert await people.has_accepted(SENDER, "T")


async def test_nothing_personal_is_told(api, sender, people, quota, caplog):
    await agreed(api, people)
    await wrote(quota)
    with caplog.at_level(logging.DEBUG):
        for fault in (code(43101), code(40003), code(45047), answers(500), None):
            api.always = {SEND: fault, NOTIFY: fault} if fault else {}
            told = [await sender.send(outgoing("subscribe", NOTICE)), await sender.send(outgoing())]
            for secret in (OPENID, "身份證", "你好", api.world.secret):
                assert secret not in caplog.text + str(told)

"""Back from the broker, confirmed in the chat, undone and signed out."""

import asyncio
from datetime import timedelta

import pytest

from actions.identity.errors import BrokerError, BrokerUnavailable, TokenRefused
from actions.identity.journey import Linked, Refused, Waiting
from actions.identity.model import Level, Logout, Need
from tests.support.identity import ACCESS, CODE, ID_TOKEN, PROFILE, Identity

LOGIN = Need(Level.LOGIN)


@pytest.fixture
def identity(redis):
    return Identity(redis)


async def refused(awaitable):
    with pytest.raises(Refused) as caught:
        await awaitable
    return caught.value.reason


async def depart(identity, sender="web-a", **more):
    """A person at the broker: the query that will come back, and the cookie."""
    departure = await identity.links.consume(await identity.token(sender, **more), sender)
    state = identity.broker.asked[-1]["state"]
    return {"code": CODE, "state": state, "iss": "http://broker.test"}, departure.cookie


async def depart_elsewhere(identity):
    token = await identity.token("wechat-a", "wechat", account="wx1")
    identity.match = (await identity.links.page(token)).match
    departure = await identity.links.consume_elsewhere(token, identity.match)
    return {"code": CODE, "state": identity.broker.asked[-1]["state"]}, departure.cookie


async def test_the_chat_of_the_proven_browser_is_signed_in(identity):
    query, cookie = await depart(identity, reader="yue-Hant")
    linked = await identity.service.callback(query, cookie)
    assert isinstance(linked, Linked)
    assert (linked.sender, linked.channel, linked.task) == ("web-a", "web", "view_appointment")
    assert linked.reader == "yue-Hant"
    assert linked.who == await identity.service.signed_in("web-a")
    assert identity.broker.exchanged[0]["iss"] == "http://broker.test"
    assert await identity.service.satisfies("web-a", LOGIN)


async def test_the_same_answer_twice_is_refused(identity):
    query, cookie = await depart(identity)
    came = await asyncio.gather(
        *(identity.service.callback(query, cookie) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(one, Linked) for one in came) == 1
    assert {one.reason for one in came if isinstance(one, Refused)} == {"not_begun_here"}
    assert len(identity.broker.exchanged) == 1


async def test_without_the_browsers_cookie_nothing_is_done(identity):
    query, cookie = await depart(identity)
    _, others = await depart(identity, "web-b")
    for wrong in ("", others, "x", "x" * 1_000_000):
        assert await refused(identity.service.callback(query, wrong)) == "not_begun_here"
    assert identity.broker.exchanged == []
    first = identity.broker.asked.pop()  # the fake compares with the last one asked
    assert first["state"] != query["state"]
    assert isinstance(await identity.service.callback(query, cookie), Linked)


@pytest.mark.parametrize("state", [None, "", "a" * 43, "x" * 1_000_000, "é" * 43])
async def test_a_wrong_state_is_refused(identity, state):
    query, cookie = await depart(identity)
    wrong = {**query, "state": state} if state is not None else {"code": CODE}
    assert await refused(identity.service.callback(wrong, cookie)) == "not_begun_here"
    assert isinstance(await identity.service.callback(query, cookie), Linked)


@pytest.mark.parametrize(
    "error, reason",
    [("access_denied", "denied"), ("login_required", "denied"), ("server_error", "refused"),
     ("x" * 100_000, "refused")],
)  # fmt: skip
async def test_an_error_of_the_broker_ends_it(identity, error, reason):
    query, cookie = await depart(identity)
    answer = {"error": error, "state": query["state"]}
    assert await refused(identity.service.callback(answer, cookie)) == reason
    assert await refused(identity.service.callback(query, cookie)) == "not_begun_here"
    assert await identity.service.signed_in("web-a") is None


@pytest.mark.parametrize(
    "failure, reason",
    [(BrokerUnavailable("timeout", "no answer"), "unavailable"),
     (TokenRefused("nonce"), "refused"), (TokenRefused("acr"), "refused"),
     (BrokerError("invalid_grant", "no"), "refused")],
)  # fmt: skip
async def test_what_cannot_be_believed_signs_nobody_in(identity, failure, reason):
    query, cookie = await depart(identity)
    identity.broker.fails = failure
    assert await refused(identity.service.callback(query, cookie)) == reason
    assert await identity.service.signed_in("web-a") is None


async def test_a_missing_code_is_refused(identity):
    query, cookie = await depart(identity)
    del query["code"]
    assert await refused(identity.service.callback(query, cookie)) == "refused"


async def test_who_said_forget_me_while_at_the_broker_is_not_signed_in(identity):
    query, cookie = await depart(identity)
    await identity.service.sign_out("web-a")
    assert await refused(identity.service.callback(query, cookie)) == "not_begun_here"
    assert await identity.service.signed_in("web-a") is None


# --- a login elsewhere ---


async def test_a_login_elsewhere_waits_for_the_chat(identity):
    query, cookie = await depart_elsewhere(identity)
    waiting = await identity.service.callback(query, cookie)
    assert isinstance(waiting, Waiting)
    assert await identity.service.awaits_confirmation("wechat-a")
    assert await identity.service.signed_in("wechat-a") is None
    linked = await identity.service.confirm("wechat-a", waiting.code)
    assert (linked.sender, linked.task, linked.account) == ("wechat-a", "view_appointment", "wx1")
    assert await identity.service.signed_in("wechat-a") == linked.who
    assert await refused(identity.service.confirm("wechat-a", waiting.code)) == "ended"


async def test_what_the_chat_is_told_does_not_tell_the_code(identity):
    codes = set()
    for _ in range(10):
        query, cookie = await depart_elsewhere(identity)
        waiting = await identity.service.callback(query, cookie)
        assert waiting.code not in repr(waiting)
        assert waiting.code != identity.match
        codes.add(waiting.code)
    assert len(codes) > 7  # drawn anew each time


@pytest.mark.parametrize("text", ["other", "", "7", "²²", "\ud800", "link number"])
async def test_a_wrong_code_in_the_chat_ends_it_at_the_first_try(identity, text):
    query, cookie = await depart_elsewhere(identity)
    waiting = await identity.service.callback(query, cookie)
    wrong = {"other": "1000" if waiting.code != "1000" else "1001", "link number": identity.match}
    text = wrong.get(text, text)
    assert await refused(identity.service.confirm("wechat-a", text)) == "wrong_code"
    assert await refused(identity.service.confirm("wechat-a", waiting.code)) == "ended"
    assert not await identity.service.awaits_confirmation("wechat-a")
    assert await identity.service.signed_in("wechat-a") is None


async def test_a_code_counts_however_it_is_typed(identity):
    query, cookie = await depart_elsewhere(identity)
    code = (await identity.service.callback(query, cookie)).code
    typed = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert await identity.service.confirm("wechat-a", f" {typed}。")


async def test_no_other_chat_confirms_it(identity):
    query, cookie = await depart_elsewhere(identity)
    waiting = await identity.service.callback(query, cookie)
    assert await refused(identity.service.confirm("wechat-b", waiting.code)) == "ended"
    assert (await identity.service.confirm("wechat-a", waiting.code)).sender == "wechat-a"


async def test_of_two_confirmations_at_once_one_counts(identity):
    query, cookie = await depart_elsewhere(identity)
    number = (await identity.service.callback(query, cookie)).code
    came = await asyncio.gather(
        *(identity.service.confirm("wechat-a", number) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(one, Linked) for one in came) == 1


async def test_the_chat_or_the_page_cancels_a_login_elsewhere(identity):
    for cancel in ("chat", "page"):
        query, cookie = await depart_elsewhere(identity)
        waiting = await identity.service.callback(query, cookie)
        if cancel == "chat":
            await identity.service.cancel("wechat-a")
        else:
            await identity.service.undo(waiting.undo)
        assert await refused(identity.service.confirm("wechat-a", waiting.code)) == "ended"


# --- out again ---


async def test_this_was_not_me_signs_the_chat_out_once(identity):
    query, cookie = await depart(identity)
    linked = await identity.service.callback(query, cookie)
    assert "logout" in (await identity.service.undo(linked.undo))
    assert await identity.service.signed_in("web-a") is None
    assert not await identity.service.satisfies("web-a", LOGIN)
    assert await refused(identity.service.undo(linked.undo)) == "ended"


async def test_the_page_takes_a_confirmed_login_back_as_well(identity):
    query, cookie = await depart_elsewhere(identity)
    waiting = await identity.service.callback(query, cookie)
    await identity.service.confirm("wechat-a", waiting.code)
    await identity.service.undo(waiting.undo)
    assert await identity.service.signed_in("wechat-a") is None


@pytest.mark.parametrize("ticket", ["", "a" * 43, "x" * 1_000_000])
async def test_a_ticket_that_never_was_undoes_nothing(identity, ticket):
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    assert await refused(identity.service.undo(ticket)) == "ended"
    assert await identity.service.signed_in("web-a")


async def test_signing_out_leads_to_the_broker_where_it_can(identity):
    assert await identity.service.sign_out("web-a") is None
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    url = await identity.service.sign_out("web-a")
    assert ID_TOKEN in url
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    identity.broker.down = BrokerUnavailable("timeout", "no answer")
    assert await identity.service.sign_out("web-a") is None
    assert await identity.service.signed_in("web-a") is None


async def test_the_brokers_word_signs_out_once(identity):
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    identity.broker.out["token"] = Logout("http://broker.test", None, "sid-1")
    assert await identity.service.logout("token") == ["web-a"]
    assert await identity.service.signed_in("web-a") is None
    with pytest.raises(BrokerError):
        await identity.service.logout("token")


async def test_a_need_of_a_fresh_login_is_not_met_by_an_old_one(identity):
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    fresh = Need(Level.LOGIN, timedelta(minutes=5))
    assert await identity.service.satisfies("web-a", fresh)
    identity.clock.turn(minutes=6)
    assert not await identity.service.satisfies("web-a", fresh)
    assert await identity.service.satisfies("web-a", LOGIN)
    assert not await identity.service.satisfies("web-a", Need(Level.REAUTHENTICATED))
    assert not await identity.service.satisfies("web-b", LOGIN)


async def test_what_the_broker_knows_is_asked_with_fresh_tokens(identity):
    assert await identity.service.profile("web-a") is None
    assert await identity.service.access_token("web-a") is None
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    assert (await identity.service.profile("web-a")).name == PROFILE.name
    assert await identity.service.access_token("web-a") == ACCESS
    identity.clock.set(identity.clock() + timedelta(minutes=6))
    assert await identity.service.profile("web-a") == PROFILE
    assert await identity.service.access_token("web-a") == f"{ACCESS}-1"  # was kept
    assert identity.broker.refreshed == 1


async def test_a_broker_that_is_down_tells_nothing_and_ends_nothing(identity):
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    identity.clock.set(identity.clock() + timedelta(minutes=6))
    identity.broker.down = BrokerUnavailable("timeout", "down")
    assert await identity.service.profile("web-a") is None
    assert await identity.service.access_token("web-a") is None
    assert await identity.service.signed_in("web-a")


async def test_a_link_for_a_chat_holds_no_token(identity):
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    url = await identity.service.sign_out("web-a", hint=False)
    assert url and ID_TOKEN not in url


async def test_who_is_forgotten_is_signed_out_and_nothing_is_under_way(identity):
    query, cookie = await depart(identity)
    await identity.service.callback(query, cookie)
    token = await identity.token()
    assert await identity.service.forget("web-a") == 1
    assert await identity.service.signed_in("web-a") is None
    assert await refused(identity.links.page(token)) == "ended"
    assert await identity.service.forget("web-a") == 0

"""Links as their owner, somebody they were forwarded to, and two at once use them."""

import asyncio
from datetime import timedelta

import pytest

from actions.identity.errors import BrokerUnavailable
from actions.identity.journey import Departure, Refused
from actions.identity.model import Level, Need
from tests.support.identity import BASE, Identity, token_of

GHOST = "a" * 43


@pytest.fixture
def identity(redis):
    return Identity(redis)


async def refused(awaitable):
    with pytest.raises(Refused) as caught:
        await awaitable
    return caught.value.reason


async def test_a_link_says_what_it_is_for_and_what_it_needs(identity):
    made = await identity.links.hand_off("web-a", "web", "", "cancel_appointment", "yue-Hant")
    assert made.url.startswith(f"{BASE}/identity/start?t=")
    hand_off = await identity.links.page(token_of(made.url))
    assert (hand_off.sender, hand_off.channel, hand_off.task) == (
        "web-a",
        "web",
        "cancel_appointment",
    )
    assert hand_off.need == Need(Level.LOGIN, timedelta(minutes=5))
    assert hand_off.match == made.number
    assert made.number not in repr(made) and token_of(made.url) not in repr(made)


async def test_who_signs_in_for_nothing_in_particular_signs_in_all_the_same(identity):
    made = await identity.links.hand_off("web-a", "web", "", "sign_in", "en")
    assert (await identity.links.page(token_of(made.url))).need == Need(Level.LOGIN)


async def test_the_owner_goes_to_the_broker(identity):
    token = await identity.token(reader="cmn-Hans")
    departure = await identity.links.consume(token, "web-a")
    asked = identity.broker.asked[0]
    assert departure.url.startswith("http://broker.test/authorize?")
    assert asked["redirect_uri"] == f"{BASE}/identity/callback"
    assert asked["ui_locales"] == ("zh-CN",)
    assert asked["need"] == Need(Level.LOGIN)
    assert asked["prompt"] is None
    secrets = {departure.cookie, asked["state"], asked["nonce"], asked["verifier"]}
    assert len(secrets) == 4
    assert all(len(secret) == 43 for secret in secrets)  # RFC 7636: a verifier of 43 to 128
    assert await refused(identity.links.page(token)) == "ended"


async def test_a_forwarded_link_is_refused_and_left_to_its_owner(identity):
    token = await identity.token()
    assert await refused(identity.links.consume(token, "web-b")) == "other_person"
    assert await refused(identity.links.consume(token, "")) == "other_person"
    assert isinstance(await identity.links.consume(token, "web-a"), Departure)


async def test_of_two_at_once_one_wins(identity):
    token = await identity.token()
    tries = (identity.links.consume(token, "web-a") for _ in range(20))
    came = await asyncio.gather(*tries, return_exceptions=True)
    assert len([one for one in came if isinstance(one, Departure)]) == 1
    assert {one.reason for one in came if not isinstance(one, Departure)} == {"ended"}


@pytest.mark.parametrize("token", [GHOST, "", "x" * 1_000_000])
async def test_a_link_that_never_was_has_ended(identity, token):
    links = identity.links
    for call in (links.page(token), links.consume(token, "web-a"), links.offer(token),
                 links.consume_elsewhere(token, "12"), links.pass_on(token, "web-a"),
                 links.cancel(token)):  # fmt: skip
        assert await refused(call) == "ended"


async def test_a_broker_that_is_down_costs_nobody_the_link(identity):
    token = await identity.token()
    identity.broker.down = BrokerUnavailable("timeout", "no answer")
    assert await refused(identity.links.consume(token, "web-a")) == "unavailable"
    identity.broker.down = None
    assert isinstance(await identity.links.consume(token, "web-a"), Departure)


async def test_three_links_of_a_sender_stay_good_and_one_can_be_used(identity):
    tokens = [await identity.token() for _ in range(3)]
    assert isinstance(await identity.links.consume(tokens[0], "web-a"), Departure)


# --- another device ---


async def test_a_browser_that_proves_nothing_cannot_sign_a_web_chat_in(identity):
    token = await identity.token()
    hand_off = await identity.links.page(token)
    assert await refused(identity.links.offer(token)) == "not_this_browser"
    call = identity.links.consume_elsewhere(token, hand_off.match)
    assert await refused(call) == "not_this_browser"
    assert isinstance(await identity.links.consume(token, "web-a"), Departure)


async def test_elsewhere_the_number_of_the_chat_is_one_of_three_always_the_same(identity):
    made = await identity.links.hand_off("wechat-a", "wechat", "wx1", "sign_in", "en")
    token = token_of(made.url)
    offered = [tuple(await identity.links.offer(token)) for _ in range(5)]
    assert len(set(offered)) == 1
    assert made.number in offered[0]
    assert len(set(offered[0])) == 3
    assert isinstance(await identity.links.consume_elsewhere(token, made.number), Departure)
    assert identity.broker.asked[0]["prompt"] == "login"  # whoever the broker still knows there


@pytest.mark.parametrize("number", ["other", "", "1", "²²", "\ud800"])
async def test_a_wrong_number_ends_the_link_at_the_first_try(identity, number):
    made = await identity.links.hand_off("wechat-a", "wechat", "wx1", "sign_in", "en")
    token = token_of(made.url)
    if number == "other":
        number = next(n for n in await identity.links.offer(token) if n != made.number)
    assert await refused(identity.links.consume_elsewhere(token, number)) == "wrong_number"
    assert await refused(identity.links.consume_elsewhere(token, made.number)) == "ended"


async def test_a_mini_program_proves_and_passes_the_link_on(identity):
    token = await identity.token("wechat-a", "wechat", account="wx1")
    assert await refused(identity.links.pass_on(token, None)) == "unproven"
    assert await refused(identity.links.pass_on(token, "wechat-b")) == "other_person"
    further = token_of((await identity.links.pass_on(token, "wechat-a")).url)
    assert await refused(identity.links.page(token)) == "ended"
    assert await identity.links.offer(further) == ()
    assert isinstance(await identity.links.consume_elsewhere(further, ""), Departure)


async def test_of_two_mini_programs_at_once_one_wins(identity):
    token = await identity.token("wechat-a", "wechat")
    tries = (identity.links.pass_on(token, "wechat-a") for _ in range(10))
    came = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(one, Refused) for one in came) == 1


async def test_whoever_has_the_link_may_end_it(identity):
    token = await identity.token()
    assert (await identity.links.cancel(token)).task == "view_appointment"
    assert await refused(identity.links.consume(token, "web-a")) == "ended"

"""What the platform refuses, and people who leave: nothing is lost that may still be said."""

import asyncio

import pytest

from channels.common.dead_letters import DeadLetters
from channels.common.envelope import Outgoing
from channels.common.outbox import Outbox
from channels.wechat.account import CHANNEL
from channels.wechat.simulator import messages
from channels.wechat.simulator.address import announced
from tests.support.wechat_api import SEND, STABLE, code
from tests.support.wechat_site import TEMPLATE, in_a_week, until, words_of

QUESTION = "羅湖幾點閂門"
NOTIFY = "/cgi-bin/message/subscribe/send"


async def put(site, person, *texts):
    """Puts messages to a person into the server's outbox."""
    account = person.account.app_id
    await Outbox(site.redis, site.vault).put(*(
        Outgoing(CHANNEL, account, person.sender, person.openid, "text", {"content": text}, False, text)
        for text in texts
    ))  # fmt: skip


async def parked(site, person):
    return await site.redis.zscore("outbox:parked", person.sender) is not None


async def dead(site, person):
    """The reasons of this person's dead letters."""
    letters = await DeadLetters(site.redis).list()
    return [letter.reason for letter in letters if letter.sender == person.sender]


async def test_six_answers_to_one_message_are_five_and_one_more_when_she_writes(site):
    amy = site.person("six", "mini")
    await amy.tells(messages.text(""))  # words that need an answer cost one of the five
    (first,) = await amy.gets(1)
    amy.platform.world.heard(amy.openid)
    sixth = [f"answer-{n}" for n in range(6)]
    await amy.tells(messages.event("VIEW"))
    await put(site, amy, *sixth)
    await until(lambda: len(amy.got()) == 5)  # four are left of the five
    await asyncio.sleep(0.3)
    assert [words_of(sent) for sent in amy.got()[1:]] == sixth[:4]
    assert await parked(site, amy) and amy.platform.calls[SEND] == 5
    assert "羅湖口岸" in await amy.say(QUESTION)
    assert [words_of(sent) for sent in amy.got()[5:7]] == sixth[4:]  # in their order, and first
    assert len(amy.got()) == 8 and not await parked(site, amy)
    assert first.kind == "text"


@pytest.mark.parametrize("errcode", [45015, 45047])
async def test_what_the_platform_does_not_allow_waits_until_she_writes(site, errcode):
    amy = site.person(f"refused-{errcode}", "mini")
    amy.platform.faults[SEND] = [code(errcode)]
    await amy.tells(messages.text(QUESTION))
    while not await parked(site, amy):
        await asyncio.sleep(0.02)
    assert amy.got() == []
    said = (await amy.say("多謝")).splitlines()
    assert "羅湖口岸" in said[0] and len(amy.got()) == 2
    assert await dead(site, amy) == []


async def test_a_token_that_is_refused_for_ever_costs_two_calls_and_heals(site):
    amy, ben = site.person("token-a", "sick"), site.person("token-b", "sick")
    platform = amy.platform
    platform.always[SEND] = code(40001)
    await amy.tells(messages.text(QUESTION))
    while not await site.redis.exists("wx:wx03:rest"):
        await asyncio.sleep(0.02)
    await ben.tells(messages.text(QUESTION))
    await asyncio.sleep(2)
    assert (platform.calls[SEND], platform.calls[STABLE]) == (2, 2)
    # a minute later
    platform.always.clear()
    await site.redis.delete("wx:wx03:rest")
    await site.lease_ends("outbox")
    for person in (amy, ben):
        (said,) = await person.gets(1)
        assert "羅湖口岸" in words_of(said)
    assert platform.calls[SEND] == 4


async def test_an_opt_out_is_remembered(site):
    amy = site.person("opts-out", "mini")
    reference = await amy.book(date=in_a_week())
    await amy.tells(messages.decided({TEMPLATE: "accept"}))  # and takes it back in the settings
    before = len(amy.got())
    assert site.remind_now(reference) == 1
    await until(lambda: amy.platform.calls[NOTIFY])
    while not await dead(site, amy):
        await asyncio.sleep(0.02)
    assert await dead(site, amy) == ["opted_out"] and len(amy.got()) == before
    assert site.remind_now(reference, "day") == 1
    (reminder,) = (await amy.gets(before + 1))[before:]
    assert reminder.kind == "text" and amy.platform.calls[NOTIFY] == 1


async def test_who_leaves_hears_nothing_any_more(site):
    amy, ben = site.person("leaves"), site.person("stays")
    amys, bens = await amy.book(), await ben.book()
    amy.platform.world.accept(amy.openid, TEMPLATE)
    await amy.tells(messages.decided({TEMPLATE: "accept"}))
    amy.platform.faults[SEND] = [code(45047)]
    await put(site, amy, "parked")
    while not await parked(site, amy):
        await asyncio.sleep(0.02)
    await amy.tells(messages.event("unsubscribe"))
    (row,) = site.rows("SELECT * FROM channel_people WHERE sender = :s", s=amy.sender)
    assert row.address is None and row.left_at
    assert not await parked(site, amy)
    kinds = {key.partition(":")[0] for key in await site.redis.keys(f"*{amy.sender}*")}
    assert kinds <= {"handouts", "quota"}  # files behind links that she has; a mere count
    before = len(amy.got()), len(ben.got())
    assert (site.remind_now(amys), site.remind_now(bens)) == (1, 1)
    await ben.gets(before[1] + 1)  # by the same worker, in the same round
    query = "SELECT state FROM appointment_reminders WHERE reference = :r AND kind = 'hours'"
    await until(lambda: site.rows(query, r=amys)[0].state == "unreachable")
    assert len(amy.got()) == before[0]
    # back again, she is somebody who may be written to
    assert "羅湖口岸" in await amy.say(QUESTION)


async def test_where_no_simulator_runs_it_waits_for_the_next_one(whole_site):
    """A demonstration never speaks to the real platform with secrets that are made up."""
    site, platform = whole_site, whole_site.platforms[""]
    amy = site.person("comes-back")
    with announced(site.folder, platform.base):
        await amy.say(QUESTION)
    await put(site, amy, "later")
    while not await parked(site, amy):
        await asyncio.sleep(0.02)
    assert amy.got() == [] and await dead(site, amy) == []
    with announced(site.folder, platform.base):
        assert "羅湖口岸" in await amy.say(QUESTION)
        assert [words_of(sent) for sent in await amy.gets(1)] == ["later"]

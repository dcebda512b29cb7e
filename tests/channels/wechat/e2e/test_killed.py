"""Killed at the worst moments, repeated and slow: each message is answered, and once."""

import asyncio

import aiohttp
import pytest

from channels.wechat.simulator import messages
from tests.support.wechat_site import REFERENCE, reference_in, words_of

QUESTION = "羅湖幾點閂門"


def booked(site, person):
    """How many appointments this person has."""
    query = "SELECT id FROM appointments WHERE status = 'booked' AND sender = :sender"
    return len(site.rows(query, sender=person.sender))


def told(person):
    """What reached this person through the API and names a reference."""
    return [words for words in map(words_of, person.got()) if REFERENCE.search(words)]


async def to_confirm(person):
    """Answers all questions up to the last one."""
    await person.say("我想預約")
    while person.asked != "confirm":
        await person.say(person.given().get(person.asked, "1"))


async def test_killed_in_three_places_at_once(site):
    """One kill with SIGKILL: before a turn, before a booking is remembered, before it is told."""
    asks, saves, tells = (site.person(name, "mini") for name in ("asks", "saves", "tells"))
    waits = site.person("waits")  # the same as the last one, in an open request
    for person in (saves, tells, waits):
        await to_confirm(person)
    asks_turns = site.holds.turns(asks.sender)
    doors = {asks: "turn", saves: "save", tells: "finish", waits: "finish"}
    for person, step in doors.items():
        site.holds.close(step, person.sender)
    await asks.tells(messages.text(QUESTION))  # acknowledged
    for person in (saves, tells):
        await person.tells(messages.text("1"))
    push = waits.platform.push(waits.openid, messages.text("1"))
    waits.platform.world.heard(waits.openid)
    request = asyncio.create_task(waits.platform.again(push))
    for person, step in doors.items():
        await site.holds.reached(step, person.sender)
    assert [booked(site, person) for person in doors] == [0, 1, 1, 1]
    assert [told(person) for person in doors] == [[], [], [], []]

    site.server.kill()
    with pytest.raises(aiohttp.ClientError):
        await request
    for person, step in doors.items():
        site.holds.open(step, person.sender)
    before = {person: len(person.got()) for person in doors}
    await site.start_again(workers=4)

    again = asyncio.create_task(waits.platform.again(push))  # the platform repeats
    await saves.tells(messages.text("多謝"))  # and she writes on
    await asyncio.sleep(0.3)
    await site.lease_ends("inbox")
    reply = await again
    assert reply.status == 200
    for person, count in ((asks, 1), (saves, 4), (tells, 3)):
        await person.gets(before[person] + count)
    assert len(site.holds.turns(asks.sender)) == len(asks_turns) + 1
    told_in = 3  # messages: the booking, the calendar file, the code
    assert [len(person.got()) - before[person] for person in doors] == [1, told_in + 1, told_in, 0]
    assert "羅湖口岸" in words_of(asks.got()[-1])
    assert [len(told(person)) for person in (saves, tells)] == [1, 1]
    assert reference_in(reply.message["Content"])
    assert [booked(site, person) for person in doors] == [0, 1, 1, 1]


async def test_one_message_fifty_times_at_once_over_four_workers(site):
    if site.workers != 4:
        site.server.kill()
        await site.start_again(workers=4)
    person = site.person("fifty", "mini")
    person.platform.world.heard(person.openid)
    push = person.platform.push(person.openid, messages.text(QUESTION))
    answers = await asyncio.gather(*(person.platform.again(push) for _ in range(50)))
    assert [answer.status for answer in answers] == [200] * 50
    await person.gets(1)
    await asyncio.sleep(1)
    assert len(person.got()) == len(site.holds.turns(person.sender)) == 1


async def test_fifty_open_requests_get_one_and_the_same_answer(site):
    person = site.person("fifty")
    person.platform.world.heard(person.openid)
    push = person.platform.push(person.openid, messages.text(QUESTION))
    answers = await asyncio.gather(*(person.platform.again(push) for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.message["Content"] for answer in answers}) == 1
    assert person.got() == [] and len(site.holds.turns(person.sender)) == 1


async def test_an_answer_that_was_lost_is_given_again(site):
    person = site.person("lost")
    person.platform.lost[:] = ["after", "before"]
    assert "羅湖口岸" in await person.say(QUESTION)
    assert person.got() == [] and len(site.holds.turns(person.sender)) == 1


async def test_a_slow_turn_is_repeated_by_the_platform_and_answered_once(site):
    """It takes longer than all three tries of the platform: 3.5 s each."""
    person = site.person("slow")
    person.platform.lost[:] = ["after", "after"]
    site.holds.close("turn", person.sender)
    asked = asyncio.create_task(person.platform.does(person.openid, messages.text(QUESTION)))
    answer = await asyncio.wait_for(asked, 15)
    assert (answer.tries, answer.body) == (3, b"success")
    assert person.got() == []
    site.holds.open("turn", person.sender)
    (said,) = await person.gets(1)
    assert "羅湖口岸" in words_of(said)
    await asyncio.sleep(0.5)
    assert len(person.got()) == len(site.holds.turns(person.sender)) == 1
    assert person.platform.calls["/cgi-bin/message/custom/typing"] == 1


async def test_a_push_that_gets_no_answer_in_five_seconds_is_repeated_and_answered_once(site):
    person = site.person("stalled")
    await site.redis.execute_command("CLIENT", "PAUSE", 7000, "ALL")
    answer = await person.platform.does(person.openid, messages.text(QUESTION))
    assert answer.tries == 2
    assert "羅湖口岸" in answer.message["Content"]
    await asyncio.sleep(0.5)
    assert person.got() == [] and len(site.holds.turns(person.sender)) == 1

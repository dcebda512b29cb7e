"""From the first question to the reminder, through the real server, as people in WeChat see it."""

import asyncio
import os
import sys

from channels.wechat.parse import sender_of
from channels.wechat.simulator import messages
from core.settings import ROOT
from tests.support.applicants import hkid
from tests.support.wechat_site import (
    FIELDS,
    NAME,
    REFERENCE,
    TEMPLATE,
    in_a_week,
    reference_in,
    until,
    words_of,
)

QUESTION = "羅湖幾點閂門"
#: The same answers in words.
WORDS = {
    "permit": "回鄉證", "application_type": "續期", "applicant_side": "香港居民", "centre": "旺角",
    "consent": "好", "confirm": "好",
}  # fmt: skip


class Simulator:
    """``onestop simulate wechat`` with the four settings of the server, typed into and read."""

    def __init__(self, process):
        self._process, self.out = process, ""
        self._reading = asyncio.create_task(self._read())

    async def _read(self):
        while part := await self._process.stdout.read(4096):
            self.out += part.decode()

    def type(self, words):
        self._process.stdin.write(f"{words}\n".encode())

    async def shows(self, words):
        await until(lambda: words in self.out, 20)

    async def end(self):
        self._process.stdin.close()
        await asyncio.wait_for(self._reading, 20)
        assert await self._process.wait() == 0, self.out


async def simulator(site, *arguments):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "simulate", "wechat", *arguments, cwd=ROOT,
        env={**os.environ, **site.server.environment}, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    return Simulator(process)


async def test_the_simulator_asks_books_and_is_reminded(whole_site):
    """The issue's “Done when”: four settings and the simulator, nothing else."""
    site = whole_site
    played = await simulator(site)
    played.type(QUESTION)
    await played.shows("羅湖口岸")
    (sender,) = [row.sender for row in site.rows("SELECT sender FROM channel_people")]
    answers = {"birth_date": "1990年1月1日", "name": NAME, "document_number": hkid(6001),
               "phone": "9123 4567"}  # fmt: skip
    played.type("我想預約")
    turns = site.holds.turns
    for done in range(2, 25):
        await until(lambda: len(turns(sender)) == done)  # noqa: B023 it is awaited here
        if (asked := turns(sender)[-1]) is None:
            break
        played.type(answers.get(asked, "1"))
    await until(lambda: REFERENCE.search(played.out))
    reference = reference_in(played.out)
    shown = played.out.count(reference)
    assert site.remind_now(reference) == 1
    await until(lambda: played.out.count(reference) > shown, 20)
    await played.end()


async def books_and_is_reminded(amy, site, answers):
    assert "羅湖口岸" in await amy.say(QUESTION)
    reference = await amy.book(date=in_a_week(), **answers)
    # by a customer-service message while she has not agreed to anything
    before = len(amy.got())
    assert site.remind_now(reference) == 1
    (reminder,) = (await amy.gets(before + 1))[before:]
    assert reminder.kind == "text" and reference in words_of(reminder)
    # by a subscribe message after that
    amy.platform.world.accept(amy.openid, TEMPLATE)
    await amy.tells(messages.decided({TEMPLATE: "accept"}))
    assert site.remind_now(reference, "day") == 1
    (notice,) = (await amy.gets(before + 2))[before + 1 :]
    assert notice.kind == "subscribe" and tuple(notice.body["data"]) == FIELDS
    assert notice.body["data"][FIELDS[3]]["value"] == reference


async def test_bookings_by_numbers_and_in_words_are_reminded_of_in_both_ways(site):
    """At a service account with XML and at a mini program with JSON, at the same time."""
    numbers, words = site.person("numbers"), site.person("words", "mini")
    await asyncio.gather(
        books_and_is_reminded(numbers, site, {}), books_and_is_reminded(words, site, WORDS)
    )


async def test_who_cancels_is_not_reminded(site):
    amy, ben = site.person("cancels-a"), site.person("cancels-b", "mini")
    cancelled, kept = await amy.book(), await ben.book()
    assert amy.asked is None
    said = await amy.say("我想取消預約")
    for _ in range(6):
        if not amy.asked:
            break
        answers = {"reference": cancelled, "document_number": amy.document}
        said = await amy.say(answers.get(amy.asked, "1"))
    assert amy.asked is None, said
    assert site.rows("SELECT * FROM appointments WHERE status = 'booked' AND sender = :s",
                     s=amy.sender) == []  # fmt: skip
    assert site.remind_now(cancelled) == 0
    before = len(amy.got()), len(ben.got())
    assert site.remind_now(kept) == 1  # by the same worker, in the same round
    await ben.gets(before[1] + 1)
    assert len(amy.got()) == before[0]


def test_a_person_is_somebody_else_at_another_account(whole_site):
    site = whole_site
    one, two = (site.person("same", of) for of in ("", "mini"))
    assert one.openid == two.openid
    assert one.sender == sender_of(site.accounts[""], one.openid, site.vault) != two.sender


async def test_two_accounts_at_once(site):
    pairs = [(site.person(f"both-{n}", ""), site.person(f"both-{n}", "mini")) for n in range(6)]
    said = await asyncio.gather(*(one.say(QUESTION) for pair in pairs for one in pair))
    assert all("羅湖口岸" in words for words in said)
    for service, mini in pairs:
        assert service.got() == []  # answered in the request
        assert len(mini.got()) == 1

"""After bookings in all languages nothing personal is to be found in plain, wherever one looks."""

import json
import logging
from datetime import date

import pytest

from tests.channels.web.test_input import Client
from tests.dialogue.appointments import ledger
from tests.support import applicants
from tests.support.filling import fill_in
from tests.support.vaults import conversations

pytestmark = pytest.mark.model
OURS = ("actions", "bot", "channels", "core", "knowledge", "nlu")
#: How each begins, and what is told and must not be found. A child comes with a guardian.
PEOPLE = {
    "yue": (
        "我想幫個仔預約辦特區護照",
        {"name": "尉遲曉彤", "phone": "6420 8531", "birth_date": "2018年10月27號",
         "guardian_name": "尉遲靖雯", "guardian_document_number": applicants.hkid(543_219)},
        ["2018-10-27", "20181027", "+85264208531", "64208531"],
    ),
    "cmn": (
        "我想预约办理往来港澳通行证",
        {"name": "皇甫若曦", "phone": "159 2048 7361", "birth_date": "1983年7月29日"},
        ["1983-07-29", "19830729", "+8615920487361", "15920487361"],
    ),
    "en": (
        "I want to book an appointment for a Hong Kong identity card",
        {"name": "Xanthippe Quillfeather", "phone": "+852 5731 9246", "birth_date": "13 August 1971"},
        ["1971-08-13", "19710813", "+85257319246", "57319246", "Quillfeather", "Xanthippe"],
    ),
}  # fmt: skip
DOCUMENTS = {
    "yue": applicants.hkid(876_431),
    "cmn": applicants.mainland_id(731, date(1983, 7, 29)),
    "en": applicants.hkid(765_432),
}
SECRETS = [
    form
    for language, (_, told, also) in PEOPLE.items()
    for form in ledger.forms(*told.values(), *also, DOCUMENTS[language])
]


async def book(say, language):
    """Books in a language, and takes the first of all choices."""
    first, told, _ = PEOPLE[language]
    return await fill_in(say, first, **told, document_number=DOCUMENTS[language])


def found_in(written):
    """What is personal in some bytes."""
    return [form.decode() for form in SECRETS if form in written]


def found_below(folder):
    """What is personal in the files below a folder, the trained models apart."""
    paths = [path for path in folder.rglob("*") if path.is_file() and "models" not in path.parts]
    names = {path.name for path in paths}
    assert {"onestop.sqlite3", "onestop.sqlite3-wal", "onestop.sqlite3-shm"} <= names
    assert any("redis" in path.parts for path in paths)
    return {path.name: found for path in paths if (found := found_in(path.read_bytes()))}


async def everything_in(redis):
    """All keys of a Redis with their values, as text."""
    readers = {"string": redis.get, "hash": redis.hgetall, "set": redis.smembers,
               "list": lambda key: redis.lrange(key, 0, -1), "stream": redis.xrange,
               "zset": lambda key: redis.zrange(key, 0, -1, withscores=True)}  # fmt: skip
    return [
        (key, str(await readers[await redis.type(key)](key))) async for key in redis.scan_iter()
    ]


async def test_nothing_personal_is_kept_or_logged_in_plain(assistant, talk, caplog):
    for name in OURS:
        caplog.set_level(logging.DEBUG, name)
        logging.getLogger(f"{name}.tested").debug("heard of %s", name)
    people = {language: talk() for language in PEOPLE}
    for language, person in people.items():
        turns = await book(person.say, language)
        assert not found_in(json.dumps([turn.replies for turn in turns]).encode())
        assert not found_in("".join(reply["text"] for t in turns for reply in t.replies).encode())
        await person.say("view my appointment", "reference")
        await person.say("{reference}", "document_number")
        await person.say(DOCUMENTS[language], None)
        assert person.values["reference"] in person.text
        assert [row.status for row in person.rows()] == ["booked"]

    kept = await everything_in(assistant.redis)
    assert {f"tracker:{person.sender}" for person in people.values()} <= {key for key, _ in kept}
    assert not found_in(json.dumps(kept, ensure_ascii=False).encode())
    said = await conversations(assistant.redis, assistant.vault)
    assert all(f"tracker:{person.sender}" in said for person in people.values())
    assert not found_in(said.encode())
    assert not found_in(ledger.written(assistant.database))
    assert found_below(assistant.settings.data_dir) == {}
    assert all(f"heard of {name}" in caplog.text for name in OURS)
    assert not found_in(caplog.text.encode())


async def test_nothing_personal_is_kept_of_what_is_said_on_the_page(server):
    for language in PEOPLE:
        page = Client(server, "en")

        async def say(text, page=page):
            page.send(text)
            return Said(page.said()[-1])

        turns = await book(say, language)
        assert "DEMO" in turns[0].text + turns[-1].text
        history = page.said()
        assert len(history) > 20
        assert not found_in(json.dumps(history, ensure_ascii=False).encode())
    assert found_below(server.log.parent) == {}


class Said:
    """A reply on the page, as ``fill_in`` looks at it."""

    def __init__(self, message):
        self.text, self.asks, self.replies = message["text"], message["asks"], [message]


def test_what_is_in_plain_would_be_found():
    for written in (
        "尉遲曉彤",
        DOCUMENTS["yue"].replace("(", "").replace(")", ""),
        '"\\u7687\\u752b\\u82e5\\u66e6"',
        "5731 9246",
        "2018-10-27",
    ):
        assert found_in(f"… {written} …".encode()), written
    assert not found_in(b"nothing")

"""After bookings in three languages nothing personal stands anywhere in plain.

Looked through are all of Redis, the bytes of the database's files, what our loggers write at
DEBUG, the tracker, and the history of the page.
"""

import logging

import pytest

from tests.support import applicants
from tests.support.vaults import conversations

pytestmark = pytest.mark.model

PEOPLE = {
    "yue": ("司徒慕蓮", applicants.hkid(731_946), "5173 9468", "區諾軒", applicants.hkid(731_947)),
    "cmn": ("慕容紫薇", applicants.hkid(731_948), "138 7319 4680", "令狐沖", applicants.hkid(731_949)),
    "en": ("Zebedee Quartermain", applicants.hkid(731_950), "5173 9469", "Philomena Quartermain",
           applicants.hkid(731_951)),
}  # fmt: skip
WORDS = {
    "yue": ["想幫個仔預約攞特區護照", "第一次申請", "2015年6月1日", "火炭", "最早嗰個",
            "佢叫{name}", "號碼係{document}", "電話{phone}", "{guardian}", "{guardian_document}",
            "好", "唔啱", "tap 3", "{name}", "啱"],
    "cmn": ["帮孩子预约香港护照", "首次申请", "2015年6月1日", "火炭", "最早的",
            "{name}，{document}", "手机{phone}", "{guardian}，{guardian_document}", "同意", "正确"],
    "en": ["Could you make an appointment for my son's Hong Kong passport?", "first application",
           "1 June 2015", "Fo Tan", "the earliest", "his name is {name}", "what should I bring?",
           "{document}", "{phone}", "My name is {guardian}", "no idea", "{guardian_document}",
           "yes", "wrong phone number", "{phone}", "yes"],
}  # fmt: skip


def forms(value: str) -> "set[str]":
    """A value as it was given and as it may be kept."""
    plain = value.replace(" ", "").replace("(", "").replace(")", "")
    return {value, value.replace(" ", ""), plain, plain.lower(), value.lower()}


def secrets(language: str) -> "set[str]":
    found = set().union(*map(forms, PEOPLE[language]))
    return found | {"2015-06-01", "1 June 2015", "2015年6月1日"}


async def everything_in_redis(client) -> str:
    """All keys and values, whatever their type."""
    read = {
        "string": client.get,
        "hash": client.hgetall,
        "set": client.smembers,
        "list": lambda key: client.lrange(key, 0, -1),
        "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        "stream": client.xrange,
    }
    found = []
    async for key in client.scan_iter("*"):
        found += [key, str(await read[await client.type(key)](key))]
    return "\n".join(found)


@pytest.fixture
def logged():
    """What our own loggers write at DEBUG."""
    written = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: written.append(
        handler.format(record) + str(getattr(record, "__dict__", ""))
    )
    ours = [logging.getLogger(name) for name in
            ("actions", "bot", "channels", "core", "knowledge", "nlu")]  # fmt: skip
    before = [logger.level for logger in ours]
    for logger in ours:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, level in zip(ours, before):
        logger.removeHandler(handler)
        logger.setLevel(level)


async def test_nothing_personal_stands_anywhere_in_plain(assistant, talk, logged):
    logging.getLogger("actions.test").debug("a line")
    for language, words in WORDS.items():
        name, document, phone, guardian, guardian_document = PEOPLE[language]
        somebody = talk(
            name=name, document=document, phone=phone, guardian=guardian,
            guardian_document=guardian_document,
        )  # fmt: skip
        for said in words:
            await somebody.say_on_the_page(said)
        assert [row.status for row in somebody.rows()] == ["booked"], somebody.text

    places = {"redis": await everything_in_redis(assistant.redis), "logs": "\n".join(logged)}
    places["conversations"] = await conversations(assistant.redis, assistant.vault)
    files = sorted(assistant.settings.data_dir.glob("**/*.sqlite3*"))
    assert files
    for path in files:
        places[path.name] = path.read_bytes().decode("utf-8", "ignore")
    assert "a line" in places["logs"]
    assert "web:history:" in places["conversations"]
    assert "tracker:" in places["conversations"]
    found = [
        (place, secret)
        for place, written in places.items()
        for language in WORDS
        for secret in secrets(language)
        if secret in written
    ]
    assert not found

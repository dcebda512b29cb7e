"""Links to files: unguessable, of one kind, for a time, and nothing readable in Redis."""

import re

import pytest

from core.handouts import KINDS, Handouts
from core.privacy import mask
from core.vault import Vault, make_keys

FIRST, SECOND = make_keys(), make_keys().replace("1:", "2:", 1)
DATA = "陳大文 A1234563".encode() + bytes(range(256))


@pytest.fixture
def make(redis):
    return lambda keys: Handouts(redis, Vault(keys, "f"), "https://assistant.example")


@pytest.fixture
def handouts(make):
    return make(FIRST)


def split(link):
    found = re.fullmatch(r"https://assistant\.example/appointments/([0-9a-f]{64})/([\w.]+)", link)
    return found.groups()


@pytest.mark.parametrize("name", KINDS)
async def test_the_file_behind_a_link_can_be_opened_again_and_again(handouts, name):
    token, in_link = split(await handouts.issue("a", name, DATA))
    assert in_link == name
    for _ in range(2):
        assert await handouts.take(token, name) == DATA


async def test_an_empty_file_is_a_file(handouts):
    assert await handouts.take(*split(await handouts.issue("a", "qr.svg", b""))) == b""


async def test_every_link_is_another(handouts):
    links = {await handouts.issue("a", "qr.svg", DATA) for _ in range(50)}
    assert len(links) == 50


async def test_nothing_in_a_link_looks_like_personal_data(handouts):
    for _ in range(200):
        link = await handouts.issue("a", "qr.svg", b"")
        assert mask(link) == link


async def test_a_link_opens_its_own_kind_only(handouts):
    token, _ = split(await handouts.issue("a", "calendar.ics", DATA))
    for name in ("qr.svg", "export.json", "calendar", "", "*"):
        assert await handouts.take(token, name) is None


@pytest.mark.parametrize(
    "token",
    ["", "*", "a" * 63, "a" * 64, "a" * 65, "é" * 64, "a" * 64 + "\n", "A" * 64, "a" * 100_000],
)
async def test_what_was_never_issued_opens_nothing(handouts, token):
    await handouts.issue("a", "qr.svg", DATA)
    assert await handouts.take(token, "qr.svg") is None


async def everything(redis):
    """All that Redis holds, keys and values."""
    found = []
    for key in await redis.keys("*"):
        is_set = await redis.type(key) == "set"
        found += [key, *(await redis.smembers(key) if is_set else [await redis.get(key)])]
    return " ".join(found)


async def test_redis_holds_neither_the_token_nor_the_data(handouts, redis):
    token, _ = split(await handouts.issue("a", "export.json", DATA))
    written = await everything(redis)
    assert "export.json" in written
    for hidden in (token, "A1234563", "陳"):
        assert hidden not in written


@pytest.mark.parametrize(
    "name, seconds", [("calendar.ics", 90 * 86400), ("qr.svg", 90 * 86400), ("export.json", 900)]
)
async def test_everything_has_its_end(handouts, redis, name, seconds):
    await handouts.issue("a", name, DATA)
    (key,) = await redis.keys("handout:*")
    assert seconds - 5 <= await redis.ttl(key) <= seconds
    for key in await redis.keys("*"):
        assert 0 < await redis.ttl(key) <= 90 * 86400


async def test_after_its_end_a_link_opens_nothing(handouts, redis):
    token, name = split(await handouts.issue("a", "export.json", DATA))
    (key,) = await redis.keys("handout:*")
    await redis.pexpire(key, 1)
    while await redis.exists(key):
        pass
    assert await handouts.take(token, name) is None


async def test_forgetting_ends_all_links_of_one_sender(handouts, redis):
    gone = [await handouts.issue("a", name, DATA) for name in ("calendar.ics", "qr.svg")]
    kept = await handouts.issue("b", "qr.svg", DATA)
    await handouts.forget("a")
    await handouts.forget("nobody")
    assert [await handouts.take(*split(link)) for link in gone] == [None, None]
    assert await handouts.take(*split(kept)) == DATA
    assert len(await redis.keys("*")) == 2
    later = await handouts.issue("a", "export.json", DATA)
    assert await handouts.take(*split(later)) == DATA


async def test_a_file_put_behind_another_link_is_not_opened(handouts, redis, caplog):
    token, name = split(await handouts.issue("a", "qr.svg", DATA))
    (mine,) = await redis.keys("handout:*")
    await handouts.issue("b", "qr.svg", b"another's")
    (other,) = set(await redis.keys("handout:*")) - {mine}
    await redis.set(mine, await redis.get(other))
    assert await handouts.take(token, name) is None
    assert "cannot be read" in caplog.text
    assert token not in caplog.text


async def test_a_key_taken_out_of_use_ends_its_links(make):
    token, name = split(await make(FIRST).issue("a", "qr.svg", DATA))
    assert await make(f"{SECOND},{FIRST}").take(token, name) == DATA
    assert await make(SECOND).take(token, name) is None

"""Sessions of people who are signed in, on a real Redis."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.identity.model import Level, Login, Tokens, TokenSet
from actions.identity.session_store import SessionStore
from core.vault import Vault, make_keys
from tests.actions.identity.conftest import NOW

ISSUER = "https://broker.example.com"
LOGIN = Login(ISSUER, "person-1", "session-1", Level.LOGIN, NOW - timedelta(seconds=5))
TOKENS = Tokens("access-1", "refresh-1", "id-1", NOW + timedelta(minutes=5))
KNOWN = TokenSet(LOGIN, TOKENS)
HALF_AN_HOUR = timedelta(minutes=30)


def of_another(sid="session-2", subject="person-2"):
    return replace(KNOWN, login=replace(LOGIN, subject=subject, sid=sid))


@pytest.fixture
def store(redis, vault, clock):
    return SessionStore(redis, vault, clock)


async def test_a_session_is_found_by_its_sender(store):
    saved = await store.save("web-1", KNOWN)
    assert await store.of("web-1") == saved
    assert saved.level is Level.LOGIN
    assert saved.auth_time == LOGIN.auth_time
    assert saved.expires_at == NOW + HALF_AN_HOUR
    assert await store.tokens("web-1") == KNOWN
    assert await store.of("web-2") is None
    assert await store.tokens("web-2") is None


async def test_a_login_may_lack_a_session_and_a_refresh_token(store):
    known = TokenSet(replace(LOGIN, sid=None), replace(TOKENS, refresh_token=None))
    await store.save("web-1", known)
    assert await store.tokens("web-1") == known
    assert await store.end_by_subject(ISSUER, "person-1") == ["web-1"]


async def test_each_session_has_a_reference_of_its_own_and_each_person_a_fingerprint(store):
    first, second = await store.save("web-1", KNOWN), await store.save("wechat-1", KNOWN)
    other = await store.save("web-2", of_another())
    elsewhere = await store.save(
        "web-3", replace(KNOWN, login=replace(LOGIN, issuer="https://another.example.com"))
    )
    assert len({x.reference for x in (first, second, other, elsewhere)}) == 4
    assert len(first.reference) == 32  # 128 random bits
    assert first.person == second.person
    assert len({first.person, other.person, elsewhere.person}) == 3
    assert "person-1" not in first.person


async def test_it_ends_after_half_an_hour(store, clock, redis):
    await store.save("web-1", KNOWN)
    for key in await redis.keys("identity:*"):
        assert 1790 <= await redis.ttl(key) <= 1800
    clock.turn(minutes=29, seconds=59)
    assert await store.of("web-1")
    clock.turn(seconds=1)
    assert await store.of("web-1") is None
    assert await store.tokens("web-1") is None


async def test_nothing_stays_behind(store, redis):
    await store.save("web-1", KNOWN)
    await store.save("web-1", of_another())
    await store.end_of("web-1")
    assert await redis.keys("*") == []


async def test_a_new_session_takes_the_place_of_the_last(store):
    first = await store.save("web-1", KNOWN)
    second = await store.save("web-1", of_another())
    assert (await store.of("web-1")).reference == second.reference != first.reference
    assert await store.end_by_sid(ISSUER, "session-1") == []  # the last one's is gone
    assert await store.end_by_subject(ISSUER, "person-1") == []
    assert await store.of("web-1") == second
    assert await store.end_by_sid(ISSUER, "session-2") == ["web-1"]


async def test_the_broker_ends_a_session_or_all_of_a_person(store):
    await store.save("web-1", KNOWN)
    await store.save("wechat-1", of_another(sid="session-2", subject="person-1"))
    await store.save("web-2", of_another(sid="session-3"))
    assert await store.end_by_sid("https://another.example.com", "session-1") == []
    assert await store.end_by_sid(ISSUER, "session-1") == ["web-1"]
    assert await store.of("web-1") is None
    assert await store.of("wechat-1")
    await store.save("web-1", KNOWN)
    assert await store.end_by_subject(ISSUER, "person-1") == ["web-1", "wechat-1"]
    assert await store.end_by_subject(ISSUER, "person-1") == []
    assert await store.of("wechat-1") is None
    assert await store.of("web-2")


async def test_signing_out_tells_whether_there_was_a_session(store):
    await store.save("web-1", KNOWN)
    assert await store.end_of("web-1")
    assert not await store.end_of("web-1")
    assert await store.end_by_sid(ISSUER, "session-1") == []


async def test_tokens_are_renewed_and_the_session_stays(store, clock, redis):
    saved = await store.save("web-1", KNOWN)
    clock.turn(minutes=10)
    fresh = replace(KNOWN, tokens=replace(TOKENS, access_token="access-2"))
    (key,) = await redis.keys("identity:session:*")
    await redis.expire(key, 100)
    assert await store.renew("web-1", saved.reference, fresh)
    assert await store.tokens("web-1") == fresh
    assert await store.of("web-1") == saved
    assert await redis.ttl(key) <= 100
    assert await store.end_by_sid(ISSUER, "session-1") == ["web-1"]


async def test_tokens_of_a_session_that_is_over_are_not_kept(store, clock):
    first = await store.save("web-1", KNOWN)
    assert not await store.renew("web-2", first.reference, KNOWN)
    second = await store.save("web-1", of_another())
    assert not await store.renew("web-1", first.reference, KNOWN)
    assert await store.tokens("web-1") == of_another()
    await store.end_of("web-1")
    assert not await store.renew("web-1", second.reference, KNOWN)
    assert await store.of("web-1") is None


async def test_a_session_that_ends_while_its_tokens_are_renewed_stays_ended(store, monkeypatch):
    saved = await store.save("web-1", KNOWN)
    read = store._read

    async def read_and_end(sender):
        found = await read(sender)
        await store.end_of(sender)
        return found

    monkeypatch.setattr(store, "_read", read_and_end)
    assert not await store.renew("web-1", saved.reference, KNOWN)
    monkeypatch.undo()
    assert await store.of("web-1") is None


async def test_of_many_that_begin_at_once_one_is_left(store, redis):
    await asyncio.gather(*(store.save("web-1", of_another(f"s-{n}", f"p-{n}")) for n in range(20)))
    assert len(await redis.keys("identity:*")) == 3
    left = await store.tokens("web-1")
    assert await store.end_by_sid(ISSUER, left.login.sid) == ["web-1"]
    assert await redis.keys("*") == []


async def test_redis_holds_nothing_in_clear(store, redis):
    saved = await store.save("wechat-oABCDEF-openid", KNOWN)
    held = ""
    for key in await redis.keys("*"):
        kind = await redis.type(key)
        values = await (redis.hvals(key) if kind == "hash" else redis.smembers(key))
        held += key + "".join(values)
    secrets = (
        "openid", "person-1", "session-1", "access-1", "refresh-1", "id-1", ISSUER, saved.person,
    )  # fmt: skip
    for secret in secrets:
        assert secret not in held


async def test_sealed_in_another_place_it_cannot_be_read(store, redis, vault):
    await store.save("web-1", KNOWN)
    await store.save("web-2", of_another())
    one, other = await redis.keys("identity:session:*")
    await redis.hset(one, "sealed", await redis.hget(other, "sealed"))
    found = [await store.of("web-1"), await store.of("web-2")]
    assert found.count(None) == 1


async def test_under_a_key_that_is_gone_the_session_has_ended(store, redis, clock, caplog):
    await store.save("web-1", KNOWN)
    later = SessionStore(redis, Vault("2:" + make_keys()[2:], "f" * 43), clock)
    assert await later.of("web-1") is None
    assert await later.end_by_sid(ISSUER, "session-1") == []
    assert await redis.keys("*") == []
    assert "cannot be read" in caplog.text


async def test_a_persons_data_is_exported_and_deleted(store):
    await store.save("web-1", KNOWN)
    assert await store.export_of("web-1") == [
        {
            "level": "urn:gba:acr:2",
            "signed_in_at": "2026-05-04T02:59:55+00:00",
            "expires_at": "2026-05-04T03:30:00+00:00",
        }
    ]
    assert await store.delete_of("web-1") == 1
    assert await store.delete_of("web-1") == 0
    assert await store.export_of("web-1") == []


async def test_a_lifetime_can_be_chosen(redis, vault, clock):
    store = SessionStore(redis, vault, clock, timedelta(seconds=90))
    await store.save("web-1", KNOWN)
    clock.turn(seconds=90)
    assert await store.of("web-1") is None

"""What the demo broker keeps in Redis: for a while, as hashes, and codes for one use."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from channels.identity.demo.model import Code, Session, Token, Visit
from channels.identity.demo.store import ACCESS_S, CODE_S, SESSION_S, VISIT_S, DemoStore
from core.cache import connect_blocking

SESSION = Session("sid", "elderly", "iam_smart", "urn:gba:acr:2", 1_800_000_000, "en")
CODE = Code("sid", "http://127.0.0.1/cb", "openid", "n", "c" * 43, "S256")
TOKEN = Token("sid", "openid", "client")
VISIT = Visit({"state": "s"}, "en", "urn:gba:acr:2", "openid")


@pytest.fixture
def client(redis_url):
    client = connect_blocking(redis_url)
    client.flushall()
    yield client
    client.connection_pool.disconnect()


@pytest.fixture
def store(client):
    return DemoStore(client)


def test_everything_comes_back_and_ends_by_itself(store, client):
    for save, key, value, read, seconds in (
        (store.save_visit, "v", VISIT, store.visit, VISIT_S),
        (store.save_access, "a", TOKEN, None, ACCESS_S),
        (store.save_refresh, "r", TOKEN, store.use_refresh, SESSION_S),
        (store.save_code, "c", CODE, store.use_code, CODE_S),
    ):
        client.flushall()
        save(key, value)
        (kept,) = client.keys("*")
        assert 0 < client.ttl(kept) <= seconds
        assert key not in kept.split(":")
        if read:
            assert read(key) == value
            assert read("other") is None
    assert CODE_S <= 60


def test_a_visit_ends_once(store):
    store.save_visit("v", VISIT)
    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(lambda _: store.end_visit("v"), range(8))) == 1
    store.renew_visit("v", VISIT)  # a tap that comes late
    assert store.visit("v") is None


def test_a_visit_goes_on(store):
    store.save_visit("v", VISIT)
    store.renew_visit("v", VISIT.after("login", "guangdong"))
    assert store.visit("v").login == "guangdong"


def test_a_session_ends_once_and_takes_its_tokens_along(store):
    store.save_session(SESSION)
    store.save_access("a", TOKEN)
    assert store.access("a") == TOKEN
    assert store.end_session("sid") == SESSION
    assert store.end_session("sid") is None
    assert store.access("a") is None


@pytest.mark.parametrize("kind", ["code", "refresh"])
def test_of_many_uses_at_once_one_wins_and_the_others_end_the_session(store, kind):
    store.save_session(SESSION)
    save, use, value = {
        "code": (store.save_code, store.use_code, CODE),
        "refresh": (store.save_refresh, store.use_refresh, TOKEN),
    }[kind]
    save("x", value)
    with ThreadPoolExecutor(8) as crowd:
        used = list(crowd.map(lambda _: use("x"), range(8)))
    assert [one for one in used if one] == [value]
    assert store.session("sid") is None


@pytest.mark.parametrize("secret", ["", "\ud800", "é" * 10_000, "*", "\0"])
def test_a_guess_finds_nothing(store, secret):
    store.save_session(SESSION)
    store.save_code("c", CODE)
    assert store.use_code(secret) is None
    assert store.access(secret) is None
    assert store.end_session(secret) is None
    assert store.session("sid") == SESSION


def test_it_lets_its_connections_go(redis_url):
    def connections():
        return sum(one["name"] == "demo" for one in watching.client_list())

    watching, client = (
        connect_blocking(redis_url),
        connect_blocking(f"{redis_url}?client_name=demo"),
    )
    store = DemoStore(client)
    store.save_visit("v", VISIT)
    assert connections() == 1
    store.close()
    for _ in range(100):  # the server notices a little later
        if not connections():
            break
        time.sleep(0.02)
    assert connections() == 0
    watching.connection_pool.disconnect()

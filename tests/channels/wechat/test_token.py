"""One token for all processes: fetched once, renewed ahead of its end, never forced."""

import asyncio
import json
import logging
import sys

import pytest

from channels.wechat.http import Http, Limits
from channels.wechat.token import Resting, Tokens
from core.cache import connect
from core.vault import Vault, make_keys
from tests.support.fake_department import answers, cut_short, lost_before, slow
from tests.support.wechat_api import STABLE, VAULT, code

KEY, LOCK, REST = (f"wx:wx49f0ab532d5d035a:{of}" for of in ("token", "lock", "rest"))
QUICK = Limits(connect_s=1.0, total_s=1.0)


@pytest.fixture
async def http():
    made = Http(QUICK)
    yield made
    await made.close()


@pytest.fixture
def tokens(redis, http):
    return Tokens(redis, VAULT, http)


def token_of(value, seconds):
    return answers(200, json.dumps({"access_token": value, "expires_in": seconds}).encode())


async def test_it_is_fetched_once_and_kept_sealed(api, tokens, redis):
    first = await tokens.get(api.account)
    assert [await tokens.get(api.account) for _ in range(3)] == [first] * 3
    assert api.calls == {STABLE: 1}
    assert json.loads(api.requests[0][1]).get("force_refresh") is None
    kept = await redis.get(KEY)
    assert first.value not in kept and api.account.secret not in kept
    assert 7100 < await redis.ttl(KEY) <= 7200
    assert not await redis.exists(LOCK)


async def test_sixty_four_cold_workers_ask_once(api, redis_url, redis):
    api.always[STABLE] = slow(0.2)
    clients = [connect(redis_url) for _ in range(64)]
    https = [Http(Limits(total_s=20)) for _ in clients]
    workers = [Tokens(c, VAULT, h) for c, h in zip(clients, https)]
    got = await asyncio.gather(*(w.get(api.account) for w in workers for _ in range(3)))
    assert len({token.value for token in got}) == 1
    assert api.calls == {STABLE: 1}
    for client, http in zip(clients, https):
        await http.close()
        await client.close()
        await client.connection_pool.disconnect()


PROCESS = """
import asyncio, sys
from channels.wechat.account import Account
from channels.wechat.http import Http, Limits
from channels.wechat.token import Tokens
from core.cache import connect
from core.vault import Vault
async def main(redis_url, base, keys):
    http = Http(Limits())
    account = Account("wx49f0ab532d5d035a", "the-secret-of-the-app", (), (), "safe", "xml",
                      "service_account", base)
    print("ready", flush=True)
    sys.stdin.readline()
    token = await Tokens(connect(redis_url), Vault(keys, "f" * 43), http).get(account)
    print(hash(token.value))
    await http.close()
asyncio.run(main(*sys.argv[1:]))
"""


async def test_processes_share_it(api, redis_url, redis):
    api.always[STABLE], keys = slow(0.2), make_keys()
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-W", "ignore", "-c", PROCESS, redis_url, api.url, keys,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={"PYTHONHASHSEED": "1", "PYTHONPATH": "."},
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in started:
        assert await process.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(process.communicate(b"\n") for process in started))
    assert len({out for out, _ in said}) == 1 and said[0][0].strip()
    assert api.calls == {STABLE: 1}


async def age(redis, seconds):
    """Lets the token be so much older."""
    await redis.pexpire(KEY, (await redis.pttl(KEY)) - seconds * 1000)


async def test_it_is_renewed_five_minutes_ahead(api, tokens, redis):
    first = await tokens.get(api.account)
    await age(redis, 6890)
    assert await tokens.get(api.account) == first
    assert api.calls == {STABLE: 1}
    await age(redis, 11)
    api.faults[STABLE] = [token_of("second", 7200)]
    assert (await tokens.get(api.account)).value == "second"
    assert api.calls == {STABLE: 2}
    assert not await redis.exists(LOCK)


async def test_a_short_one_lives_for_a_minute_before_it_is_renewed(api, tokens, redis):
    api.faults[STABLE] = [token_of("short", 300), token_of("next", 7200)]
    await tokens.get(api.account)
    await age(redis, 55)
    assert (await tokens.get(api.account)).value == "short"
    await age(redis, 10)
    assert (await tokens.get(api.account)).value == "next"


async def test_others_use_the_old_one_while_one_renews_it(api, tokens, redis, http):
    first = await tokens.get(api.account)
    await age(redis, 7000)
    api.faults[STABLE] = [slow_token("second", 0.3)]
    renewing = asyncio.ensure_future(tokens.get(api.account))
    await asyncio.sleep(0.1)
    other = Tokens(redis, VAULT, http)
    assert await asyncio.wait_for(other.get(api.account), 0.1) == first
    assert await asyncio.wait_for(tokens.get(api.account), 0.1) == first
    assert (await renewing).value == "second"
    assert (await other.get(api.account)).value == "second"
    assert api.calls == {STABLE: 2}


def slow_token(value, seconds):
    async def fault(request, handler):
        await asyncio.sleep(seconds)
        return await token_of(value, 7200)(request, handler)

    return fault


async def test_a_renewal_that_fails_leaves_the_old_one_and_is_not_tried_at_once(api, tokens, redis):
    first = await tokens.get(api.account)
    await age(redis, 7000)
    api.always[STABLE] = lost_before
    assert [await tokens.get(api.account) for _ in range(5)] == [first] * 5
    assert api.calls == {STABLE: 2}
    await redis.delete(LOCK)
    del api.always[STABLE]
    await tokens.get(api.account)
    assert api.calls == {STABLE: 3}


async def test_the_lock_of_one_that_died_runs_out(api, tokens, redis):
    await redis.set(LOCK, "somebody", px=300)
    assert await asyncio.wait_for(tokens.get(api.account), 2)
    assert api.calls == {STABLE: 1}


async def test_who_gives_up_in_the_middle_keeps_nobody_waiting(api, tokens, redis):
    api.faults[STABLE] = [slow_token("never", 5)]
    given_up = asyncio.ensure_future(tokens.get(api.account))  # such as a typing indicator's
    while STABLE not in api.calls:
        await asyncio.sleep(0.01)
    given_up.cancel()
    await asyncio.wait([given_up])
    assert await asyncio.wait_for(tokens.get(api.account), 2)


async def test_only_the_token_that_was_refused_is_forgotten(api, tokens, redis):
    first = await tokens.get(api.account)
    await tokens.refuse(api.account, first)
    assert not await redis.exists(KEY)
    second = await tokens.get(api.account)
    assert second.value == first.value  # as the platform's stable token is
    await tokens.refuse(api.account, first)
    assert await tokens.get(api.account) == second
    assert api.calls == {STABLE: 2}


FAULTS = {
    "no connection": (lost_before, "no_token"),
    "cut short": (cut_short, "no_token"),
    "too slow": (slow(2), "no_token"),
    "500": (answers(500, b"{}"), "no_token"),
    "404": (answers(404, b"{}"), "no_token"),
    "HTML": (answers(200, b"<p>", "text/html"), "no_token"),
    "no JSON": (answers(200, b"{"), "no_token"),
    "deep JSON": (answers(200, b"[" * 9000), "no_token"),
    "a list": (answers(200, b"[]"), "no_token"),
    "no token": (answers(200, b'{"expires_in": 7200}'), "no_token"),
    "an empty token": (token_of("", 7200), "no_token"),
    "a huge token": (token_of("x" * 2000, 7200), "no_token"),
    "a token that is over": (token_of("x", 0), "no_token"),
    "for ever": (token_of("x", 10**12), "no_token"),
    "seconds as text": (token_of("x", "7200"), "no_token"),
    "a code as text": (answers(200, b'{"errcode": "40013"}'), "no_token"),
    "wrong secret": (code(40125), "wrong_secret"),
    "unknown app": (code(40013), "unknown_app"),
    "not from here": (code(40164), "address_not_allowed"),
    "busy": (code(-1), "busy"),
    "daily limit": (code(45009), "daily_limit"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_without_a_token_all_workers_leave_the_account_alone(
    api, tokens, redis, http, fault, caplog
):
    what, reason = FAULTS[fault]
    api.always[STABLE] = what
    with caplog.at_level(logging.DEBUG):
        for worker in (tokens, tokens, Tokens(redis, VAULT, http)):
            with pytest.raises(Resting) as caught:
                await worker.get(api.account)
            assert caught.value.reason == reason and caught.value.seconds > 0
    assert api.calls == {STABLE: 1}
    assert api.account.secret not in caplog.text and api.url not in caplog.text
    assert not await redis.exists(LOCK)
    await redis.delete(REST)
    del api.always[STABLE]
    assert await tokens.get(api.account)


async def test_many_cold_workers_ask_once_when_there_is_none(api, redis, http):
    api.always[STABLE] = code(40125)
    workers = [Tokens(redis, VAULT, http) for _ in range(20)]
    done = await asyncio.gather(*(w.get(api.account) for w in workers), return_exceptions=True)
    assert {type(one) for one in done} == {Resting}
    assert api.calls == {STABLE: 1}


async def test_what_no_key_reads_is_fetched_anew(api, tokens, redis, http):
    await Tokens(redis, Vault(make_keys(), "f" * 43), http).get(api.account)
    assert await tokens.get(api.account)
    await redis.set(KEY, "no token at all", ex=100)
    assert await tokens.get(api.account)
    assert api.calls == {STABLE: 3}


async def test_who_gets_the_lock_late_finds_what_was_fetched(api, redis_url, redis, http):
    other, late = Tokens(redis, VAULT, http), connect(redis_url)
    take = late.set

    async def take_late(key, *args, **options):
        if key == LOCK:
            await other.get(api.account)
        return await take(key, *args, **options)

    late.set = take_late
    assert await Tokens(late, VAULT, http).get(api.account) == await other.get(api.account)
    assert api.calls == {STABLE: 1}
    await late.close()
    await late.connection_pool.disconnect()

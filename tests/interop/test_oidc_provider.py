"""Our client of a broker against somebody else's provider, the whole way round."""

import asyncio
import secrets
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from actions.identity.broker import Broker
from actions.identity.errors import BrokerRefused, BrokerUnavailable, TokenRefused
from actions.identity.model import Level, Need, Profile
from actions.identity.registration import Registration
from actions.identity.session_store import SessionStore
from core.clock import system_clock
from core.vault import Vault, make_keys
from tests.support.clock import SettableClock
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider, Visitor, client

LOGIN, AGAIN = Need(Level.LOGIN), Need(Level.REAUTHENTICATED)


class Us:
    """What stands at our address: takes logout tokens, as the assistant will."""

    def __init__(self):
        self.logout_tokens = asyncio.Queue()

    async def take(self, request):
        await self.logout_tokens.put((await request.post())["logout_token"])
        return web.Response()


@pytest_asyncio.fixture(scope="module")
async def us():
    taking = Us()
    app = web.Application()
    app.router.add_post("/identity/backchannel-logout", taking.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    taking.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield taking
    await runner.cleanup()


@pytest.fixture(scope="module")
def provider(us):
    clients = [
        client(us.base, client_id=name, id_token_signed_response_alg=algorithm)
        for name, algorithm in ((CLIENT_ID, "RS256"), ("pss", "PS256"), ("ec", "ES256"))
    ]
    hasty = client(us.base, client_id="hasty", require_auth_time=False)
    with OidcProvider(*clients, hasty) as running:
        yield running


@pytest.fixture
def clock():
    return SettableClock()


@pytest.fixture
def open_broker(provider, redis, clock):
    @asynccontextmanager
    async def open_broker(client_id=CLIENT_ID, secret=CLIENT_SECRET):
        broker = Broker(Registration(provider.issuer, client_id, secret), redis, clock)
        yield broker
        await broker.close()

    return open_broker


@pytest_asyncio.fixture
async def broker(open_broker):
    async with open_broker() as broker:
        yield broker


@pytest_asyncio.fixture
async def visitor():
    async with Visitor() as visitor:
        yield visitor


class Attempt:
    """One login: the secrets that belong together."""

    def __init__(self, broker, us, need=LOGIN, **more):
        self.broker, self.need, self.more = broker, need, more
        self.redirect_uri = us.base + "/identity/callback"
        self.state, self.nonce, self.verifier = (secrets.token_urlsafe(32) for _ in range(3))

    async def url(self):
        return await self.broker.authorize_url(
            state=self.state, nonce=self.nonce, verifier=self.verifier,
            redirect_uri=self.redirect_uri, need=self.need, **self.more,
        )  # fmt: skip

    async def exchange(self, answer, **other):
        asked = {
            "code": answer["code"], "verifier": self.verifier, "need": self.need,
            "redirect_uri": self.redirect_uri, "nonce": self.nonce, "iss": answer.get("iss"),
        }  # fmt: skip
        return await self.broker.exchange(**{**asked, **other})


async def logged_in(broker, us, visitor, person="chan", acr=None, need=LOGIN, **more):
    attempt = Attempt(broker, us, need, **more)
    return await attempt.exchange(await visitor.log_in(await attempt.url(), person, acr))


async def test_a_person_signs_in(broker, us, visitor):
    attempt = Attempt(broker, us, ui_locales=("zh-HK", "en"))
    answer = await visitor.log_in(await attempt.url())
    assert answer["state"] == attempt.state
    known = await attempt.exchange(answer)
    assert known.login.level is Level.LOGIN
    assert known.login.sid and len(known.login.subject) == 64
    assert timedelta(0) <= system_clock() - known.login.auth_time < timedelta(seconds=20)
    assert known.tokens.refresh_token
    assert timedelta(0) < known.tokens.expires_at - system_clock() <= timedelta(minutes=5)


@pytest.mark.parametrize("client_id", ["pss", "ec"])
async def test_each_algorithm_is_read(open_broker, us, visitor, client_id):
    async with open_broker(client_id) as broker:
        assert (await logged_in(broker, us, visitor)).login.level is Level.LOGIN


async def test_a_person_cancels(broker, us, visitor):
    attempt = Attempt(broker, us)
    answer = await visitor.log_in(await attempt.url(), person="")
    assert (answer["error"], answer["state"]) == ("access_denied", attempt.state)
    assert answer["iss"]


async def test_the_secret_of_pkce_does_not_stand_in_the_address(broker, us):
    attempt = Attempt(broker, us, need=AGAIN, prompt="login")
    asked = parse_qs(urlsplit(await attempt.url()).query)
    assert attempt.verifier not in str(asked)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["acr_values"] == ["urn:gba:acr:3"]
    assert asked["max_age"] == ["300"]
    assert asked["prompt"] == ["login"]


async def test_the_provider_refuses_another_verifier(broker, us, visitor):
    attempt = Attempt(broker, us)
    answer = await visitor.log_in(await attempt.url())
    with pytest.raises(BrokerRefused) as refused:
        await attempt.exchange(answer, verifier=secrets.token_urlsafe(32))
    assert refused.value.reason == "invalid_grant"


async def test_the_provider_refuses_a_code_that_was_used(broker, us, visitor):
    attempt = Attempt(broker, us)
    answer = await visitor.log_in(await attempt.url())
    known = await attempt.exchange(answer)
    with pytest.raises(BrokerRefused) as refused:
        await attempt.exchange(answer)
    assert refused.value.reason == "invalid_grant"
    with pytest.raises(BrokerRefused):  # and what the code gave is taken back
        await broker.userinfo(known)


async def test_the_provider_refuses_another_address_of_ours(broker, us, visitor):
    attempt = Attempt(broker, us)
    answer = await visitor.log_in(await attempt.url())
    with pytest.raises(BrokerRefused):
        await attempt.exchange(answer, redirect_uri=us.base + "/elsewhere")


async def test_the_provider_refuses_another_secret(open_broker, us, visitor):
    async with open_broker(secret="no") as broker:
        with pytest.raises(BrokerRefused) as refused:
            await logged_in(broker, us, visitor)
    assert refused.value.reason == "invalid_client"


async def test_the_answer_must_name_the_broker(broker, us, visitor):
    attempt = Attempt(broker, us)
    answer = await visitor.log_in(await attempt.url())
    for iss in (None, "https://broker.example.com"):
        with pytest.raises(TokenRefused) as refused:
            await attempt.exchange(answer, iss=iss)
        assert refused.value.reason == "issuer"
    await attempt.exchange(answer)  # the code was not spent on them


async def test_a_code_of_another_login_is_refused(broker, us, visitor):
    theirs, ours = Attempt(broker, us), Attempt(broker, us)
    answer = await visitor.log_in(await theirs.url())
    with pytest.raises(TokenRefused) as refused:
        await theirs.exchange(answer, nonce=ours.nonce)
    assert refused.value.reason == "nonce"


async def test_a_level_that_was_not_reached_is_refused(broker, us, visitor):
    with pytest.raises(TokenRefused) as refused:
        await logged_in(broker, us, visitor, need=AGAIN, acr="urn:gba:acr:2")
    assert refused.value.reason == "acr"


async def test_a_step_up_asks_anew_and_an_enough_level_does_not(broker, us, visitor):
    before = await logged_in(broker, us, visitor)
    assert visitor.asked
    same = await logged_in(broker, us, visitor)
    assert not visitor.asked
    higher = await logged_in(broker, us, visitor, need=AGAIN)
    assert visitor.asked
    assert [x.login.level for x in (before, same, higher)] == [2, 2, 3]
    assert before.login.subject == higher.login.subject


async def test_an_old_login_is_refused_though_the_provider_lets_it_stand(
    broker, us, visitor, clock
):
    known = await logged_in(broker, us, visitor)
    attempt = Attempt(broker, us)  # without max_age: the provider need not ask
    answer = await visitor.log_in(await attempt.url())
    assert not visitor.asked
    clock.set(known.login.auth_time + timedelta(seconds=62))
    with pytest.raises(TokenRefused) as refused:
        await attempt.exchange(answer, need=Need(Level.LOGIN, timedelta(seconds=1)))
    assert refused.value.reason == "auth_time"


async def test_a_provider_that_does_not_tell_when_is_refused(open_broker, us, visitor):
    async with open_broker("hasty") as broker:
        with pytest.raises(TokenRefused) as refused:
            await logged_in(broker, us, visitor)
        assert refused.value.reason == "auth_time"


async def test_what_is_known_of_a_person_is_what_the_scope_allows(broker, us, visitor):
    everything = "openid profile phone email document"
    known = await logged_in(broker, us, visitor, scope=everything)
    assert await broker.userinfo(known) == Profile(
        "陳大文", "1958-03-01", "hkid", "A123456(3)", "+85291234567"
    )
    known = await logged_in(broker, us, visitor)
    assert await broker.userinfo(known) == Profile()


@pytest.mark.parametrize("person", ["wong", "li"])
async def test_what_is_not_known_or_not_verified_is_left_out(broker, us, visitor, person):
    known = await logged_in(broker, us, visitor, person, scope="openid profile phone document")
    profile = await broker.userinfo(known)
    assert profile.name and profile.birthdate
    assert (profile.phone, profile.document_type, profile.document_number) == (None, None, None)


async def test_tokens_are_refreshed_and_the_login_stays(broker, us, visitor):
    known = await logged_in(broker, us, visitor, scope="openid profile")
    fresh = await broker.refresh(known)
    assert fresh.login == known.login
    assert fresh.tokens.access_token != known.tokens.access_token
    assert fresh.tokens.refresh_token != known.tokens.refresh_token
    assert (await broker.userinfo(fresh)).name == "陳大文"
    with pytest.raises(BrokerRefused) as refused:  # each refreshes once
        await broker.refresh(known)
    assert refused.value.reason == "invalid_grant"


async def test_signing_out_at_the_provider_ends_the_session_here(
    broker, us, visitor, redis, provider
):
    store = SessionStore(redis, Vault(make_keys(), "f" * 43), system_clock)
    known = await logged_in(broker, us, visitor)
    await store.save("web-1", known)
    answer = await visitor.sign_out(await broker.end_session_url(known, us.base + "/", "st"))
    assert answer == {"state": "st"}
    raw = await asyncio.wait_for(us.logout_tokens.get(), 5)
    logout = await broker.verify_logout_token(raw)
    assert (logout.sid, logout.subject) == (known.login.sid, known.login.subject)
    assert await store.end_by_sid(logout.issuer, logout.sid) == ["web-1"]
    assert await store.of("web-1") is None
    with pytest.raises(TokenRefused) as refused:
        await broker.verify_logout_token(raw)
    assert refused.value.reason == "replayed"
    await logged_in(broker, us, visitor)
    assert visitor.asked  # they are signed out there as well


async def test_an_id_token_is_no_logout_token(broker, us, visitor):
    known = await logged_in(broker, us, visitor)
    with pytest.raises(TokenRefused) as refused:
        await broker.verify_logout_token(known.tokens.id_token)
    assert refused.value.reason == "type"


async def test_a_provider_that_is_gone_is_told_apart(us, redis, clock):
    with OidcProvider(client(us.base)) as passing:
        gone = Broker(Registration(passing.issuer, CLIENT_ID, CLIENT_SECRET), redis, clock)
    with pytest.raises(BrokerUnavailable) as told:
        await gone.authorize_url(
            state="s", nonce="n", verifier="v" * 43, redirect_uri=us.base, need=LOGIN
        )
    assert told.value.reason == "connection"
    await gone.close()


async def test_the_provider_refuses_a_login_without_pkce(provider, us):
    async with aiohttp.ClientSession() as session, session.get(
        f"{provider.issuer}/auth",
        params={
            "client_id": CLIENT_ID, "response_type": "code", "scope": "openid",
            "redirect_uri": us.base + "/identity/callback",
        },
        allow_redirects=False,
    ) as response:  # fmt: skip
        assert "error=invalid_request" in response.headers["Location"]

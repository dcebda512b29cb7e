"""Whole sign-ins with somebody else's provider, and what Redis and the logs know afterwards."""

import json
import logging
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import pytest_asyncio
from sanic import Sanic
from structlog.testing import capture_logs

from actions.identity.broker import Broker
from actions.identity.registration import Registration
from channels.identity.input import IdentityChannel
from channels.identity.pages import Pages
from channels.web.history import History
from channels.web.proof import WebProof
from channels.web.session import COOKIE, Sessions
from channels.wechat.client import WeChatClient
from channels.wechat.parse import sender_of
from channels.wechat.proof import WeChatProof
from core.clock import system_clock
from tests.support.browser_of import Browser, code_on, hidden, leads_to
from tests.support.identity import BASE, Chats, Identity, everything, token_of
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider, Visitor, client
from tests.support.wechat_login import SECRET, WeChatLogin, account

OPENID = "oVsk46Person-of-WeChat"


@pytest.fixture(scope="module")
def provider():
    with OidcProvider(client(BASE)) as running:
        yield running


class Whole:
    """The pages with the real client of a real provider, and all that must stay secret."""

    def __init__(self, redis, content, provider, platform):
        broker = Broker(
            Registration(provider.issuer, CLIENT_ID, CLIENT_SECRET), redis, system_clock
        )
        self.identity, self.chats = Identity(redis, BASE, broker), Chats()
        self.vault = self.identity.vault
        accounts = [account("wx1", "service_account", platform.url)]
        self.wechat = WeChatClient(redis, self.vault)
        proofs = {
            "web": WebProof(Sessions("k"), History(redis, self.vault).is_ended),
            "wechat": WeChatProof(accounts, self.wechat, self.sender_of),
        }
        pages = Pages(lambda: content)
        channel = IdentityChannel(self.identity.service, proofs, self.chats, pages, BASE)
        Sanic._app_registry.pop("whole", None)
        self.app = Sanic("whole", configure_logging=False)
        self.app.blueprint(channel.blueprint())
        self.redis = redis
        self.seen = ""
        self.secrets = {
            SECRET,
            CLIENT_SECRET,
            OPENID,
            "A123456",
            "陳大文",
            "91234567",
            "1958-03-01",
        }

    def sender_of(self, one, openid):
        return sender_of(one, openid, self.vault)

    async def look(self):
        """Adds what Redis holds now to what a copy of it would ever have shown."""
        self.seen += await everything(self.redis)

    async def start(self, browser, token):
        """The link's page and its form: where the browser is led."""
        self.secrets.add(token)
        await self.look()
        await browser.get(f"/identity/start?t={token}")
        return leads_to(await browser.post("/identity/start", {"t": token, "do": "go"}))

    async def login(self, browser, address, person="chan"):
        """Signs in at the provider and comes back."""
        self.secrets.update(browser.cookies.values())
        asked = parse_qs(urlsplit(address).query)
        self.secrets.update([asked["state"][0], asked["nonce"][0]])
        await self.look()
        async with Visitor() as visitor:
            answer = await visitor.log_in(address, person)
        self.secrets.update(v for k, v in answer.items() if k in ("code", "state"))
        page = await browser.get(f"/identity/callback?{urlencode(answer)}")
        self.secrets.add(hidden(page, "ticket") or "never")
        await self.look()
        return page

    async def keep_tokens_of(self, sender):
        known = await self.identity.sessions.tokens(sender)
        tokens = known.tokens
        self.secrets.update([tokens.access_token, tokens.refresh_token, tokens.id_token])
        self.secrets.update([known.login.subject, known.login.sid])


@pytest_asyncio.fixture
async def whole(redis, content, provider):
    async with WeChatLogin({"code-of-wechat": OPENID}) as platform:
        whole = Whole(redis, content, provider, platform)
        yield whole
        await whole.identity.broker.close()


async def test_from_the_web_chat_and_back_and_out(whole, caplog, capfd):
    cookie = Sessions("k").issue()
    sender = Sessions("k").sender(cookie)
    browser = Browser(whole.app, {COOKIE: cookie})
    with caplog.at_level(logging.DEBUG), capture_logs() as audit:
        token = await whole.identity.token(sender)
        page = await whole.login(browser, await whole.start(browser, token))
        assert "You are signed in" in page.text
        assert [told.task for told in whole.chats.resumed_with] == ["view_appointment"]
        await whole.keep_tokens_of(sender)
        profile = await whole.identity.broker.userinfo(await whole.identity.sessions.tokens(sender))
        assert profile.document_number  # the broker does know who it is
        page = await browser.post("/identity/undo", {"ticket": hidden(page, "ticket")})
        assert "/session/end" in page.text
        assert await whole.identity.service.signed_in(sender) is None
        await whole.look()
    assert [line["what"] for line in audit] == [
        "link_issued", "link_consumed", "linked", "undone", "signed_out"
    ]  # fmt: skip
    nothing_leaked(whole, caplog, audit, capfd)


async def test_from_wechat_inside_it_and_from_another_device(whole, caplog, capfd):
    sender = whole.sender_of(account("wx1", "service_account", ""), OPENID)
    with caplog.at_level(logging.DEBUG), capture_logs() as audit:
        made = await whole.identity.links.hand_off(sender, "wechat", "wx1", "sign_in", "yue-Hant")
        inside = Browser(whole.app, **{"user-agent": "MicroMessenger"})
        visit = await whole.start(inside, token_of(made.url))
        state = parse_qs(urlsplit(visit).query)["state"][0]
        whole.secrets.update([state, "code-of-wechat"])
        leaving = await inside.get(f"/identity/proof?code=code-of-wechat&state={state}")
        await whole.login(inside, leads_to(leaving))
        assert whole.chats.resumed_with[0].sender == sender
        await whole.keep_tokens_of(sender)
        await whole.identity.service.sign_out(sender)

        made = await whole.identity.links.hand_off(sender, "wechat", "wx1", "sign_in", "yue-Hant")
        outside = Browser(whole.app)
        await whole.start(outside, token_of(made.url))
        fields = {"t": token_of(made.url), "number": made.number}
        leaving = await outside.post("/identity/start", fields)
        waiting = await whole.login(outside, leads_to(leaving))
        assert await whole.identity.service.signed_in(sender) is None
        await whole.identity.service.confirm(sender, code_on(waiting))
        await whole.keep_tokens_of(sender)
        await whole.look()
    nothing_leaked(whole, caplog, audit, capfd)


async def test_who_cancels_at_the_provider_is_told_so(whole, caplog, capfd):
    cookie = Sessions("k").issue()
    browser = Browser(whole.app, {COOKIE: cookie})
    with caplog.at_level(logging.DEBUG), capture_logs() as audit:
        token = await whole.identity.token(Sessions("k").sender(cookie))
        page = await whole.login(browser, await whole.start(browser, token), person="")
    assert page.status == 403
    assert "You cancelled, so you are not signed in" in page.text
    nothing_leaked(whole, caplog, audit, capfd)


def nothing_leaked(whole, caplog, audit, capfd):
    """Neither Redis, at any stage, nor a log line, nor the terminal shows a secret."""
    lines = [
        caplog.handler.format(record)
        for record in caplog.records
        # the HTTP clients and servers of the test tell what is asked for; the assistant must not
        if not record.name.startswith(("httpx", "httpcore", "aiohttp.access"))
    ]
    logged = "\n".join(lines) + json.dumps(audit, default=str) + "".join(capfd.readouterr())
    assert len(whole.secrets) > 10
    for secret in whole.secrets:
        assert len(secret) >= 3
        assert secret not in whole.seen
        assert secret not in logged

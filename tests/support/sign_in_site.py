"""The real server with somebody else's OpenID provider and the whole of WeChat around it, for tests
that are not asynchronous: a real browser is driven through them.
"""

import asyncio
import re
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Awaitable, Iterator, List
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from aiohttp import web
from sqlalchemy import text

from channels.wechat.simulator import messages
from channels.wechat.simulator.address import announced
from tests.support.identity import everything
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider, client
from tests.support.wechat import account
from tests.support.wechat_site import Person, Site, words_of

_WEIXIN = "https://open.weixin.qq.com/**"
_LINK = re.compile(r"http://localhost:\d+/identity/start\?t=[\w-]+")


class SignInSite:
    """Use as a context manager. People reach the server under ``localhost``, so that the provider on
    127.0.0.1 is another site to a browser, as it is in production.

    Attributes:
        url: the public address.
        provider: the OpenID provider.
        site: the server and WeChat; what is awaited there goes through ``do``.
        logout_tokens: those that the provider has sent.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.logout_tokens: List[str] = []
        self._held = False

    def __enter__(self) -> "SignInSite":
        self._thread.start()
        self._outside = ExitStack()
        account_ = account(secret="the-secret-of-one", tokens=("tokenOfOne",))
        self.site = Site(self.folder, {"": account_})
        self.url = f"http://localhost:{self.site.server.port}"
        relay = self.do(self._start_relay())
        us = client(self.url, backchannel_logout_uri=relay)
        self.provider = self._outside.enter_context(OidcProvider(us))
        self.site.server.environment.update(
            ONESTOP_PUBLIC_URL=self.url, ONESTOP_BROKER_ISSUER=self.provider.issuer,
            ONESTOP_BROKER_CLIENT_ID=CLIENT_ID, ONESTOP_BROKER_CLIENT_SECRET=CLIENT_SECRET,
        )  # fmt: skip
        self.do(self.site.__aenter__(), 120)
        base = self.site.platforms[""].base
        self._outside.enter_context(announced(self.folder, base))
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self.site.__aexit__())
        self._outside.close()
        self.do(self._relay.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    def do(self, what: "Awaitable[Any]", patience_s: float = 60) -> Any:
        """What comes of something asynchronous."""
        return asyncio.run_coroutine_threadsafe(_of(what), self._loop).result(patience_s)

    def cancel_appointments(self) -> None:
        """All of them: the few people of the provider sign in in many tests."""
        with self.site.database.begin() as connection:
            connection.execute(text("UPDATE appointments SET status = 'cancelled'"))

    @contextmanager
    def logout_tokens_held(self) -> Iterator[None]:
        """What the provider tells of logouts does not reach the server."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def tells_logout(self, token: str) -> int:
        """Somebody brings a logout token. Returns the status of the answer."""
        return int(self.do(self._pass_on(token)))

    async def _start_relay(self) -> str:
        """Stands between the provider and the server's back-channel. Returns its address."""

        async def take(request: web.Request) -> web.Response:
            token = str((await request.post())["logout_token"])
            self.logout_tokens.append(token)
            return web.Response(status=200 if self._held else await self._pass_on(token))

        app = web.Application()
        app.router.add_post("/", take)
        self._relay = web.AppRunner(app, access_log=None)
        await self._relay.setup()
        await web.TCPSite(self._relay, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._relay.addresses[0][1]}/"

    async def _pass_on(self, token: str) -> int:
        address = f"{self.url}/identity/backchannel-logout"
        async with aiohttp.ClientSession() as session, session.post(
            address, data={"logout_token": token}
        ) as answer:  # fmt: skip
            return answer.status

    @property
    def log(self) -> str:
        return self.site.server.log.read_text()

    def everything_in_redis(self) -> str:
        return str(self.do(everything(self.site.redis)))

    def friend(self, name: str) -> "Friend":
        """Somebody who chats with us in WeChat."""
        return Friend(self, self.site.person(name))


class Friend:
    """Somebody in WeChat, who writes, reads, and opens pages inside WeChat's own browser."""

    def __init__(self, site: SignInSite, person: Person) -> None:
        self._site, self.person = site, person

    def say(self, words: str) -> str:
        """Writes, and returns all that comes as the answer."""
        return str(self._site.do(self.person.say(words)))

    def leave(self) -> None:
        """Unsubscribes."""
        self._site.do(self.person.tells(messages.event("unsubscribe")))

    def reads(self, count: int) -> "List[str]":
        """Waits for so many messages through the platform's API, beside answers to a request."""
        return [words_of(sent) for sent in self._site.do(self.person.gets(count))]

    def is_signed_in(self) -> bool:
        """Whether the server keeps a session of theirs."""
        session = self._site.site.vault.fingerprint("identity sender", self.person.sender)
        return f"identity:session:{session}" in self._site.everything_in_redis()

    def inside_wechat(self, context: Any, visits: "List[str]") -> None:
        """Makes a browser's context one inside WeChat, signed in to it as this person.

        WeChat's page, which asks nothing, is played: it gives a code and leads back.

        Args:
            visits: gets the addresses under which that page was asked for.
        """

        def lead_back(route: Any) -> None:
            visits.append(route.request.url)
            asked = {k: v[0] for k, v in parse_qs(urlsplit(route.request.url).query).items()}
            code = self.person.platform.world.code_for(self.person.openid)
            answer = urlencode({"code": code, "state": asked["state"]})
            to = f"{asked['redirect_uri']}?{answer}"
            route.fulfill(status=302, headers={"Location": to})

        context.route(_WEIXIN, lead_back)


#: What WeChat's browser calls itself.
INSIDE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
    " MicroMessenger/8.0.50"
)


def link_in(said: str) -> str:
    """The one link to sign in that a text holds."""
    (found,) = _LINK.findall(said)
    return str(found)


async def _of(what: "Awaitable[Any]") -> Any:
    return await what

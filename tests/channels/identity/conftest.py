"""The pages over HTTP; the broker and WeChat are in memory."""

import pytest
from sanic import Sanic

from channels.identity.input import IdentityChannel
from channels.identity.pages import Pages
from channels.web.history import History
from channels.web.proof import WebProof
from channels.web.session import COOKIE, Sessions
from tests.support.browser_of import Browser
from tests.support.identity import BASE, Chats, Identity


class Platform:
    """WeChat as far as the proof goes: a code's sender, inside its own browser."""

    def __init__(self):
        self.senders = {"code-a": "wechat-a", "code-b": "wechat-b"}
        self.error = None

    async def sender_of(self, account, cookies, code=None):
        if self.error:
            raise self.error
        return self.senders.pop(code, None)

    def detour(self, account, user_agent, back, state):
        if "MicroMessenger" not in user_agent:
            return None
        return f"https://platform.test/authorize?back={back}&state={state}"


class Site:
    """What a test of the pages has at hand."""

    def __init__(self, redis, content, base=BASE):
        self.identity = Identity(redis, base)
        self.platform, self.chats = Platform(), Chats()
        self.history = History(redis, self.identity.vault)
        proofs = {"web": WebProof(Sessions("k"), self.history.is_ended), "wechat": self.platform}
        channel = IdentityChannel(
            self.identity.service, proofs, self.chats, Pages(lambda: content), base
        )
        Sanic._app_registry.pop("identity", None)
        self.app = Sanic("identity", configure_logging=False)
        self.app.blueprint(channel.blueprint())

    def person(self, **headers):
        """A browser with a web chat of its own, and the chat's sender."""
        cookie = Sessions("k").issue()
        return Browser(self.app, {COOKIE: cookie}, **headers), Sessions("k").sender(cookie)

    def browser(self, **headers):
        return Browser(self.app, **headers)

    @property
    def state(self):
        """Of the last journey to the broker."""
        return self.identity.broker.asked[-1]["state"]


@pytest.fixture
def site(redis, content):
    return Site(redis, content)


@pytest.fixture
def secure_site(redis, content):
    return Site(redis, content, "https://assistant.example")

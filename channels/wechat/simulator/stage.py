"""The whole platform around one account of ours: people do things, and messages reach them."""

from typing import Any, Callable, Mapping, Optional, Sequence

from aiohttp import web

from channels.wechat.account import Account
from channels.wechat.simulator.api import make_api
from channels.wechat.simulator.push import Answer, Platform
from channels.wechat.simulator.world import Sent, World
from core.clock import Clock, system_clock

#: What an event opens; the platform's own names in lower case.
_OPENS = {
    "subscribe": "follow", "scan": "scan", "click": "menu", "user_enter_tempsession": "enter",
}  # fmt: skip


class Stage:
    """Serves the API on a loopback port while it is entered, and pushes to our webhook.

    Args:
        url: our webhook.
        told: called with each message that reaches a person through the API.
        middlewares: what may happen to a request to the API before it is answered.

    Attributes:
        world: what the platform knows.
        base: where the API answers, ``http://127.0.0.1:PORT``.
    """

    def __init__(
        self,
        account: Account,
        url: str,
        told: Callable[[Sent], None] = lambda sent: None,
        middlewares: Sequence[Any] = (),
        clock: Clock = system_clock,
    ) -> None:
        self.world = World(account.app_id, account.secret, account.kind, clock, told)
        self.base = ""
        self._platform = Platform(account, url, clock)
        self._api = make_api(self.world, middlewares)
        self._runner: Optional[web.AppRunner] = None

    async def __aenter__(self) -> "Stage":
        # no log of addresses: there are tokens in them
        self._runner = web.AppRunner(self._api, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0]
        self.base = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def does(self, openid: str, fields: Mapping[str, Any]) -> Answer:
        """Somebody does something; what the webhook answers after at most three tries.

        Args:
            fields: see ``messages.py``.

        Raises:
            asyncio.TimeoutError, aiohttp.ClientError: nobody answered.
            BadReply: an answer that the platform would not take.
        """
        event = str(fields.get("Event", "")).lower()
        if event == "unsubscribe":
            self.world.left(openid)
        elif fields["MsgType"] != "event":
            self.world.heard(openid)
        elif event in _OPENS:
            self.world.heard(openid, _OPENS[event])
        return await self._platform.deliver(openid, fields)

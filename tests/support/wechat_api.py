"""The simulator's API on a loopback port, which fails where and how a test wants it to."""

from collections import Counter
from typing import Any, Dict, List, Tuple

from aiohttp import web

from channels.wechat.account import Account
from channels.wechat.simulator.api import make_api
from channels.wechat.simulator.world import World
from core.vault import Vault, make_keys
from tests.support.fake_department import Fault, Handler, answers

VAULT = Vault(make_keys(), "f" * 43)
APP_ID, SECRET, OPENID = (
    "wx49f0ab532d5d035a",
    "the-secret-of-the-app",
    "oPERSONaaaaaaaaaaaaaaaaaaaaa",
)
SEND, STABLE = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"


def code(errcode: int, errmsg: str = "refused rid: 6a-7b-8c") -> Fault:
    """Does nothing, and answers this error code."""
    return answers(200, b'{"errcode": %d, "errmsg": "%s"}' % (errcode, errmsg.encode()))


class FakeApi:
    """Serves a platform while it is entered: ``async with FakeApi() as api``.

    Attributes:
        world: what the platform knows.
        account: ours, with the address at which it is served.
        faults: by path, what happens to the next requests there, one each.
        always: by path, what happens to all requests there.
        calls: how many requests came, by path.
        requests: path and body of each of them.
    """

    def __init__(self, kind: str = "service_account", clock: Any = None) -> None:
        self.world = World(APP_ID, SECRET, kind, *([clock] if clock else []))
        self.world.heard(OPENID)
        self.faults: Dict[str, List[Fault]] = {}
        self.always: Dict[str, Fault] = {}
        self.calls: Counter = Counter()
        self.requests: List[Tuple[str, bytes]] = []

    async def __aenter__(self) -> "FakeApi":
        app = make_api(self.world, [self._witness])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"
        self.account = Account(
            APP_ID, SECRET, ("123456",), (), mode="safe", format="xml",
            kind=self.world.kind, api_base=self.url,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _witness(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.calls[request.path] += 1
        self.requests.append((request.path, await request.read()))
        waiting = self.faults.get(request.path)
        fault = waiting.pop(0) if waiting else self.always.get(request.path)
        return await (fault(request, handler) if fault else handler(request))

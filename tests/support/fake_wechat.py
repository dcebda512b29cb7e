"""The simulator of WeChat with faults on demand, in both directions."""

import asyncio
from collections import Counter
from typing import Any, Dict, List, Mapping

import aiohttp
from aiohttp import web

from channels.wechat.account import Account
from channels.wechat.simulator.push import Answer, Platform, Push
from channels.wechat.simulator.stage import Stage
from core.clock import Clock, system_clock
from tests.support.fake_department import Fault, Handler


class FakeWeChat(Stage):
    """The platform around an account: ``async with FakeWeChat(account, url) as wechat``.

    Attributes:
        faults: by path of the API, what happens to the next requests there, one each; see
            ``fake_department`` (answers, slow, lost_before, lost_after) and ``wechat_api.code``.
        always: by path of the API, what happens to all requests there.
        calls: how many requests came, by path.
        pushed: the pushes of which somebody tried to tell the webhook, each try.
        lost: what happens to the next tries of a push, one each: “before” it comes to the webhook,
            “after” it was answered, or “” for nothing.
    """

    def __init__(self, account: Account, url: str, clock: Clock = system_clock) -> None:
        super().__init__(account, url, middlewares=[self._fail], clock=clock)
        self._platform = _Unsteady(account, url, clock)
        self.faults: Dict[str, List[Fault]] = {}
        self.always: Dict[str, Fault] = {}
        self.calls: "Counter[str]" = Counter()

    @property
    def pushed(self) -> List[Push]:
        return self._platform.tried

    @property
    def lost(self) -> List[str]:
        return self._platform.lost

    async def again(self, push: Push) -> Answer:
        """The platform repeats a push, once."""
        return await self._platform.post(push)

    def push(self, openid: str, fields: Mapping[str, Any]) -> Push:
        """What the platform pushes when somebody does something, not sent yet."""
        return self._platform.push(openid, fields)

    @web.middleware
    async def _fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.calls[request.path] += 1
        waiting = self.faults.get(request.path)
        fault = waiting.pop(0) if waiting else self.always.get(request.path)
        return await (fault(request, handler) if fault else handler(request))


class _Unsteady(Platform):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.tried: List[Push] = []
        self.lost: List[str] = []

    async def post(self, push: Push, method: str = "POST") -> Answer:
        self.tried.append(push)
        happens = self.lost.pop(0) if self.lost else ""
        if happens == "before":
            raise aiohttp.ClientConnectionError
        answer = await super().post(push, method)
        if happens == "after":
            raise asyncio.TimeoutError
        return answer

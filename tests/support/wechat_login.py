"""The part of WeChat's server that tells whose code this is, on a loopback port."""

import json
from typing import Any, Awaitable, Callable, Dict, List, Optional

from aiohttp import web

from channels.wechat.account import Account

SECRET = "the-secret-of-the-account"


def account(app_id: str, kind: str, api_base: str) -> Account:
    """An account of ours at such a server."""
    return Account(app_id, SECRET, ("token",), (), kind=kind, api_base=api_base)  # type: ignore


class WeChatLogin:
    """Gives the openid of each code once; ``url`` is its address while the ``with`` lasts.

    Args:
        codes: the openids by their codes.
    """

    def __init__(self, codes: Dict[str, str]) -> None:
        self.codes = dict(codes)
        self.asked: List[Any] = []
        self.answer: Optional[Callable[[], Awaitable[web.Response]]] = None

    async def __aenter__(self) -> "WeChatLogin":
        app = web.Application()
        app.router.add_get("/sns/{name:.*}", self._handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _handle(self, request: Any) -> web.Response:
        self.asked.append(request)
        if self.answer is not None:
            return await self.answer()
        query = request.query
        code = query.get("js_code" if "jscode2session" in request.path else "code")
        good = query["secret"] == SECRET and query["grant_type"] == "authorization_code"
        openid = self.codes.pop(code, None) if good else None
        fault = {"errcode": 40029, "errmsg": "invalid code, rid: 6-2"}
        body = {"openid": openid, "session_key": "k"} if openid else fault
        return web.Response(text=json.dumps(body), content_type="text/plain")

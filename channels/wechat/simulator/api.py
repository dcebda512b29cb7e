"""api.weixin.qq.com, played: tokens, messages, typing, subscribe messages, media, codes.

Errors come as the platform's do: HTTP 200, ``errcode`` and an ``errmsg`` that ends in a request id.
"""

import email
import json
import secrets
import time
from typing import Any, Awaitable, Callable, Dict, Optional, Sequence

from aiohttp import web

from channels.wechat.simulator.checks import message_fault, template_fault
from channels.wechat.simulator.world import World

_MOST = 12 * 1024 * 1024
_UPLOADS = {"image": 10 * 1024 * 1024, "voice": 2 * 1024 * 1024}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_api(world: World, middlewares: Sequence[Any] = ()) -> web.Application:
    """The API of a platform around one account; to be run without a log of its addresses.

    Args:
        middlewares: what may happen to a request before it is answered; tests let it fail there.
    """
    api = _Api(world)
    app = web.Application(middlewares=middlewares, client_max_size=_MOST)
    app.add_routes(
        [
            web.get("/cgi-bin/token", api.token),
            web.post("/cgi-bin/stable_token", api.stable_token),
            web.post("/cgi-bin/message/custom/send", api.send),
            web.post("/cgi-bin/message/custom/typing", api.typing),
            web.post("/cgi-bin/message/custom/business/typing", api.typing),
            web.post("/cgi-bin/message/subscribe/send", api.subscribe),
            web.post("/cgi-bin/message/subscribe/bizsend", api.subscribe),
            web.post("/cgi-bin/media/upload", api.upload),
            web.get("/cgi-bin/media/get", api.download),
            web.get("/sns/jscode2session", api.openid_of_code),
            web.get("/sns/oauth2/access_token", api.openid_of_code),
        ]
    )
    return app


class _Api:
    def __init__(self, world: World) -> None:
        self._world = world

    async def token(self, request: web.Request) -> web.Response:
        if fault := self._credentials_fault(request.query):
            return _error(fault)
        token, seconds = self._world.new_token()
        return _json({"access_token": token, "expires_in": seconds})

    async def stable_token(self, request: web.Request) -> web.Response:
        body = await _body(request)
        fault = self._credentials_fault(body) if body is not None else 47001
        if fault or body is None:
            return _error(fault)
        token, seconds = self._world.stable_token(body.get("force_refresh") is True)
        return _json({"access_token": token, "expires_in": seconds})

    def _credentials_fault(self, given: Any) -> int:
        if given.get("grant_type") != "client_credential":
            return 40002
        if given.get("appid") != self._world.app_id:
            return 40013
        return 0 if given.get("secret") == self._world.secret else 40125

    async def send(self, request: web.Request) -> web.Response:
        world, body = self._world, await _body(request)
        if fault := self._common_fault(request, body):
            return _error(fault)
        assert body is not None
        openid, form = str(body["touser"]), str(body.get("msgtype"))
        fault = message_fault(body, world.kind, world.files) or world.may_send(openid)
        if not fault:
            world.send(openid, form, body[form])
        return _error(fault)

    async def typing(self, request: web.Request) -> web.Response:
        body = await _body(request)
        business = "business" in request.path
        if fault := self._common_fault(request, body):
            return _error(fault)
        assert body is not None
        if business != (self._world.kind == "miniprogram"):
            return _error(48001)
        if body.get("command") not in ("Typing", "CancelTyping"):
            return _error(45072)
        return _error(self._world.type(body["touser"], body["command"] == "Typing"))

    async def subscribe(self, request: web.Request) -> web.Response:
        world, body = self._world, await _body(request)
        if fault := self._common_fault(request, body):
            return _error(fault)
        assert body is not None
        if body.get("template_id") not in world.templates:
            return _error(40037)
        fault = template_fault(body.get("data"), world.templates[body["template_id"]])
        return _error(fault or world.notify(body["touser"], body))

    def _common_fault(self, request: web.Request, body: Optional[Dict[str, Any]]) -> int:
        if fault := self._world.token_fault(request.query.get("access_token", "")):
            return fault
        if body is None:
            return 47001
        return 0 if body.get("touser") in self._world.people else 40003

    async def upload(self, request: web.Request) -> web.Response:
        if fault := self._world.token_fault(request.query.get("access_token", "")):
            await request.read()
            return _error(fault)
        kind = request.query.get("type", "")
        if kind not in _UPLOADS:
            return _error(40004)
        # The real one finds no file in a body that comes in chunks, either.
        if request.content_length is None or not request.content_type.startswith("multipart/"):
            return _error(41005)
        content_type, data = _file(request.headers["Content-Type"], await request.read())
        if not content_type:
            return _error(41005)
        if not data:
            return _error(44001)
        if len(data) > _UPLOADS[kind]:
            return _error(40006)
        media_id = self._world.keep(content_type, data)
        return _json({"type": kind, "media_id": media_id, "created_at": int(time.time())})

    async def download(self, request: web.Request) -> web.Response:
        if fault := self._world.token_fault(request.query.get("access_token", "")):
            return _error(fault)
        found = self._world.file(request.query.get("media_id", ""))
        if found is None:
            return _error(40007)
        return web.Response(body=found.data, content_type=found.content_type)

    async def openid_of_code(self, request: web.Request) -> web.Response:
        given, mini = request.query, request.path == "/sns/jscode2session"
        if given.get("appid") != self._world.app_id:
            return _error(40013, "text/plain")
        if given.get("secret") != self._world.secret:
            return _error(40125, "text/plain")
        if given.get("grant_type") != "authorization_code":
            return _error(40002, "text/plain")
        fault, openid = self._world.redeem(given.get("js_code" if mini else "code", ""))
        if fault:
            return _error(fault, "text/plain")
        if mini:
            session = {"session_key": secrets.token_urlsafe(16)}
        else:
            session = {"access_token": secrets.token_urlsafe(64), "scope": "snsapi_base"}
        return _json({"openid": openid, **session}, "text/plain")


async def _body(request: web.Request) -> Optional[Dict[str, Any]]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _file(content_type: str, body: bytes) -> "tuple[str, bytes]":
    """Content type and bytes of the file in the field “media” of a form; "" where there is none."""
    form = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    for part in form.walk():
        if part.get_param("name", header="Content-Disposition") == "media" and part.get_filename():
            return part.get_content_type(), bytes(part.get_payload(decode=True))
    return "", b""


def _json(content: Any, content_type: str = "application/json") -> web.Response:
    return web.Response(
        text=json.dumps(content, ensure_ascii=False), content_type=content_type, charset="utf-8"
    )


def _error(code: int, content_type: str = "application/json") -> web.Response:
    rid = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    words = f"refused by the simulator rid: {rid}" if code else "ok"
    return _json({"errcode": code, "errmsg": words}, content_type)

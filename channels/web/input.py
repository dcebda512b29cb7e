"""The page's HTTP: session, messages in, events out. docs/channels/web.md has the protocol."""

import asyncio
import logging
from pathlib import Path
from typing import Awaitable, Callable, Optional

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw
from sanic.response import json as json_response

from channels.common.conversation import Conversation
from channels.common.guard import MAX_TEXT
from channels.common.handlers import handler_of
from channels.web.events import EventStreams
from channels.web.history import History
from channels.web.request import browser_language, from_this_page, json_body, uuid_or_none
from channels.web.session import COOKIE, LIFETIME_S, Sessions
from channels.web.speaker import WebSpeaker
from core.clock import Clock
from core.privacy import hide
from knowledge.answers import words
from knowledge.model import VARIANTS, Snapshot, Variant

logger = logging.getLogger(__name__)

NAME = "web"
_ASSETS = Path(__file__).parent / "assets"
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
          ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}  # fmt: skip
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_MESSAGES_PER_WINDOW, _WINDOW_S = 30, 30


class WebChannel:
    """Serves the page and its protocol.

    Args:
        forget: deletes all that is kept about a sender.
        snapshot: returns the present knowledge, for the words of the page and of errors.
        secure: whether cookies are for https only.
    """

    def __init__(
        self, conversation: Conversation, history: History, sessions: Sessions,
        forget: Callable[[str], Awaitable[object]],
        snapshot: Callable[[], Snapshot], clock: Clock, secure: bool,
    ) -> None:  # fmt: skip
        self._conversation = conversation
        self._history = history
        self._sessions = sessions
        self._forget = forget
        self._streams = EventStreams(history)
        self._snapshot = snapshot
        self._clock = clock
        self._speaker = WebSpeaker(history, clock)
        self._secure = secure
        self._files = {path.name: path.read_bytes() for path in _ASSETS.iterdir()}

    def blueprint(self) -> Blueprint:
        routes = Blueprint(NAME)
        for method, path, handler in (
            ("GET", "/", self.page),
            ("GET", "/assets/<name>", self.asset),
            ("POST", "/chat/session", self.session),
            ("GET", "/chat/events", self.events),
            ("POST", "/chat/messages", self.message),
            ("POST", "/chat/language", self.language),
            ("DELETE", "/chat/history", self.forget),
        ):
            routes.add_route(handler_of(handler), path, methods=[method])
        routes.exception(Exception)(handler_of(self._failed))
        return routes

    async def _failed(self, request: Request, error: Exception) -> HTTPResponse:
        """A fault of ours, or what Sanic refuses itself, said as a sentence."""
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            logger.error("request failed", exc_info=error)
            return self._refuse(request, "failed", status)
        if status == 413:
            return self._refuse(request, "too_long", status, limit=str(MAX_TEXT))
        return self._refuse(request, "malformed", status)

    async def page(self, request: Request) -> HTTPResponse:
        return self._file("index.html")

    async def asset(self, request: Request, name: str) -> HTTPResponse:
        return self._file(name) if name in self._files else empty(404)

    def _file(self, name: str) -> HTTPResponse:
        headers = {**_HEADERS, "Cache-Control": "no-cache"}
        return raw(self._files[name], content_type=_TYPES[Path(name).suffix], headers=headers)

    async def session(self, request: Request) -> HTTPResponse:
        """Continues the cookie's session, or starts one."""
        if not from_this_page(request):
            return self._refuse(request, "session", 403)
        sender = await self._sender(request)
        old = request.cookies.get(COOKIE) if sender else None
        cookie = self._sessions.continue_or_issue(old)
        sender = self._sessions.sender(cookie) or ""
        await self._offer_examples(sender, browser_language(request).variant)
        texts = self._snapshot().phrases
        response = json_response(
            {
                "variant": browser_language(request).variant,
                "texts": {
                    variant: {k: t.get(variant) for k, t in texts.items() if k.startswith("web.")}
                    for variant in VARIANTS
                },
                "limits": {"text": MAX_TEXT},
            },
            ensure_ascii=False,
        )
        self._set_cookie(response, cookie, LIFETIME_S)
        return response

    def _set_cookie(self, response: HTTPResponse, value: str, seconds: int) -> None:
        response.cookies[COOKIE] = value
        response.cookies[COOKIE].update(
            {"httponly": True, "samesite": "Strict", "path": "/", "max-age": seconds}
        )
        if self._secure:
            response.cookies[COOKIE]["secure"] = True

    async def events(self, request: Request) -> Optional[HTTPResponse]:
        """History, then what comes, as server-sent events."""
        sender = await self._sender(request)
        if sender is None:
            return self._refuse(request, "session", 403)
        if self._streams.is_full(sender):
            return self._refuse(request, "busy", 429)
        await self._streams.serve(request, sender)
        return None

    async def message(self, request: Request) -> HTTPResponse:
        """One message. When the answer is 202, it was handled and its replies are stored."""
        sender = self._sessions.sender(request.cookies.get(COOKIE))
        if sender is None or not from_this_page(request):
            return self._refuse(request, "session", 403)
        body = json_body(request)
        text, client_id = body.get("text"), uuid_or_none(body.get("client_id"))
        title = body.get("title")
        if (
            not isinstance(text, str)
            or client_id is None
            or not isinstance(title, (str, type(None)))
        ):
            return self._refuse(request, "malformed", 400)
        if not text.strip():
            return self._refuse(request, "empty", 400)
        if len(text) > MAX_TEXT or len(title or "") > MAX_TEXT:
            return self._refuse(request, "too_long", 413, limit=str(MAX_TEXT))
        admitted = await self._history.admit(sender, client_id, _MESSAGES_PER_WINDOW, _WINDOW_S)
        if admitted == "ended":
            return self._refuse(request, "session", 403)
        if admitted == "too_fast":
            return self._refuse(request, "too_fast", 429)
        if admitted == "first":
            try:
                # Shielded: a person who closes the page does not leave half a turn behind.
                await asyncio.shield(self._turn(request, sender, text, title or text, client_id))
            except Exception:
                logger.exception("a turn failed")
                await self._history.release(sender, client_id)
                return self._refuse(request, "failed", 500)
        return json_response({"id": client_id}, status=202)

    async def _turn(
        self, request: Request, sender: str, text: str, shown: str, client_id: str
    ) -> None:
        shown = shown.encode("utf-8", "ignore").decode()

        async def heard(private: bool) -> None:
            kept = hide(shown) if private and text == shown else shown
            await self._history.add_user(sender, kept, client_id, self._clock())

        turn = await self._conversation.turn(sender, text, NAME, browser_language(request), heard)
        await self._speaker.say(sender, turn, client_id)

    async def language(self, request: Request) -> HTTPResponse:
        sender, variant = await self._sender(request), json_body(request).get("variant")
        if sender is None or not from_this_page(request):
            return self._refuse(request, "session", 403)
        if variant not in VARIANTS:
            return self._refuse(request, "malformed", 400)
        await self._conversation.choose_language(sender, variant)
        await self._offer_examples(sender, variant)
        return empty(204)

    async def forget(self, request: Request) -> HTTPResponse:
        """Forgets all that is kept about a person, and ends the session."""
        sender = await self._sender(request)
        if sender is None or not from_this_page(request):
            return self._refuse(request, "session", 403)
        await self._history.end(sender)
        await self._conversation.forget(sender)
        await self._forget(sender)
        response = empty(204)
        self._set_cookie(response, "", 0)
        return response

    async def _sender(self, request: Request) -> Optional[str]:
        sender = self._sessions.sender(request.cookies.get(COOKIE))
        return None if sender is None or await self._history.is_ended(sender) else sender

    async def _offer_examples(self, sender: str, variant: Variant) -> None:
        """The page numbers its examples; the numbers must do what they say."""
        if not await self._history.since(sender, "0-0"):
            phrases = self._snapshot().phrases
            await self._conversation.offer(
                sender, [phrases[f"web.example_{n}"].get(variant) for n in range(1, 5)]
            )

    def _refuse(self, request: Request, reason: str, status: int, **values: str) -> HTTPResponse:
        """A refusal with a sentence in the browser's language."""
        variant: Variant = browser_language(request).variant
        key = "utter_error" if reason == "failed" else f"input.{reason}"
        message = words(self._snapshot(), key, variant, **values)
        return json_response({"error": reason, "message": message}, status, ensure_ascii=False)

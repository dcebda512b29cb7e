"""The HTTP of signing in: the link's page, the way back, and the broker's word of a logout.

A link is opened by previews and scanners too, so that GET and HEAD change nothing; what uses it is
the page's form, with a proof of whose chat this is (channels/common/proof.py).
"""

import asyncio
import logging
from typing import Awaitable, Mapping, Optional

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, raw
from sanic.response import json as json_response

from actions.identity import audit
from actions.identity.errors import BrokerError
from actions.identity.journey import Departure, Linked, Reason, Refused
from actions.identity.model import HandOff
from actions.identity.service import IdentityService
from channels.common.handlers import handler_of
from channels.common.proof import ChannelProof, ProofUnavailable, Resume
from channels.identity.cookies import Cookies
from channels.identity.pages import ASSETS, Pages
from channels.identity.request import (
    form_of,
    from_another_site,
    is_form,
    is_json,
    json_of,
    query_of,
    reader_of,
)
from core.reader import Reader

logger = logging.getLogger(__name__)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_STATUS: Mapping[Reason, int] = {"ended": 404, "not_begun_here": 400, "unavailable": 503}


class IdentityChannel:
    """Serves the pages and what the broker calls.

    Args:
        proofs: by the names of the channels.
        resume: the chats.
        public_url: the base of links, without a slash at its end.
    """

    def __init__(
        self, identity: IdentityService, proofs: Mapping[str, ChannelProof], resume: Resume,
        pages: Pages, public_url: str,
    ) -> None:  # fmt: skip
        self._identity = identity
        self._links = identity.links
        self._proofs = proofs
        self._resume = resume
        self._pages = pages
        self._cookies = Cookies(secure=public_url.startswith("https://"))
        self._back = f"{public_url}/identity/proof"
        self._files = {
            path.name: path.read_bytes() for path in ASSETS.iterdir() if path.suffix in _TYPES
        }

    def blueprint(self) -> Blueprint:
        routes = Blueprint("identity", url_prefix="/identity")
        for methods, path, handler in (
            (["GET", "HEAD"], "/start", self.start),
            (["POST"], "/start", self.use),
            (["GET"], "/proof", self.proven),
            (["GET"], "/callback", self.callback),
            (["POST"], "/undo", self.undo),
            (["POST"], "/backchannel-logout", self.logout),
            (["GET"], "/assets/<name>", self.asset),
        ):
            routes.add_route(handler_of(handler), path, methods=methods)
        routes.exception(Exception)(handler_of(self._failed))
        return routes

    async def start(self, request: Request) -> HTTPResponse:
        """What the link is for."""
        token = query_of(request).get("t", "")
        hand_off = await self._links.page(token)
        return _page(self._pages.start(Reader.parse(hand_off.reader), token))

    async def use(self, request: Request) -> HTTPResponse:
        """The page's form, or a mini program's call, uses the link."""
        if is_json(request):
            return await self._of_mini_program(request)
        if not is_form(request) or from_another_site(request):
            raise audit.refused("not_begun_here", detail="another_site")
        fields = form_of(request)
        token = fields.get("t", "")
        if fields.get("do") == "cancel":
            hand_off = await self._links.cancel(token)
            return _page(self._pages.cancelled(Reader.parse(hand_off.reader)))
        hand_off = await self._links.page(token)
        if "number" in fields:
            return self._leave(await self._links.consume_elsewhere(token, fields["number"]))
        proof = self._proof(hand_off)
        cookie, state = self._cookies.proof_of(token)
        agent = request.headers.get("user-agent", "")
        detour = proof.detour(hand_off.account, agent, self._back, state)
        if detour and hand_off.match:  # without a number it was proven before, by a mini program
            response = _page(self._pages.leaving(Reader.parse(hand_off.reader), detour))
            self._cookies.set_proof(response, cookie)
            return response
        sender = await self._sender(hand_off, request)
        if sender is not None:
            return self._leave(await self._links.consume(token, sender))
        offered = await self._links.offer(token)
        if not offered:
            return self._leave(await self._links.consume_elsewhere(token, ""))
        return _page(self._pages.numbers(Reader.parse(hand_off.reader), token, offered))

    async def proven(self, request: Request) -> HTTPResponse:
        """Back from the chat's platform, with a code that says whose browser this is."""
        query = query_of(request)
        token = self._cookies.proven_link(request, query.get("state", ""))
        if token is None:
            raise audit.refused("not_begun_here", detail="platform")
        hand_off = await self._links.page(token)
        sender = await self._sender(hand_off, request, query.get("code", ""))
        if sender is None:
            raise audit.refused("unproven", hand_off)
        return self._leave(await self._links.consume(token, sender))

    async def callback(self, request: Request) -> HTTPResponse:
        """Back from the broker."""
        came = await self._identity.callback(query_of(request), self._cookies.login(request))
        reader = Reader.parse(came.reader)
        if isinstance(came, Linked):
            await self._tell(self._resume.resumed(came))
            response = _page(self._pages.linked(reader, came.channel, came.undo))
        else:
            asked = self._resume.asked(came.sender, came.channel, came.account, came.reader)
            await self._tell(asked)
            response = _page(self._pages.waiting(reader, came.channel, came.code, came.undo))
        self._cookies.end(response)
        return response

    async def undo(self, request: Request) -> HTTPResponse:
        """“This was not me.”"""
        fields = form_of(request)
        reader = reader_of(request, fields.get("reader"))
        try:
            url = await self._identity.undo(fields.get("ticket", ""))
        except Refused as error:
            raise Refused(error.reason, str(reader)) from None
        return _page(self._pages.undone(reader, url))

    async def logout(self, request: Request) -> HTTPResponse:
        """OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8."""
        fields = form_of(request) if is_form(request) else {}
        try:
            await self._identity.logout(fields.get("logout_token", ""))
        except BrokerError:
            return json_response({"error": "invalid_request"}, 400, {"Cache-Control": "no-store"})
        return empty(200, {"Cache-Control": "no-store"})

    async def asset(self, request: Request, name: str) -> HTTPResponse:
        if name not in self._files:
            return empty(404)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        kind = _TYPES["." + name.rpartition(".")[2]]
        return raw(self._files[name], content_type=kind, headers=headers)

    async def _of_mini_program(self, request: Request) -> HTTPResponse:
        """A mini program proves its person by ``wx.login`` and gets the link to open."""
        body = json_of(request)
        hand_off = await self._links.page(body.get("t", ""))
        sender = await self._sender(hand_off, request, body.get("code", ""))
        invitation = await self._links.pass_on(body["t"], sender)
        return json_response({"url": invitation.url}, headers=_HEADERS)

    async def _sender(
        self, hand_off: HandOff, request: Request, code: Optional[str] = None
    ) -> Optional[str]:
        proof = self._proof(hand_off)
        try:
            return await proof.sender_of(hand_off.account, request.cookies, code)
        except ProofUnavailable:
            raise audit.refused("unavailable", hand_off, "platform") from None

    def _proof(self, hand_off: HandOff) -> ChannelProof:
        """How the chat's channel proves whose browser this is; a terminal has no way to."""
        if hand_off.channel not in self._proofs:
            raise audit.refused("not_this_browser", hand_off)
        return self._proofs[hand_off.channel]

    def _leave(self, departure: Departure) -> HTTPResponse:
        response = _page(self._pages.leaving(Reader.parse(departure.reader), departure.url))
        self._cookies.set_login(response, departure.cookie)
        return response

    async def _tell(self, telling: Awaitable[None]) -> None:
        """The chat's part. What goes wrong there undoes nothing, and is none of this page's."""
        try:
            await asyncio.shield(asyncio.ensure_future(telling))
        except Exception:
            logger.exception("a chat could not be told of its sign-in")

    async def _failed(self, request: Request, error: Exception) -> HTTPResponse:
        """Every refusal and every fault, said as a sentence."""
        reason: Reason = "unavailable"
        reader = reader_of(request)
        if isinstance(error, Refused):
            reason, reader = error.reason, reader_of(request, error.reader)
        elif isinstance(error, SanicException) and error.status_code < 500:
            return empty(error.status_code)
        else:
            logger.error("request failed", exc_info=error)
        status = _STATUS.get(reason, 403)
        if is_json(request):
            message = self._pages.refusal(reader, reason)
            said = {"error": reason, "message": message}
            return json_response(said, status, _HEADERS, ensure_ascii=False)
        return _page(self._pages.refused(reader, reason), status)


def _page(document: str, status: int = 200) -> HTTPResponse:
    return html(document, status, _HEADERS)

"""The demo broker's HTTP. For ``ONESTOP_ENV=demo`` alone: it signs in whoever asks, as anybody.

It stands at ``/demo-broker`` of the assistant's own server, so that a newcomer sees the whole way
of signing in; in production a real broker takes its place (docs/identity.md).
"""

import asyncio
import secrets
from typing import Any, Callable, Dict
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import OAuth2Error
from joserfc.jwk import RSAKey
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw
from sanic.response import json as json_response

from channels.common.handlers import handler_of
from channels.identity.demo.answers import HEADERS, lead_to, read, reply
from channels.identity.demo.back_channel import tell
from channels.identity.demo.grants import level_asked
from channels.identity.demo.keys import public_keys
from channels.identity.demo.model import Client, Session, Visit
from channels.identity.demo.page import ASSETS, DemoPages
from channels.identity.demo.provider import Answer, Provider, Received
from channels.identity.demo.store import SESSION_S, DemoStore
from channels.web.request import browser_language, first_spoken
from core.clock import Clock
from core.errors import SettingsError
from core.settings import Environment
from knowledge.answers import words
from knowledge.model import Snapshot

#: Where the demo broker stands; its issuer is the public address with this behind it.
PATH = "/demo-broker"
#: Holds the session of whoever signed in here last, so that they can sign out here.
COOKIE = "demo_broker_session"
_TYPES = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}


class DemoBroker:
    """The routes of the demo broker.

    Args:
        public_url: the address of the assistant, without a slash at its end.
        snapshot: returns the present knowledge, for the words of the pages.

    Raises:
        SettingsError: in production.
    """

    def __init__(
        self, env: Environment, public_url: str, client: Client, store: DemoStore, key: RSAKey,
        snapshot: Callable[[], Snapshot], clock: Clock,
    ) -> None:  # fmt: skip
        if env is not Environment.DEMO:
            raise SettingsError("The demo broker knows nobody and is refused in production.")
        self._provider = Provider(public_url + PATH, client, store, key, self._name_of, clock)
        self._client = client
        self._store = store
        self._snapshot = snapshot
        self._secure = public_url.startswith("https://")
        self._assets = {name: (ASSETS / name).read_bytes() for name in _TYPES}

    def blueprint(self) -> Blueprint:
        routes = Blueprint("demo_broker", url_prefix=PATH)
        for methods, path, handler in (
            ("GET", "/.well-known/openid-configuration", self._metadata),
            ("GET", "/jwks", self._keys),
            ("GET", "/authorize", self._authorize),
            ("GET", "/visit/<visit_id>", self._step),
            ("POST", "/visit/<visit_id>", self._choose),
            ("POST", "/token", self._token),
            ("GET POST", "/userinfo", self._userinfo),
            ("GET POST", "/end-session", self._end_session),
            ("GET", "/assets/<name>", self._asset),
        ):
            routes.add_route(handler_of(handler), path, methods=methods.split())
        return routes

    async def close(self) -> None:
        await asyncio.to_thread(self._store.close)

    async def _metadata(self, request: Request) -> HTTPResponse:
        return json_response(self._provider.metadata(), headers=HEADERS)

    async def _keys(self, request: Request) -> HTTPResponse:
        return json_response(public_keys(self._provider.key), headers=HEADERS)

    async def _asset(self, request: Request, name: str) -> HTTPResponse:
        if name not in self._assets:
            return raw(b"", status=404)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return raw(self._assets[name], content_type=_TYPES[name], headers=headers)

    async def _token(self, request: Request) -> HTTPResponse:
        return reply(await asyncio.to_thread(self._provider.create_token_response, read(request)))

    async def _userinfo(self, request: Request) -> HTTPResponse:
        return reply(await asyncio.to_thread(self._provider.userinfo, read(request)))

    async def _authorize(self, request: Request) -> HTTPResponse:
        """Checks the client's request and leads to a page of its own, without its parameters."""
        received = read(request)
        try:
            grant = await asyncio.to_thread(self._provider.get_consent_grant, received)
        except OAuth2Error as error:
            answer = self._provider.refused(received, error)
            if answer:
                return reply(answer)
            return self._show(self._pages(self._variant(request)).refused(str(error.error)), 400)
        asked = grant.request.payload.data
        visit = Visit(
            asked=asked,
            variant=self._variant(request),
            acr=level_asked(asked.get("acr_values")),
            scope=grant.request.scope,
        )
        visit_id = secrets.token_urlsafe(32)
        await asyncio.to_thread(self._store.save_visit, visit_id, visit)
        return lead_to(f"{PATH}/visit/{visit_id}", {})

    async def _step(self, request: Request, visit_id: str) -> HTTPResponse:
        visit = await asyncio.to_thread(self._store.visit, visit_id)
        return self._page_of(visit) if visit else self._ended(request)

    async def _choose(self, request: Request, visit_id: str) -> HTTPResponse:
        """One button. The last one goes back to the client, with a code or without."""
        visit = await asyncio.to_thread(self._store.visit, visit_id)
        if visit is None:
            return self._ended(request)
        name, values = next(iter((request.form or {}).items()), ("", [""]))
        if name == "cancel" or visit.matches(name, values[0]):
            if not await asyncio.to_thread(self._store.end_visit, visit_id):
                return self._ended(request)
            return await self._finish(visit, cancelled=name == "cancel")
        await asyncio.to_thread(self._store.renew_visit, visit_id, visit.after(name, values[0]))
        return lead_to(f"{PATH}/visit/{visit_id}", {})

    async def _finish(self, visit: Visit, cancelled: bool) -> HTTPResponse:
        session = None if cancelled else self._session_of(visit, secrets.token_urlsafe(24))
        if session:
            await asyncio.to_thread(self._store.save_session, session)
        asked = {name: [value] for name, value in visit.asked.items()}
        received = Received("GET", self._provider.issuer, {}, asked)

        def respond() -> Answer:
            grant = self._provider.get_consent_grant(received, session)
            answer: Answer = self._provider.create_authorization_response(
                grant.request, session, grant
            )
            return answer

        response = reply(await asyncio.to_thread(respond))
        if session:
            self._set_cookie(response, session.sid, SESSION_S)
        return response

    async def _end_session(self, request: Request) -> HTTPResponse:
        """RP-Initiated Logout 1.0; without a token that says whose, whoever is here is asked."""
        received, pages = read(request), self._pages(self._variant(request))
        try:
            asked = self._provider.validate_endpoint_request("end_session", received)
        except OAuth2Error as error:
            return self._show(pages.refused(str(error.error)), 400)
        if asked.id_token_claims:
            sid = str(asked.id_token_claims.get("sid"))
        elif request.method == "POST" and "out" in (request.form or {}):
            sid = request.cookies.get(COOKIE, "")
        else:
            return self._show(pages.sign_out())
        session = await asyncio.to_thread(self._store.end_session, sid)
        if session:
            await tell(self._client.backchannel_logout_uri, self._provider.logout_token(session))
        answer = self._provider.create_endpoint_response("end_session", asked)
        response = reply(answer) if answer else self._show(pages.signed_out())
        if sid == request.cookies.get(COOKIE):
            self._set_cookie(response, "", 0)
        return response

    def _session_of(self, visit: Visit, sid: str) -> Session:
        assert visit.login and visit.person
        return Session(sid, visit.person, visit.login, visit.acr, self._provider.now, visit.variant)

    def _name_of(self, session: Session) -> str:
        variant: Any = session.variant
        return words(self._snapshot(), f"identity_demo.person_{session.person_id}", variant)

    def _pages(self, variant: Any) -> DemoPages:
        return DemoPages(self._snapshot(), variant, PATH)

    def _page_of(self, visit: Visit) -> HTTPResponse:
        profile: Dict[str, Any] = {}
        if visit.person:
            profile = self._provider.profile(self._session_of(visit, ""), visit.scope)
        return self._show(self._pages(visit.variant).step(visit, profile))

    def _ended(self, request: Request) -> HTTPResponse:
        return self._show(self._pages(self._variant(request)).ended(), 410)

    def _variant(self, request: Request) -> str:
        """The language that the client asks for, or else the browser's."""
        asked = first_spoken(request.args.get("ui_locales", "").lower().split())
        return (asked or browser_language(request)).variant

    def _show(self, page: str, status: int = 200) -> HTTPResponse:
        # Browsers hold the redirect after a form to form-action: the client is where it ends.
        client = urlsplit(self._client.redirect_uri)
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"base-uri 'none'; form-action 'self' {client.scheme}://{client.netloc}; "
            "frame-ancestors 'none'"
        )
        return html(page, status, headers={**HEADERS, "Content-Security-Policy": policy})

    def _set_cookie(self, response: HTTPResponse, sid: str, seconds: int) -> None:
        response.cookies[COOKIE] = sid
        response.cookies[COOKIE].update(
            {"httponly": True, "samesite": "Strict", "path": PATH, "max-age": seconds}
        )
        if self._secure:
            response.cookies[COOKIE]["secure"] = True

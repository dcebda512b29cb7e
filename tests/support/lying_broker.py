"""A broker on a loopback port that keeps to the rules until it is told to break one."""

import json
from collections import Counter
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional

from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

from actions.identity.signed import ALGORITHMS
from core.clock import Clock

CLIENT_ID, CLIENT_SECRET, NONCE, SUBJECT = "onestop", "the-secret-of-ours", "nonce-1", "person-1"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]

RSA, OTHER_RSA = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
WEAK_RSA, EC = RSAKey.generate_key(1024), ECKey.generate_key("P-256")


def public(key: Key, kid: str, **more: Any) -> Dict[str, Any]:
    """A key as a key set shows it."""
    return {**key.as_dict(private=False), "kid": kid, **more}


class LyingBroker:
    """What it says stands in attributes, for a test to change.

    Attributes:
        document: overrides of the discovery document; None takes a name out.
        keys: its key set.
        claims, header: overrides of the ID token's; None takes a name out.
        answer: overrides of the token answer.
        person: what it knows of the person.
        faults: by path, what to answer instead.
        calls: how often each path was asked; ``forms`` what was posted, ``headers`` with what.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.url = ""
        self.document: Dict[str, Any] = {}
        self.keys: List[Any] = [public(RSA, "rsa"), public(EC, "ec")]
        self.claims: Dict[str, Any] = {}
        self.header: Dict[str, Any] = {}
        self.signing_key: Key = RSA
        self.answer: Dict[str, Any] = {}
        self.person: Dict[str, Any] = {"sub": SUBJECT, "name": "Chan"}
        self.faults: Dict[str, Fault] = {}
        self.calls: "Counter[str]" = Counter()
        self.forms: List[Mapping[str, Any]] = []
        self.headers: List[Mapping[str, str]] = []

    async def __aenter__(self) -> "LyingBroker":
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._runner.cleanup()

    def now(self, ahead: float = 0) -> int:
        """Seconds since 1970, ``ahead`` of now."""
        return int(self._clock().timestamp() + ahead)

    def id_token(self) -> str:
        """An ID token for us, as ``claims`` and ``header`` have it."""
        usual = {
            "iss": self.url, "aud": CLIENT_ID, "sub": SUBJECT, "nonce": NONCE, "sid": "session-1",
            "iat": self.now(), "exp": self.now(300), "auth_time": self.now(-5),
            "acr": "urn:gba:acr:2",
        }  # fmt: skip
        return self.sign({**usual, **self.claims}, self.header)

    def logout_token(self, header: Optional[Mapping[str, Any]] = None, **claims: Any) -> str:
        """A logout token for us."""
        usual = {
            "iss": self.url, "aud": CLIENT_ID, "sub": SUBJECT, "sid": "session-1", "jti": "jti-1",
            "iat": self.now(), "exp": self.now(120), "events": {EVENT: {}},
        }  # fmt: skip
        return self.sign({**usual, **claims}, {"typ": "logout+jwt", **(header or {})})

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any]) -> str:
        head = {"alg": "RS256", "kid": "rsa", **header}
        said = {name: value for name, value in claims.items() if value is not None}
        return jws.serialize_compact(
            {name: value for name, value in head.items() if value is not None},
            json.dumps(said),
            self.signing_key,
            registry=jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False),
        )

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        if request.path in self.faults:
            return await self.faults[request.path](request)
        if request.path == "/.well-known/openid-configuration":
            return web.json_response(self._document())
        if request.path == "/keys":
            return web.json_response({"keys": self.keys}, content_type="application/jwk-set+json")
        if request.path == "/token":
            self.forms.append(dict(await request.post()))
            self.headers.append(dict(request.headers))
            usual = {
                "access_token": "access-1", "refresh_token": "refresh-1", "token_type": "Bearer",
                "expires_in": 300, "id_token": self.id_token(),
            }  # fmt: skip
            answer = {**usual, **self.answer}
            return web.json_response({n: v for n, v in answer.items() if v is not None})
        if request.path == "/userinfo":
            self.headers.append(dict(request.headers))
            return web.json_response(self.person)
        return web.Response(status=404)

    def _document(self) -> Mapping[str, Any]:
        usual = {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip
        return {n: v for n, v in {**usual, **self.document}.items() if v is not None}

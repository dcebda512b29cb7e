"""The demo broker as an OpenID provider: Authlib's, with what Authlib leaves to be said.

OpenID Connect Core 1.0, PKCE (RFC 7636) always, ``iss`` in the response (RFC 9207), RP-initiated
and back-channel logout. Whoever comes is asked anew each time, so that ``max_age`` is always kept.
Knows nothing of the HTTP server: requests come as ``Received``, answers go as ``Answer``. Blocks.
"""

import logging
import secrets
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    OAuth2Error,
    OAuth2Request,
    ResourceProtector,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator, BearerTokenValidator
from authlib.oauth2.rfc9207 import IssuerParameter
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from channels.identity.demo.grants import (
    CodeGrant,
    EndSession,
    FirstIdToken,
    RefreshGrant,
    RenewedIdToken,
    Requirements,
    S256Only,
)
from channels.identity.demo.keys import ALGORITHM, public_keys
from channels.identity.demo.model import LEVELS, SCOPES, Client, Session, Token
from channels.identity.demo.store import ACCESS_S, DemoStore
from core.clock import Clock

#: Seconds for which an ID token and a logout token are good.
ID_TOKEN_S, LOGOUT_TOKEN_S = 300, 120
#: The event of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.4).
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    uri: str
    headers: Mapping[str, str]
    args: Values = field(default_factory=dict)
    form: Values = field(default_factory=dict)


@dataclass
class Answer:
    """What goes back; a dict is JSON. Authlib reads and writes ``location``."""

    status: int
    body: Any
    headers: Dict[str, str]

    @property
    def location(self) -> Optional[str]:
        return self.headers.get("Location")

    @location.setter
    def location(self, location: str) -> None:
        self.headers["Location"] = location


class _Payload(BasicOAuth2Payload):  # type: ignore[misc]
    """The first value of each parameter, and all of them, so that what comes twice is seen."""

    def __init__(self, values: Values) -> None:
        super().__init__({name: given[0] for name, given in values.items()})
        self._datalist = {name: list(given) for name, given in values.items()}


class _Request(OAuth2Request):  # type: ignore[misc]
    def __init__(self, received: Received) -> None:
        super().__init__(received.method, received.uri, headers=received.headers)
        self.payload = _Payload({**received.args, **received.form})
        self._form = {name: given[0] for name, given in received.form.items()}

    @property
    def form(self) -> Dict[str, str]:
        return self._form


class _Issuer(IssuerParameter):  # type: ignore[misc]
    def __init__(self, provider: "Provider") -> None:
        super().__init__()
        self._provider = provider
        self(provider)

    def get_issuer(self) -> str:
        return self._provider.issuer


class _AccessTokens(BearerTokenValidator):  # type: ignore[misc]
    def __init__(self, store: DemoStore) -> None:
        super().__init__()
        self._store = store

    def authenticate_token(self, token_string: str) -> Optional[Token]:
        return self._store.access(token_string)


class Provider(AuthorizationServer):  # type: ignore[misc]
    """The endpoints, without the page in between.

    Args:
        issuer: the address under which the endpoints stand, without a slash at its end.
        name_of: the name of the person of a session, in the language of the session.
    """

    def __init__(
        self, issuer: str, client: Client, store: DemoStore, key: RSAKey,
        name_of: Callable[[Session], str], clock: Clock,
    ) -> None:  # fmt: skip
        super().__init__()
        logging.getLogger("authlib").setLevel(logging.INFO)  # beneath, it writes tokens down
        self.issuer, self.client, self.store, self.key = issuer, client, store, key
        self._name_of = name_of
        self._clock = clock
        generator = BearerTokenGenerator(_secret, _secret, lambda _client, _grant: ACCESS_S)
        self.register_token_generator("default", generator)
        code = [S256Only(required=True), Requirements(), FirstIdToken(self, require_nonce=True)]
        self.register_grant(CodeGrant, code)
        self.register_grant(RefreshGrant, [RenewedIdToken(self)])
        self.register_endpoint(EndSession)
        self._issuer_parameter = _Issuer(self)
        self._protector = ResourceProtector()
        self._protector.register_token_validator(_AccessTokens(store))

    # --- what Authlib asks for ---

    def query_client(self, client_id: str) -> Optional[Client]:
        return self.client if client_id == self.client.client_id else None

    def save_token(self, token: Dict[str, Any], request: OAuth2Request) -> None:
        kept = Token(request.user.sid, token["scope"], request.client.client_id)
        self.store.save_access(token["access_token"], kept)
        self.store.save_refresh(token["refresh_token"], kept)

    def send_signal(self, name: str, *args: Any, **values: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: "Received | OAuth2Request") -> OAuth2Request:
        return _Request(request) if isinstance(request, Received) else request

    def handle_response(self, status: int, body: Any, headers: Sequence[Tuple[str, str]]) -> Answer:
        return Answer(status, body, dict(headers))

    # --- what the server asks for ---

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._clock().timestamp())

    @property
    def key_set(self) -> KeySet:
        return KeySet.import_key_set(public_keys(self.key))

    def refused(self, received: Received, error: OAuth2Error) -> Optional[Answer]:
        """The redirect that tells the client of an error; None when it cannot be told."""
        if not error.redirect_uri:
            return None
        answer: Answer = self.handle_error_response(self.create_oauth2_request(received), error)
        self._issuer_parameter.add_issuer_parameter(self, answer)
        return answer

    def userinfo(self, received: Received) -> Answer:
        """What the token's scope allows to know (OpenID Connect Core 5.3)."""
        try:
            token = self._protector.validate_request(["openid"], _Request(received))
        except OAuth2Error as error:
            return self.handle_error_response(None, error)
        session = self.store.session(token.sid)
        if session is None:  # it ended since the token was looked at
            return Answer(401, {"error": "invalid_token"}, {"WWW-Authenticate": "Bearer"})
        return Answer(200, self.profile(session, token.scope), {})

    def profile(self, session: Session, scope: str) -> Dict[str, Any]:
        """The claims of a person for a scope, marked as a demo's."""
        known: Dict[str, Any] = {"sub": session.sub, "demo": True}
        if "profile" in scope.split():
            known.update(name=self._name_of(session), birthdate=session.person.born.isoformat())
        if "document" in scope.split():
            document = session.person.documents[session.login]
            known.update(document_type=document.kind, document_number=document.number)
        return known

    def id_token_claims(self) -> Dict[str, Any]:
        now = self.now
        return {
            "iss": self.issuer, "aud": self.client.client_id, "iat": now, "exp": now + ID_TOKEN_S,
        }  # fmt: skip

    def logout_token(self, session: Session) -> str:
        """Tells the client that a session has ended (Back-Channel Logout 2.4)."""
        header = {"alg": ALGORITHM, "typ": "logout+jwt", "kid": self.key.kid}
        claims = {
            **self.id_token_claims(), "exp": self.now + LOGOUT_TOKEN_S,
            "jti": secrets.token_urlsafe(16), "sub": session.sub, "sid": session.sid,
            "events": {LOGOUT_EVENT: {}},
        }  # fmt: skip
        return jwt.encode(header, claims, self.key, [ALGORITHM])

    def metadata(self) -> Dict[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0, RFC 8414)."""
        one: List[str] = ["client_secret_basic"]
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end-session",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": one,
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": list(SCOPES),
            "acr_values_supported": list(LEVELS),
            "claims_supported": [
                "sub", "sid", "acr", "amr", "auth_time", "name", "birthdate", "document_type",
                "document_number", "demo",
            ],
            "ui_locales_supported": ["yue", "zh-Hant", "zh-Hans", "en"],
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }  # fmt: skip


def _secret(**_about: Any) -> str:
    return secrets.token_urlsafe(32)

"""What the demo broker keeps, in the terms of Authlib, whose methods these classes answer to."""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Mapping, Optional

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

from channels.identity.demo.people import LOGINS, PEOPLE, Login, Person

#: What may be asked for: openid always; name and birth date; the document behind the login.
SCOPES = ("openid", "profile", "document")
#: The levels that the page can give, and the one that it gives when none is asked for.
LEVELS = ("urn:gba:acr:2", "urn:gba:acr:3")
LOGIN_LEVEL, AGAIN_LEVEL = LEVELS


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]
    """The one client: the assistant itself."""

    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str
    post_logout_redirect_uri: str
    backchannel_logout_uri: str

    @staticmethod
    def of(public_url: str) -> "Client":
        """The assistant at an address, with a secret that lasts as long as the process."""
        return Client(
            client_id="onestop-assistant",
            secret=secrets.token_urlsafe(32),
            redirect_uri=f"{public_url}/identity/callback",
            post_logout_redirect_uri=f"{public_url}/",
            backchannel_logout_uri=f"{public_url}/identity/backchannel-logout",
        )

    @property
    def client_metadata(self) -> Dict[str, Any]:
        return {"post_logout_redirect_uris": [self.post_logout_redirect_uri]}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a request must say which, as OpenID Connect has it."""

    def get_allowed_scope(self, scope: Optional[str]) -> Optional[str]:
        asked = (scope or "").split()
        return " ".join(name for name in SCOPES if name in asked) if "openid" in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


@dataclass(frozen=True)
class Visit:
    """Somebody on the page: what the client asked for, and what has been chosen so far.

    ``shown`` is the number that the phone shows, one of ``numbers``.
    """

    asked: Mapping[str, str]
    variant: str
    acr: str
    scope: str
    login: Optional[Login] = None
    person: Optional[str] = None
    numbers: List[int] = field(default_factory=list)
    shown: int = 0
    mistaken: bool = False

    def after(self, name: str, value: str) -> "Visit":
        """The visit after a button; one that does not belong to the present step does nothing."""
        if name == "back":
            return replace(self, person=None, login=self.login if self.person else None)
        if name == "login" and self.login is None and value in LOGINS:
            return replace(self, login=value)
        if name == "person" and self.person is None and self.login and value in PEOPLE:
            fits = self.login in PEOPLE[value].documents
            return replace(self, person=value)._with_numbers(False) if fits else self
        if name == "number" and self.person:
            return self._with_numbers(True)
        return self

    def matches(self, name: str, value: str) -> bool:
        """Whether a button is the one with the number that the phone shows."""
        return bool(self.person) and name == "number" and value == str(self.shown)

    def _with_numbers(self, mistaken: bool) -> "Visit":
        """Three new numbers, one of them on the phone; none that was there before."""
        chance = secrets.SystemRandom()
        numbers = chance.sample([n for n in range(10, 100) if n not in self.numbers], 3)
        return replace(self, numbers=numbers, shown=chance.choice(numbers), mistaken=mistaken)


@dataclass(frozen=True)
class Session:
    """Somebody who has signed in; ``auth_time`` in seconds since 1970. Authlib's “user”."""

    sid: str
    person_id: str
    login: Login
    acr: str
    auth_time: int
    variant: str

    @property
    def person(self) -> Person:
        return PEOPLE[self.person_id]

    @property
    def sub(self) -> str:
        """Stays the same whichever login a person uses: a broker links the accounts of both."""
        return f"demo-{self.person_id}"

    @property
    def claims(self) -> Dict[str, Any]:
        """What every ID token says of a session."""
        return {
            "sub": self.sub,
            "sid": self.sid,
            "acr": self.acr,
            "amr": ["demo", self.login],
            "auth_time": self.auth_time,
        }


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """What an authorization code stands for."""

    sid: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(frozen=True)
class Token(TokenMixin):  # type: ignore[misc]
    """What an access or refresh token stands for. Redis forgets it when it ends."""

    sid: str
    scope: str
    client_id: str

    def check_client(self, client: Client) -> bool:
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False

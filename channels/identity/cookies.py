"""The two cookies of a sign-in: of a visit to the chat's platform, and of one to the broker.

``SameSite=Lax``: both come back with a navigation that another site began. ``__Host-`` keeps
sub-domains from planting them; it takes https, so that a loopback server goes without.
"""

import hashlib
import hmac
import secrets
from typing import Optional

from sanic.request import Request
from sanic.response import HTTPResponse

_LOGIN, _PROOF = "onestop_login", "onestop_proof"
_LOGIN_S, _PROOF_S = 600, 300


class Cookies:
    """Sets and reads them.

    Args:
        secure: whether the assistant is reached by https.
    """

    def __init__(self, secure: bool) -> None:
        self._secure = secure

    def set_login(self, response: HTTPResponse, secret: str) -> None:
        """Binds a login at the broker to this browser."""
        self._set(response, _LOGIN, secret, _LOGIN_S)

    def login(self, request: Request) -> str:
        """What ``set_login`` gave this browser, or an empty text."""
        return self._get(request, _LOGIN)

    def end(self, response: HTTPResponse) -> None:
        """Both have done their work."""
        for name in (_LOGIN, _PROOF):
            self._set(response, name, "", 0)

    def proof_of(self, token: str) -> "tuple[str, str]":
        """The cookie of a visit to the platform for this link, and the state that belongs to it.

        Nothing is kept here: the state is a hash of the cookie, which only this browser has. Else
        an attacker could have a code of his own brought in by somebody else's browser.
        """
        cookie = f"{token}.{secrets.token_urlsafe(32)}"
        return cookie, _state(cookie)

    def set_proof(self, response: HTTPResponse, cookie: str) -> None:
        self._set(response, _PROOF, cookie, _PROOF_S)

    def proven_link(self, request: Request, state: str) -> Optional[str]:
        """The token of the link that this browser went to the platform for with this state."""
        cookie = self._get(request, _PROOF)
        token, _, chance = cookie.partition(".")
        known = hmac.compare_digest(_state(cookie).encode(), state.encode("utf-8", "replace"))
        return token if chance and known else None

    def _set(self, response: HTTPResponse, name: str, value: str, seconds: int) -> None:
        name = self._name(name)
        response.cookies[name] = value
        response.cookies[name].update(
            {"httponly": True, "samesite": "Lax", "path": "/", "max-age": seconds}
        )
        if self._secure:
            response.cookies[name]["secure"] = True

    def _get(self, request: Request, name: str) -> str:
        return str(request.cookies.get(self._name(name)) or "")

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self._secure else name


def _state(cookie: str) -> str:
    """Letters and digits alone, as WeChat wants it."""
    return hashlib.sha256(f"state {cookie}".encode()).hexdigest()

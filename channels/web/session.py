"""An anonymous session that nobody else can continue: a random id in a signed cookie.

The id itself never leaves the cookie: conversations run under a keyed hash of it, so that neither
logs nor stores hold anything with which a session could be taken over.
"""

import hashlib
import hmac
import secrets
from typing import Optional

from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

COOKIE = "onestop_session"
#: An appointment may be weeks away, and its reminder goes to the session that booked it (ADR 9).
LIFETIME_S = 30 * 24 * 3600


class Sessions:
    """Issues and checks session cookies."""

    def __init__(self, key: str) -> None:
        self._signer = TimestampSigner(key, salt="web session")
        self._key = key.encode()

    def issue(self) -> str:
        """The cookie of a new session."""
        return self._signer.sign(secrets.token_urlsafe(24)).decode()

    def renew(self, cookie: str) -> str:
        """The same session with a new time stamp; ``cookie`` must have been checked."""
        return self._signer.sign(self._signer.unsign(cookie)).decode()

    def continue_or_issue(self, cookie: Optional[str]) -> str:
        """The renewed cookie of a good session, or that of a new one."""
        return self.renew(cookie) if cookie and self.sender(cookie) else self.issue()

    def sender(self, cookie: Optional[str]) -> Optional[str]:
        """The sender that a cookie stands for, or None when it is forged, old or missing."""
        if not cookie:
            return None
        try:
            session = self._signer.unsign(cookie, max_age=LIFETIME_S)
        except BadSignature:
            return None
        # Base64 leaves bits unused at its end: without this, several texts would be one cookie.
        signature = cookie.rpartition(".")[2]
        if base64_encode(base64_decode(signature)) != signature.encode():
            return None
        return "web-" + hmac.new(self._key, session, hashlib.sha256).hexdigest()[:40]

"""The broker's word that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).

Anyone can post one to us, so that each is checked, and counts once.
"""

import hashlib
from datetime import datetime, timedelta

import redis.asyncio

from actions.identity.errors import TokenRefused
from actions.identity.model import Logout
from actions.identity.signed import SKEW, Claims

TYPES = ("logout+jwt",)
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
#: How old a token may be: brokers send it at once.
FRESH = timedelta(minutes=2)


def check_logout(claims: Claims, issuer: str, client_id: str, now: datetime) -> Logout:
    """Checks a logout token, all but that it is the first of its id (2.4 and 2.6).

    Raises:
        TokenRefused: it does not fit; ``reason`` says in what.
    """
    claims.check_parties(issuer, client_id)
    claims.check_times(now)
    if now - claims.moment("iat", "issued_at") > FRESH + SKEW:
        raise TokenRefused("issued_at")
    if "nonce" in claims.raw:  # it would be an ID token in disguise
        raise TokenRefused("nonce")
    events = claims.raw.get("events")
    if not (isinstance(events, dict) and isinstance(events.get(_EVENT), dict)):
        raise TokenRefused("events")
    subject, sid = claims.text("sub", "subject"), claims.text("sid", "session")
    if subject is None and sid is None:
        raise TokenRefused("subject")
    return Logout(issuer, subject, sid)


class SeenTokens:
    """Remembers the ids of logout tokens for longer than a token is fresh."""

    def __init__(self, client: "redis.asyncio.Redis[str]") -> None:
        self._client = client

    async def check_first(self, claims: Claims) -> None:
        """Raises:
        TokenRefused: the token has no id (``malformed``), or it was here before (``replayed``).
        """
        jti = claims.text("jti", "malformed")
        if jti is None:
            raise TokenRefused("malformed")
        hashed = hashlib.sha256(f"{claims.raw['iss']} {jti}".encode()).hexdigest()
        lifetime = FRESH + 3 * SKEW  # a clock may be late when it comes and early when it is over
        if not await self._client.set(f"identity:logout:{hashed}", "1", nx=True, ex=lifetime):
            raise TokenRefused("replayed")

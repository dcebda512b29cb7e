"""Who signed in, as an ID token says it, when it says it of the login that we asked for."""

import logging
from datetime import datetime, timedelta
from typing import Optional

from actions.identity.errors import TokenRefused
from actions.identity.model import Level, Login, Need
from actions.identity.signed import SKEW, Claims, same

logger = logging.getLogger(__name__)

#: The ``typ`` of an ID token; a logout token or an access token has another.
TYPES = (None, "jwt")
_ADVISED_LIFETIME = timedelta(minutes=10)


def check_login(
    claims: Claims, issuer: str, client_id: str, nonce: str, need: Need, now: datetime
) -> Login:
    """Holds a new ID token against what was asked (OpenID Connect Core 1.0, 3.1.3.7).

    A broker may give less than it was asked for, or an old login that still stands: level and age
    are checked here whatever the broker says that it does.

    Raises:
        TokenRefused: it does not fit; ``reason`` says in what.
    """
    login = _login(claims, issuer, client_id, now)
    if not same(claims.text("nonce", "nonce") or "", nonce):
        raise TokenRefused("nonce")
    if login.level < need.level:
        raise TokenRefused("acr")
    if need.max_age is not None and now - login.auth_time > need.max_age + SKEW:
        raise TokenRefused("auth_time")
    if claims.moment("exp", "expired") - claims.moment("iat", "issued_at") > _ADVISED_LIFETIME:
        logger.warning("the identity broker's ID tokens live longer than ten minutes")
    return login


def check_renewed(claims: Claims, client_id: str, before: Login, now: datetime) -> None:
    """Holds the ID token that came with a refresh against the login (Core 1.0, 12.2).

    Raises:
        TokenRefused: it is of another login.
    """
    claims.check_parties(before.issuer, client_id)
    claims.check_times(now)
    if not same(_subject(claims), before.subject):
        raise TokenRefused("subject")
    if "auth_time" in claims.raw and claims.moment("auth_time", "auth_time") != before.auth_time:
        raise TokenRefused("auth_time")
    sid: Optional[str] = claims.text("sid", "session")
    if sid is not None and before.sid is not None and not same(sid, before.sid):
        raise TokenRefused("session")


def _login(claims: Claims, issuer: str, client_id: str, now: datetime) -> Login:
    claims.check_parties(issuer, client_id)
    claims.check_times(now)
    auth_time = claims.moment("auth_time", "auth_time")
    if auth_time > now + SKEW:
        raise TokenRefused("auth_time")
    try:
        level = Level.of_acr(claims.text("acr", "acr") or "")
    except ValueError:
        raise TokenRefused("acr") from None
    return Login(issuer, _subject(claims), claims.text("sid", "session"), level, auth_time)


def _subject(claims: Claims) -> str:
    subject = claims.text("sub", "subject")
    if subject is None:
        raise TokenRefused("subject")
    return subject

"""Reads the broker's signed tokens. Until its signature is checked, a token is somebody's words."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Collection, Mapping, Optional

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError

from actions.identity.errors import TokenRefused
from actions.identity.keys import Keys

#: What may be chosen from. Secrets shared with the broker (HS…) and “none” never are.
ALGORITHMS = ("RS256", "PS256", "ES256")
#: How far the broker's clock may be from ours.
SKEW = timedelta(seconds=60)
_LONGEST, _LONGEST_TEXT = 16 * 1024, 255
_LAST_SECOND = 2**33


async def read(
    raw: str, keys: Keys, algorithms: Collection[str], types: Collection[Optional[str]]
) -> "Claims":
    """What a token says, its signature checked.

    Args:
        algorithms: those that are allowed; what the header names is only looked up among them.
        types: the allowed ``typ`` in lower case, None for no such header.

    Raises:
        TokenRefused: it is no token, of another kind, or not signed by the broker.
        BrokerUnavailable: the broker's keys cannot be read.
    """
    if not isinstance(raw, str) or not raw.isascii() or len(raw) > _LONGEST:
        raise TokenRefused("malformed")
    registry = jws.JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    try:
        header = jws.extract_compact(raw.encode(), registry=registry).headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise TokenRefused("malformed") from None
    if not isinstance(header, dict):  # the library lets '"alg"' and '["alg"]' through
        raise TokenRefused("malformed")
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ")
    if algorithm not in tuple(algorithms):
        raise TokenRefused("algorithm")
    if (kind.lower() if isinstance(kind, str) else kind) not in types:
        raise TokenRefused("type")
    if not (kid is None or isinstance(kid, str)):
        raise TokenRefused("malformed")
    key = await keys.find(kid, algorithm)
    try:
        claims: Any = jwt.decode(raw, key, algorithms=[algorithm], registry=registry).claims
    except BadSignatureError:
        raise TokenRefused("signature") from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise TokenRefused("malformed") from None
    if not isinstance(claims, dict):
        raise TokenRefused("malformed")
    return Claims(claims)


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True)
class Claims:
    """The claims of a token, each checked when it is asked for."""

    raw: Mapping[str, Any]

    def __repr__(self) -> str:
        return "Claims(…)"

    def text(self, name: str, reason: str) -> Optional[str]:
        """A text of ASCII, as ids are; None when the token has no such claim."""
        value = self.raw.get(name)
        if value is None:
            return None
        if not (isinstance(value, str) and value.isascii() and 0 < len(value) <= _LONGEST_TEXT):
            raise TokenRefused(reason)
        return value

    def moment(self, name: str, reason: str) -> datetime:
        """A moment, which must be there."""
        value = self.raw.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TokenRefused(reason)
        if not 0 < value < _LAST_SECOND:  # nor a number that is none
            raise TokenRefused(reason)
        return datetime.fromtimestamp(value, timezone.utc)

    def check_parties(self, issuer: str, client_id: str) -> None:
        """It is the broker's, and for us alone (OpenID Connect Core 1.0, 3.1.3.7, 2 to 5)."""
        if self.raw.get("iss") != issuer:
            raise TokenRefused("issuer")
        if self.raw.get("aud") not in (client_id, [client_id]):
            raise TokenRefused("audience")
        if self.raw.get("azp", client_id) != client_id:
            raise TokenRefused("audience")

    def check_times(self, now: datetime) -> None:
        """It is neither over nor of the future (OpenID Connect Core 1.0, 3.1.3.7, 9 and 10)."""
        if now >= self.moment("exp", "expired") + SKEW:
            raise TokenRefused("expired")
        if self.moment("iat", "issued_at") > now + SKEW:
            raise TokenRefused("issued_at")
        if "nbf" in self.raw and self.moment("nbf", "issued_at") > now + SKEW:
            raise TokenRefused("issued_at")

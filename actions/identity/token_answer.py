"""The tokens in the broker's answer, when they are some (RFC 6749, 5.1)."""

from datetime import datetime, timedelta
from typing import Any, Mapping, Optional

from actions.identity.errors import BrokerUnavailable
from actions.identity.model import Tokens

#: An access token whose broker does not say how long it lives is believed this long.
_SHORT_LIFE_S = 60
_LONGEST_LIFE_S = 24 * 3600


def tokens_of(answer: Mapping[str, Any], before: Optional[Tokens], now: datetime) -> Tokens:
    """The tokens of an answer.

    Args:
        before: what is refreshed; what the answer leaves out stays as it was.

    Raises:
        BrokerUnavailable: one is missing or cannot be used.
    """
    access, kind = answer.get("access_token"), answer.get("token_type")
    refresh = answer.get("refresh_token", before and before.refresh_token)
    raw = answer.get("id_token", before and before.id_token)
    lasts = answer.get("expires_in", _SHORT_LIFE_S)
    if (
        not (isinstance(access, str) and access.isascii() and access.isprintable() and access)
        or not (isinstance(kind, str) and kind.lower() == "bearer")
        or not (refresh is None or isinstance(refresh, str))
        or not isinstance(raw, str)
        or isinstance(lasts, bool)
        or not isinstance(lasts, int)
        or lasts <= 0
    ):
        raise BrokerUnavailable("malformed", "The broker's answer holds no usable tokens.")
    expires_at = now + timedelta(seconds=min(lasts, _LONGEST_LIFE_S))
    return Tokens(access, refresh, raw, expires_at)

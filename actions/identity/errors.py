"""What goes wrong between us and the identity broker.

Every error has a ``reason``, one word out of a fixed few, for audits and counters; neither it nor
the message holds anything that a person or the broker sent.
"""

from typing import Optional

#: What an authorization server may answer a token request with (RFC 6749, 5.2; OpenID Connect).
_ANSWERS = frozenset(
    "invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type"
    " invalid_scope invalid_token insufficient_scope".split()
)


class BrokerError(Exception):
    """A login, or a call of the broker, did not work. ``reason`` says why in one word."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class BrokerUnavailable(BrokerError):
    """The broker does not answer, or with what is no answer: worth trying again later.

    Reasons: ``resting`` (it failed just now), ``timeout``, ``connection``, ``status``,
    ``malformed``, ``too_large``, ``discovery`` (it says about itself what cannot be).
    """


class BrokerRefused(BrokerError):
    """The broker understood and says no. ``reason`` is its error code where that is a known one."""

    def __init__(self, code: Optional[object]) -> None:
        known = isinstance(code, str) and code in _ANSWERS
        reason = str(code) if known else "refused"
        super().__init__(reason, f"The identity broker answers {reason}.")


class TokenRefused(BrokerError):
    """A token, or an answer, is not what we asked for: nothing in it is to be believed.

    Reasons: ``malformed``, ``type``, ``algorithm``, ``key``, ``signature``, ``issuer``,
    ``audience``, ``expired``, ``issued_at``, ``nonce``, ``subject``, ``acr``, ``auth_time``,
    ``session``, ``events``, ``replayed``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, f"A token of the identity broker is refused: {reason}.")

"""What happened to sign-ins, for operators and auditors: one log line and one count an event.

An event says what, why and on which channel, in words of a fixed few; never who, and nothing that
was sent to us. The lines are warnings, because that is what the assistant's processes log.
"""

from typing import Literal, Optional

import structlog
from prometheus_client import Counter

from actions.identity.errors import BrokerError, BrokerUnavailable
from actions.identity.journey import Reason, Refused
from actions.identity.model import HandOff

logger = structlog.get_logger(__name__)

Event = Literal[
    "link_issued", "link_consumed", "proven_elsewhere", "waiting", "linked", "undone", "cancelled",
    "signed_out", "logged_out", "refused",
]  # fmt: skip

EVENTS = Counter(
    "onestop_identity_events_total", "What happened to sign-ins.", ["event", "reason", "channel"]
)


def record(event: Event, channel: str = "", reason: str = "", **more: str) -> None:
    """Writes an event down.

    Args:
        channel: the name of the chat's channel, where it is known.
        reason: for ``refused``, one of ``journey.Reason``.
        more: further words of a fixed few, such as the task or the broker's reason.
    """
    EVENTS.labels(event, reason, channel).inc()
    logger.warning("identity", what=event, channel=channel, reason=reason, **more)


def refused(reason: Reason, hand_off: Optional[HandOff] = None, detail: str = "") -> Refused:
    """Writes a refusal down and returns it, to be raised.

    Args:
        hand_off: whose sign-in it is, if that is known.
        detail: more than the person is told, as one word of a fixed few.
    """
    record("refused", hand_off.channel if hand_off else "", reason, detail=detail)
    return Refused(reason, hand_off.reader if hand_off else None)


def broker_failed(error: BrokerError, hand_off: HandOff) -> Refused:
    """The refusal that a person is told of when the broker failed or is not believed."""
    reason: Reason = "unavailable" if isinstance(error, BrokerUnavailable) else "refused"
    return refused(reason, hand_off, error.reason)

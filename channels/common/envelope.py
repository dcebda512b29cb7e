"""What comes in from a platform and what goes out to one, in the same form for all of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional


@dataclass(frozen=True)
class Incoming:
    """One message or event of one person.

    Attributes:
        account: which account of ours it came to: the app id.
        sender: the person's pseudonym.
        address: the platform's id of the person; sealed wherever it is kept.
        key: names this message among all of the account; the platform's repeats have the same.
        text: what to hand to the conversation, "" for a mere event.
        choice: digest of the payload of a menu item that was tapped.
        event: what it opens and means: message, menu, follow, scan, enter, leave or other.
        at: when the person sent it, UTC.
    """

    channel: str
    account: str
    sender: str
    address: str
    key: str
    text: str
    choice: Optional[str]
    event: str
    at: datetime


@dataclass(frozen=True)
class Outgoing:
    """One message to one person.

    Attributes:
        kind: what the channel's sender makes of it.
        body: JSON data for that kind, without the address.
        critical: worth one more try when it is not known whether it arrived.
        key: one of a kind: a repeat of the key is not put twice.
    """

    channel: str
    account: str
    sender: str
    address: str
    kind: str
    body: Mapping[str, Any]
    critical: bool
    key: str

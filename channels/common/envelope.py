"""What goes in and out of a channel, the same for every platform."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Mapping, Optional


@dataclass(frozen=True)
class Incoming:
    """A message of a person, or an event that tells something about one.

    Args:
        channel: the channel's name, such as “wechat”.
        account: which account of ours it came to: the app id.
        sender: the person's pseudonym.
        address: the platform's id of the person (openid); sealed wherever it is kept.
        key: names this message among all of the account; the platform's repeats have the same.
        text: what to hand to the conversation; empty for a mere event.
        choice: the digest of the payload of a menu item that was tapped.
        event: “message”, “menu”, “follow”, “scan”, “enter”, “leave” or “other”: what it opens (a
            quota) and means.
        at: when the person sent it, UTC.
        media: what a message is that is not a text: “image”, “voice”, “video”, “location”,
            “link”, “card” or “unknown”. With a ``text`` it says the same in words.
        subscriptions: what the person decided about reminders: id of the template to “accept”,
            “reject” or “ban”.
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
    media: Optional[str] = None
    subscriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """A message to a person.

    Args:
        channel: the channel's name.
        account: from which account of ours.
        sender: the person's pseudonym.
        address: the platform's id of the person.
        kind: what the channel's sender makes of it: “text”, “menu”, “card”, “image”, “voice” or
            “subscribe”.
        body: JSON for that kind, without the address.
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

"""Messages on their way in and out, in one form for every platform.

What says who a person is or what they wrote is kept out of ``repr``, so that it cannot get into a
log with it.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Dict, Mapping, Optional

#: What needs no message of the person's before it does not wait behind what does.
_UNASKED = ("subscribe",)
_UNASKED_LINE = "+"


@dataclass(frozen=True)
class Incoming:
    """A message of a person, or what a person did.

    Attributes:
        channel: the channel's name, such as ``wechat``.
        account: which account of ours it was sent to, in the platform's own id.
        sender: the person's pseudonym; it tells the channel and the account too.
        address: the platform's id of the person.
        key: names this message among all of the account; the platform's repeats have the same.
        text: what to hand to the conversation; empty for a mere event.
        choice: the digest of the payload of a menu item that was tapped.
        event: what this is, and which quota it opens: ``message``, ``menu``, ``follow``, ``scan``,
            ``enter``, ``leave`` or ``other``.
        at: when the person sent it, with a time zone.
        media: what a message is that is no text: ``image``, ``voice``, ``video``, ``location``,
            ``link``, ``card`` or ``unknown``. ``text`` may say the same in words.
        subscriptions: what the person decided about reminders: id of a template to ``accept``,
            ``reject`` or ``ban``.
    """

    channel: str
    account: str
    sender: str
    address: str = field(repr=False)
    key: str = field(repr=False)
    text: str = field(repr=False)
    choice: Optional[str]
    event: str
    at: datetime
    media: Optional[str] = None
    subscriptions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return _json({**asdict(self), "at": self.at.isoformat()})

    @classmethod
    def from_json(cls, written: str) -> "Incoming":
        values = json.loads(written)
        return cls(**{**values, "at": datetime.fromisoformat(values["at"])})


@dataclass(frozen=True)
class Outgoing:
    """A message to a person.

    Attributes:
        kind: what the channel's sender makes of it: ``text``, ``menu``, ``card``, ``link``,
            ``image``, ``voice`` or ``subscribe``.
        body: JSON data for that kind, without the address.
        critical: worth one more try when it is not known whether it arrived.
        key: one of a kind among all of the account: a repeat of it is not put twice.
        waits: whether it is still worth reading when the person writes the next time. A reminder
            is not.
    """

    channel: str
    account: str
    sender: str
    address: str = field(repr=False)
    kind: str
    body: Mapping[str, Any] = field(repr=False)
    critical: bool
    key: str = field(repr=False)
    waits: bool = True

    @property
    def line(self) -> str:
        """The line that this waits in; in one line everything keeps its order."""
        return self.sender + (_UNASKED_LINE if self.kind in _UNASKED else "")

    def to_json(self) -> str:
        return _json({**asdict(self), "body": dict(self.body)})

    @classmethod
    def from_json(cls, written: str) -> "Outgoing":
        return cls(**json.loads(written))


def lines_of(sender: str) -> "tuple[str, ...]":
    """All lines that messages to a person can wait in."""
    return sender, sender + _UNASKED_LINE


def sender_of(line: str) -> str:
    """Whose line this is."""
    return line.removesuffix(_UNASKED_LINE)


def _json(values: Dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

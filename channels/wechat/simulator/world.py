"""What the played platform knows: our account, its tokens, the people, what they were sent.

The rules are those of the platform's documents, written anew and not taken from our own channel,
so that a mistake there is not repeated here.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from core.clock import Clock, system_clock

#: Messages that a person may be sent after an event, and for how long.
_GRANTS: Mapping[Tuple[str, str], Tuple[int, timedelta]] = {
    ("service_account", "message"): (5, timedelta(hours=48)),
    ("service_account", "menu"): (3, timedelta(minutes=1)),
    ("service_account", "follow"): (3, timedelta(minutes=1)),
    ("service_account", "scan"): (3, timedelta(minutes=1)),
    ("miniprogram", "message"): (5, timedelta(hours=48)),
    ("miniprogram", "enter"): (2, timedelta(minutes=1)),
}
_TOKEN_LIFE, _TOKEN_OVERLAP = timedelta(hours=2), timedelta(minutes=5)
_TYPING_WINDOW, _TYPING = timedelta(seconds=30), timedelta(seconds=15)
_MEDIA_LIFE = timedelta(days=3)


@dataclass(frozen=True)
class Sent:
    """A message that reached a person: ``kind`` is its msgtype, or ``subscribe``."""

    openid: str
    kind: str
    body: Dict[str, Any]
    at: datetime


@dataclass
class Person:
    """Somebody who has been in touch, with what we may still send them."""

    grants: Dict[str, "list[Any]"] = field(default_factory=dict)
    in_touch: Optional[datetime] = None
    typing_until: Optional[datetime] = None
    accepted: Dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    content_type: str
    data: bytes
    until: datetime


class World:
    """The platform around one account of ours.

    Args:
        kind: ``miniprogram`` or ``service_account``.
        told: called with each message that reaches a person.

    Attributes:
        sent: what reached people, oldest first.
        templates: the fields of each subscribe template.
    """

    def __init__(
        self,
        app_id: str,
        secret: str,
        kind: str,
        clock: Clock = system_clock,
        told: Callable[[Sent], None] = lambda sent: None,
    ) -> None:
        self.app_id, self.secret, self.kind, self.clock = app_id, secret, kind, clock
        self._told = told
        self.sent: List[Sent] = []
        self.people: Dict[str, Person] = {}
        self.templates: Dict[str, Tuple[str, ...]] = {}
        self.files: Dict[str, File] = {}
        self._codes: Dict[str, Optional[str]] = {}
        self._tokens: Dict[str, datetime] = {}
        self._stable = ""

    def heard(self, openid: str, event: str = "message") -> None:
        """A person wrote, tapped, followed, scanned or entered: so many messages may be sent."""
        person = self.people.setdefault(openid, Person())
        person.in_touch = self.clock()
        if (self.kind, event) in _GRANTS:
            count, life = _GRANTS[self.kind, event]
            person.grants[event] = [count, self.clock() + life]

    def left(self, openid: str) -> None:
        """A person unfollowed: nothing may be sent any more."""
        self.people[openid].grants.clear()

    def accept(self, openid: str, template: str, times: int = 1) -> None:
        """A person allowed so many subscribe messages of a template."""
        person = self.people.setdefault(openid, Person())
        person.accepted[template] = person.accepted.get(template, 0) + times

    def code_for(self, openid: str) -> str:
        """A code that proves once that somebody is this person."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = openid
        return code

    def redeem(self, code: str) -> "tuple[int, str]":
        """The error code, 0 for none, and the openid of a code."""
        if code not in self._codes:
            return 40029, ""
        openid, self._codes[code] = self._codes[code], None
        return (0, openid) if openid else (40163, "")

    def stable_token(self, force: bool = False) -> "tuple[str, int]":
        """The token that everybody gets until five minutes before its end, and its seconds."""
        now = self.clock()
        ends = self._tokens.get(self._stable)
        if force:
            self._tokens.pop(self._stable, None)
        if force or ends is None or ends - now <= _TOKEN_OVERLAP:
            self._stable, _ = self.new_token()
        return self._stable, int((self._tokens[self._stable] - now).total_seconds())

    def new_token(self) -> "tuple[str, int]":
        """A token of its own, as /cgi-bin/token gives, and its seconds."""
        token = secrets.token_urlsafe(384)[:512]
        self._tokens[token] = self.clock() + _TOKEN_LIFE
        return token, int(_TOKEN_LIFE.total_seconds())

    def end_tokens(self) -> None:
        """All tokens end now, as after a force elsewhere."""
        self._tokens = dict.fromkeys(self._tokens, self.clock())

    def token_fault(self, token: str) -> int:
        """The error code of a token, 0 when it works."""
        if not token:
            return 41001
        if token not in self._tokens:
            return 40001
        return 0 if self._tokens[token] > self.clock() else 42001

    def may_send(self, openid: str) -> int:
        """The error code of a customer-service message to this person, 0 when it may be sent."""
        now, person = self.clock(), self.people[openid]
        open_ = [grant for grant in person.grants.values() if grant[1] > now]
        if not open_:
            return 45015
        return 0 if any(count for count, _ in open_) else 45047

    def send(self, openid: str, kind: str, body: Dict[str, Any]) -> None:
        """A customer-service message that ``may_send`` allows reaches a person."""
        now, person = self.clock(), self.people[openid]
        usable = [grant for grant in person.grants.values() if grant[1] > now and grant[0]]
        min(usable, key=lambda grant: grant[1])[0] -= 1
        person.typing_until = None
        self._reach(openid, kind, body)

    def notify(self, openid: str, body: Dict[str, Any]) -> int:
        """A subscribe message; its error code, 0 when it reached the person."""
        person, template = self.people[openid], body["template_id"]
        if not person.accepted.get(template):
            return 43101
        person.accepted[template] -= 1
        self._reach(openid, "subscribe", body)
        return 0

    def type(self, openid: str, on: bool) -> int:
        """The typing indicator; its error code, 0 when it shows or is gone."""
        now, person = self.clock(), self.people[openid]
        if person.in_touch is None or now - person.in_touch > _TYPING_WINDOW:
            return 45080
        if on and person.typing_until and person.typing_until > now:
            return 45081
        person.typing_until = now + _TYPING if on else None
        return 0

    def keep(self, content_type: str, data: bytes) -> str:
        """Keeps a file for three days and returns its media id."""
        media_id = secrets.token_urlsafe(48)
        self.files[media_id] = File(content_type, data, self.clock() + _MEDIA_LIFE)
        return media_id

    def file(self, media_id: str) -> Optional[File]:
        found = self.files.get(media_id)
        return found if found and found.until > self.clock() else None

    def _reach(self, openid: str, kind: str, body: Dict[str, Any]) -> None:
        sent = Sent(openid, kind, body, self.clock())
        self.sent.append(sent)
        self._told(sent)

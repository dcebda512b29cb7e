"""The vocabulary of signing in. Pure: nothing here calls anyone or keeps anything.

What is secret or tells who somebody is stays out of every ``repr``, and so out of logs.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Optional

_ACR = "urn:gba:acr:"
#: For how long after they proved themselves anew a person counts as having just done so.
REAUTHENTICATION_AGE = timedelta(minutes=5)


class Level(IntEnum):
    """How sure it is who a person is. The broker names the levels ``urn:gba:acr:0`` and so on."""

    ANONYMOUS = 0  # an id that the channel gives, unproven
    CHANNEL = 1  # the platform itself says whose account it is
    LOGIN = 2  # iAM Smart or Guangdong's unified identity authentication
    REAUTHENTICATED = 3  # proven anew within REAUTHENTICATION_AGE
    SIGNING = 4  # able to sign

    @property
    def acr(self) -> str:
        """The level as the broker names it."""
        return f"{_ACR}{self.value}"

    @staticmethod
    def of_acr(acr: str) -> "Level":
        """The level that the broker names.

        Raises:
            ValueError: that is none of ours.
        """
        for level in Level:
            if level.acr == acr:
                return level
        raise ValueError("not an acr of ours")


@dataclass(frozen=True)
class Need:
    """The level that a task needs, and how long ago the person may have proven themselves.

    ``max_age`` is None where the age does not matter; from ``REAUTHENTICATED`` on it always does.
    """

    level: Level
    max_age: Optional[timedelta] = None

    def __post_init__(self) -> None:
        if self.level >= Level.REAUTHENTICATED:
            age = min(self.max_age or REAUTHENTICATION_AGE, REAUTHENTICATION_AGE)
            object.__setattr__(self, "max_age", age)


@dataclass(frozen=True)
class SignedIn:
    """A session in force. ``reference`` is all of it that a conversation may hold beside level
    and expiry; ``person`` is a keyed fingerprint, the same whichever channel they sign in from.
    """

    reference: str
    person: str
    level: Level
    auth_time: datetime
    expires_at: datetime

    def satisfies(self, need: Need, now: datetime) -> bool:
        """Whether this session does for a task, or the person has to prove more or anew."""
        if now >= self.expires_at or self.level < need.level:
            return False
        return need.max_age is None or now - self.auth_time <= need.max_age


@dataclass(frozen=True)
class HandOff:
    """A person on the way from a chat to the broker.

    Attributes:
        task: the intent that goes on afterwards.
        reader: as ``core.reader.Reader`` writes it.
        match: two digits that stand in the chat and on the page of another device.
    """

    sender: str = field(repr=False)
    channel: str
    account: str
    task: str
    need: Need
    reader: str
    created_at: datetime
    match: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """What lets us ask the broker about a person, and lets them sign out there."""

    access_token: str = field(repr=False)
    refresh_token: Optional[str] = field(repr=False)
    id_token: str = field(repr=False)
    expires_at: datetime  # of the access token


@dataclass(frozen=True)
class Login:
    """What a checked ID token says: who signed in, how surely, when, and in which session."""

    issuer: str
    subject: str = field(repr=False)
    sid: Optional[str] = field(repr=False)
    level: Level
    auth_time: datetime


@dataclass(frozen=True)
class TokenSet:
    """The outcome of a login at the broker."""

    login: Login
    tokens: Tokens


@dataclass(frozen=True)
class Logout:
    """Whom the broker has signed out: one session, or all of a person."""

    issuer: str
    subject: Optional[str] = field(repr=False)
    sid: Optional[str] = field(repr=False)


@dataclass(frozen=True)
class Profile:
    """The little that we ask the broker about a person. What it did not tell is None.

    Attributes:
        birthdate: as YYYY-MM-DD.
        document_type: one of the kinds of number of ``knowledge.appointments``, such as ``hkid``.
        phone: in E.164.
    """

    name: Optional[str] = field(default=None, repr=False)
    birthdate: Optional[str] = field(default=None, repr=False)
    document_type: Optional[str] = field(default=None, repr=False)
    document_number: Optional[str] = field(default=None, repr=False)
    phone: Optional[str] = field(default=None, repr=False)

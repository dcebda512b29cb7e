"""The stages of a sign-in between the chat and the broker, and back. Pure.

A sign-in that began in the chat's own, proven browser is finished by the login. Any other one is
finished in the chat, by a code that only the browser of the login shows: docs/identity.md says what
that keeps out.
"""

from dataclasses import dataclass, field
from typing import Literal, Optional

from actions.identity.model import HandOff, SignedIn, TokenSet

#: Why a person cannot go on; each has its sentence, ``identity.refused_<reason>``.
Reason = Literal[
    "ended", "other_person", "not_this_browser", "wrong_number", "wrong_code", "not_begun_here",
    "denied", "unproven", "unavailable", "refused",
]  # fmt: skip


class Refused(Exception):
    """A sign-in cannot go on.

    Args:
        reason: what the person is told.
        reader: who reads the sentence, if it is known.
    """

    def __init__(self, reason: Reason, reader: Optional[str] = None) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.reader = reader


@dataclass(frozen=True)
class Invitation:
    """What stands in the chat: the link, and the number to look for on another device."""

    url: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True)
class Departure:
    """Where the browser goes now, and the cookie that it must bring back."""

    url: str = field(repr=False)
    cookie: str = field(repr=False)
    reader: str


@dataclass(frozen=True)
class Journey:
    """What is kept while a person is at the broker.

    Attributes:
        elsewhere: the browser has not been proven to be the chat's: the chat must confirm.
    """

    hand_off: HandOff
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    elsewhere: bool = False


@dataclass(frozen=True)
class Parked:
    """A login that waits for the chat to confirm it with the code on the browser's page."""

    hand_off: HandOff
    login: TokenSet
    code: str = field(repr=False)


@dataclass(frozen=True)
class Linked:
    """A chat that is signed in now.

    Attributes:
        task: the intent that goes on.
        undo: a ticket with which the browser of the login may sign the chat out again.
    """

    sender: str = field(repr=False)
    channel: str
    account: str
    task: str
    reader: str
    who: SignedIn
    undo: str = field(repr=False)


@dataclass(frozen=True)
class Waiting:
    """A login that the chat must confirm with the code that stands on the page."""

    sender: str = field(repr=False)
    channel: str
    account: str
    reader: str
    code: str = field(repr=False)
    undo: str = field(repr=False)

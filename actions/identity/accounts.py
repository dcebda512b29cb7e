"""What a person is told about signing in and out, and what only who is signed in is told.

Everything here asks the server who that is: the conversation knows nothing of it.
"""

from dataclasses import dataclass, field
from typing import Awaitable, Callable, Collection, Optional, Tuple

from actions.appointments.say import Say, phrase
from actions.appointments.summary import masked_number
from actions.identity.access import Access
from actions.identity.journey import Refused
from actions.identity.model import SignedIn
from actions.identity.service import IdentityService
from actions.identity.status import Application, ApplicationStatus, StatusUnavailable
from core.clock import LOCAL
from knowledge.model import Snapshot

#: So many applications are listed, the latest first.
MOST_LISTED = 8
#: How a link is handed out to whoever is signed in, but not enough for the task.
_INVITATIONS = {"again": "account.invitation_again"}


@dataclass(frozen=True)
class Asking:
    """Who asks, where, and which task is to go on afterwards, by its intent."""

    sender: str = field(repr=False)
    channel: str
    reader: str
    task: str


class Accounts:
    """The words and the order of signing in, out, and of what needs it.

    Args:
        status: where applications are looked up; None where they cannot be.
        account_of: which account of ours a sender chats with, by the platform's own id.
        elsewhere: the channels whose people may have to compare a number.
    """

    def __init__(
        self, identity: IdentityService, access: Access, status: Optional[ApplicationStatus],
        account_of: Callable[[str], Awaitable[str]], elsewhere: Collection[str],
        snapshot: Callable[[], Snapshot],
    ) -> None:  # fmt: skip
        self._identity = identity
        self._access = access
        self._status = status
        self._account_of = account_of
        self._elsewhere = elsewhere
        self._snapshot = snapshot

    @property
    def knows_applications(self) -> bool:
        return self._status is not None

    async def sign_in(self, asking: Asking) -> Say:
        """A link to sign in, or, for who need not, until when they are signed in."""
        lack = await self._access.lack(asking.sender, asking.task)
        if lack is None:
            return await self.signed_in(asking.sender)
        return await self._invite(asking, _INVITATIONS.get(lack, "account.invitation"))

    async def sign_out(self, sender: str) -> Say:
        """Ends the session, and says where the one at the broker is ended."""
        session = await self._identity.signed_in(sender)
        there = await self._identity.sign_out(sender, hint=False)
        if session is None:
            return Say().line("account.not_signed_in")
        say = Say().line("account.signed_out")
        if there:
            say.line("account.signed_in_there").link = ("account.link_sign_out", there)
        return say

    async def application_status(self, asking: Asking) -> Say:
        """How far the person's applications are, or a link to sign in."""
        assert self._status
        lack = await self._access.lack(asking.sender, asking.task)
        if lack:
            return await self._invite(asking, _INVITATIONS.get(lack, "account.invitation_status"))
        token = await self._identity.access_token(asking.sender)
        try:
            found = await self._status.of(token) if token else None
        except StatusUnavailable:
            found = None
        say = Say().line("account.demo_applications") if self._status.demo else Say()
        if found is None:
            say = Say().line("account.status_unavailable")
            say.command("button_person", "talk_to_human")
        elif not found:
            say.line("account.no_applications")
        else:
            say.line("account.applications", count=len(found))
            for application in found[:MOST_LISTED]:
                say.detail("account.label_application", _worded(application))
        return say

    async def signed_in(self, sender: str) -> Say:
        """That a person is signed in, how surely, and until when."""
        session = await self._identity.signed_in(sender)
        if session is None:
            return Say().line("account.not_signed_in")
        say = Say().line("account.signed_in", until=_until(session), how=_how(session))
        say.command("account.button_sign_out", "sign_out")
        return say

    def waiting(self) -> Say:
        """A login on another device waits for this chat's word: the code on its page."""
        say = Say().ask("confirm", "account.waiting")
        say.command("account.button_not_me", "sign_in_refused")
        return say

    async def refuse(self, sender: str) -> Say:
        """The login that waits is not this person's: nothing comes of it."""
        await self._identity.cancel(sender)
        return Say().line("account.sign_in_cancelled")

    async def confirm(self, sender: str, text: str) -> "Tuple[Say, Optional[str]]":
        """Takes the code that was typed. Returns the task that goes on as well, if one does."""
        try:
            linked = await self._identity.confirm(sender, text)
        except Refused as error:
            say = Say().line(f"identity.refused_{error.reason}")
            say.command("account.button_sign_in", "sign_in")
            return say, None
        return await self.signed_in(sender), linked.task

    async def _invite(self, asking: Asking, lead: str) -> Say:
        invitation = await self._identity.links.hand_off(
            asking.sender, asking.channel, await self._account_of(asking.sender), asking.task,
            asking.reader,
        )  # fmt: skip
        say = Say().line(lead)
        if asking.channel in self._elsewhere:
            say.line("account.number", number=invitation.number)
        say.link = ("account.link_sign_in", invitation.url)
        for title, payload in self._snapshot().buttons.get(lead, ()):
            say.choices.append(({"texts": vars(title)}, payload))
        return say


def _worded(application: Application) -> "dict[str, object]":
    """One application in one line: what, its reference, how far, since when, what to do."""
    values = {
        "what": {"application": application.entry},
        "reference": masked_number(application.reference),
        "status": phrase(f"account.status_{application.status}"),
        "day": {"day": application.since.isoformat()},
        "next": phrase(f"account.next_{application.status}"),
    }
    return {"phrase": "account.application", "values": values}


def _until(session: SignedIn) -> "dict[str, str]":
    return {"time": f"{session.expires_at.astimezone(LOCAL):%H:%M}"}


def _how(session: SignedIn) -> "dict[str, str]":
    return phrase(f"account.level_{int(session.level)}")  # type: ignore[no-any-return]

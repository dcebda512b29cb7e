"""Who a sender is, as surely as a task needs it. Asked anew at every turn: nothing that stands in a
conversation opens a door.
"""

from typing import Callable, Literal, Optional, Protocol

from actions.identity.model import Need, Profile, SignedIn
from core.clock import Clock

#: What keeps a person from a task: not signed in, or not surely or freshly enough.
Lack = Literal["sign_in", "again"]


class Sessions(Protocol):
    """Who is signed in: ``actions.identity.service.IdentityService``."""

    async def signed_in(self, sender: str) -> Optional[SignedIn]: ...
    async def profile(self, sender: str) -> Optional[Profile]: ...


class Access:
    """Measures sessions by the levels that staff set.

    Args:
        sessions: None where nobody can sign in.
        need_of: the level that a task needs.
    """

    def __init__(
        self, sessions: Optional[Sessions], need_of: Callable[[str], Need], clock: Clock
    ) -> None:
        self._sessions = sessions
        self._need_of = need_of
        self._clock = clock

    async def person_for(self, sender: str, task: str) -> Optional[str]:
        """The signed-in person behind a sender, by an opaque id, when that is sure enough.

        Args:
            task: an intent.
        """
        session = await self._session(sender)
        does = session and session.satisfies(self._need_of(task), self._clock())
        return session.person if session and does else None

    async def lack(self, sender: str, task: str) -> Optional[Lack]:
        """What signing in would change about a task; None when nothing, or where nobody can."""
        if self._sessions is None or await self.person_for(sender, task):
            return None
        return "again" if await self._session(sender) else "sign_in"

    async def profile_of(self, sender: str) -> Optional[Profile]:
        """What the broker has verified about the person, when they may have it filled in."""
        if self._sessions is None or not await self.person_for(sender, "prefill"):
            return None
        return await self._sessions.profile(sender)

    async def _session(self, sender: str) -> Optional[SignedIn]:
        return await self._sessions.signed_in(sender) if self._sessions else None

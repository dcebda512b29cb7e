"""Whose chat a browser belongs to on the web page: the session cookie says it."""

from typing import Awaitable, Callable, Mapping, Optional

from channels.web.session import COOKIE, Sessions


class WebProof:
    """Proof by the session cookie (see ``channels.common.proof.ChannelProof``).

    The cookie is ``SameSite=Strict``: it does not come with a link that was opened from elsewhere,
    but with the form of our own page, wherever the link to that page was opened.

    Args:
        is_ended: whether a sender's session was ended; its cookie is worth nothing any more.
    """

    def __init__(self, sessions: Sessions, is_ended: Callable[[str], Awaitable[bool]]) -> None:
        self._sessions = sessions
        self._is_ended = is_ended

    async def sender_of(
        self, account: str, cookies: Mapping[str, str], code: Optional[str] = None
    ) -> Optional[str]:
        sender = self._sessions.sender(cookies.get(COOKIE))
        return None if sender is None or await self._is_ended(sender) else sender

    def detour(self, account: str, user_agent: str, back: str, state: str) -> Optional[str]:
        return None

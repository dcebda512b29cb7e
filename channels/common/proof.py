"""Proof of whose chat a browser belongs to, as each channel can give it; and the way back to it."""

from typing import Mapping, Optional, Protocol

from actions.identity.journey import Linked


class ProofUnavailable(Exception):
    """The platform that knows does not answer; nothing follows about the person."""


class ChannelProof(Protocol):
    """One channel's proof, made now: what was known about a browser before does not count."""

    async def sender_of(
        self, account: str, cookies: Mapping[str, str], code: Optional[str] = None
    ) -> Optional[str]:
        """The sender whose browser, or mini program, this is; None when nothing proves any.

        Args:
            account: which account of ours the chat is with.
            code: the platform's, single use: of its page for ``detour``, or of its mini program.

        Raises:
            ProofUnavailable: the platform does not answer.
        """

    def detour(self, account: str, user_agent: str, back: str, state: str) -> Optional[str]:
        """The platform's page that a browser must visit to come ``back`` with a code and ``state``.

        None when this browser needs no such visit, or when none would help.
        """


class Resume(Protocol):
    """The chat, when something has come of a sign-in. Neither call says anything on the page."""

    async def resumed(self, linked: Linked) -> None:
        """The chat is signed in: says so there, and goes on with the task."""

    async def asked(self, sender: str, channel: str, account: str, reader: str) -> None:
        """A login on another device must be confirmed: asks for the code on its page, to be typed,
        and offers a way out.
        """

"""Who is signed in; the way back from the broker to the chat; and out again.

``links`` holds the way there. Why a login elsewhere waits for the chat: docs/identity.md.
"""

import hmac
from typing import Mapping, Optional, Sequence, Union

from actions.identity import audit, numbers
from actions.identity.broker import Broker
from actions.identity.errors import BrokerError
from actions.identity.handoff_store import HandOffStore
from actions.identity.journey import Linked, Parked, Waiting
from actions.identity.links import Links
from actions.identity.model import HandOff, Need, Profile, SignedIn, TokenSet
from actions.identity.session_store import SessionStore
from core.clock import Clock

#: What the broker answers when the person, not a fault, ended the login.
_DENIED = frozenset(["access_denied", "login_required", "interaction_required"])


class IdentityService:
    """The use cases of signing in.

    Args:
        public_url: the base of links, without a slash at its end.
    """

    def __init__(
        self, links: Links, store: HandOffStore, broker: Broker, sessions: SessionStore,
        public_url: str, clock: Clock,
    ) -> None:  # fmt: skip
        self.links = links
        self._store = store
        self._broker = broker
        self._sessions = sessions
        self._home = f"{public_url}/"
        self._clock = clock

    async def signed_in(self, sender: str) -> Optional[SignedIn]:
        return await self._sessions.of(sender)

    async def satisfies(self, sender: str, need: Need) -> bool:
        """Whether a sender is signed in as surely and as freshly as a task needs."""
        session = await self._sessions.of(sender)
        return session is not None and session.satisfies(need, self._clock())

    async def profile(self, sender: str) -> Optional[Profile]:
        """What the broker has verified about whoever is signed in; None when it does not tell."""
        try:
            known = await self._fresh(sender)
            return await self._broker.userinfo(known) if known else None
        except BrokerError as error:
            audit.record("refused", reason="unavailable", detail=error.reason)
            return None

    async def access_token(self, sender: str) -> Optional[str]:
        """What proves to a department, through the broker, who is signed in; None when nothing."""
        try:
            known = await self._fresh(sender)
        except BrokerError as error:
            audit.record("refused", reason="unavailable", detail=error.reason)
            return None
        return known.tokens.access_token if known else None

    async def callback(self, query: Mapping[str, str], cookie: str) -> Union[Linked, Waiting]:
        """The way back from the broker.

        Args:
            query: of the address that the broker sent the browser to.
            cookie: what the browser was given when it left; empty when it has none.

        Raises:
            Refused: not this browser's login, or used before; cancelled; no broker; a token that
                is not to be believed.
        """
        journey = await self._store.finish(query.get("state", ""), cookie)
        if journey is None:
            raise audit.refused("not_begun_here", detail="state" if cookie else "no_cookie")
        hand_off = journey.hand_off
        if "error" in query:
            denied = query["error"] in _DENIED
            raise audit.refused("denied" if denied else "refused", hand_off, "error")
        try:
            login = await self._broker.exchange(
                code=query.get("code", ""), verifier=journey.verifier,
                redirect_uri=self.links.callback, nonce=journey.nonce, need=hand_off.need,
                iss=query.get("iss"),
            )  # fmt: skip
        except BrokerError as error:
            raise audit.broker_failed(error, hand_off) from None
        undo = await self._store.undo_ticket(hand_off.sender)
        if not journey.elsewhere:
            return _linked(hand_off, await self._sessions.save(hand_off.sender, login), undo)
        return await self._park(Parked(hand_off, login, numbers.draw_code()), undo)

    async def awaits_confirmation(self, sender: str) -> bool:
        """Whether a login elsewhere waits for this chat's word."""
        return await self._store.is_parked(sender)

    async def confirm(self, sender: str, text: str) -> Linked:
        """The chat's word that a login elsewhere is its own. There is one try.

        Args:
            text: what the person typed; its digits count.

        Raises:
            Refused: nothing waits, or this is not the code on that browser's page.
        """
        parked = await self._store.unpark(sender)
        if parked is None:
            raise audit.refused("ended")
        if not hmac.compare_digest(numbers.typed(text), parked.code):
            raise audit.refused("wrong_code", parked.hand_off)
        return _linked(parked.hand_off, await self._sessions.save(sender, parked.login))

    async def cancel(self, sender: str) -> None:
        """The chat's word that nothing is to come of any sign-in under way."""
        if await self._store.end_of(sender):
            audit.record("cancelled", reason="chat")

    async def forget(self, sender: str) -> int:
        """Ends all that a sender has here, silently. Returns how many sessions those were."""
        await self._store.end_of(sender)
        return await self._sessions.delete_of(sender)

    async def sign_out(self, sender: str, hint: bool = True) -> Optional[str]:
        """Signs a sender out, and ends what is under way.

        Args:
            hint: whether the address may hold the ID token: not where it is kept, as in a chat.

        Returns:
            Where they can sign out at the broker as well, if that is known.
        """
        known = await self._sessions.tokens(sender)
        await self._sessions.end_of(sender)
        await self._store.end_of(sender)
        if known is None:
            return None
        audit.record("signed_out")
        try:
            return await self._broker.end_session_url(known, self._home, hint=hint)
        except BrokerError as error:
            audit.record("refused", reason="unavailable", detail=error.reason)
            return None

    async def undo(self, ticket: str) -> Optional[str]:
        """“This was not me”: signs out whatever a login on this browser led to.

        Returns:
            As ``sign_out``.

        Raises:
            Refused: the ticket has ended.
        """
        sender = await self._store.undo(ticket)
        if sender is None:
            raise audit.refused("ended")
        audit.record("undone")
        return await self.sign_out(sender)

    async def logout(self, logout_token: str) -> Sequence[str]:
        """The broker's word that somebody signed out there. Returns the senders signed out.

        Raises:
            BrokerError: the token is not to be believed.
        """
        try:
            logout = await self._broker.verify_logout_token(logout_token)
        except BrokerError as error:
            audit.record("refused", reason="logout_token", detail=error.reason)
            raise
        if logout.sid is not None:
            senders = await self._sessions.end_by_sid(logout.issuer, logout.sid)
        else:
            senders = await self._sessions.end_by_subject(logout.issuer, logout.subject or "")
        audit.record("logged_out", sessions=str(len(senders)))
        return senders

    async def _fresh(self, sender: str) -> Optional[TokenSet]:
        """The tokens of a session, renewed when they are over.

        Raises:
            BrokerError: they are over, and the broker gives no others.
        """
        session, known = await self._sessions.of(sender), await self._sessions.tokens(sender)
        if session is None or known is None:
            return None
        if known.tokens.expires_at <= self._clock():
            known = await self._broker.refresh(known)
            await self._sessions.renew(sender, session.reference, known)
        return known

    async def _park(self, parked: Parked, undo: str) -> Waiting:
        hand_off = parked.hand_off
        await self._store.park(parked)
        audit.record("waiting", hand_off.channel, task=hand_off.task)
        return Waiting(
            hand_off.sender, hand_off.channel, hand_off.account, hand_off.reader,
            parked.code, undo,
        )  # fmt: skip


def _linked(hand_off: HandOff, who: SignedIn, undo: str = "") -> Linked:
    level = str(int(who.level))
    audit.record("linked", hand_off.channel, task=hand_off.task, level=level)
    return Linked(
        hand_off.sender, hand_off.channel, hand_off.account, hand_off.task, hand_off.reader,
        who, undo,
    )  # fmt: skip

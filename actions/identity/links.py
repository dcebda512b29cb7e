"""The way from a chat to the broker: a link, the proof of whose it is, and the departure.

A link alone never links: docs/identity.md has the reasons, and the threats with their tests.
"""

import hmac
import secrets
from dataclasses import replace
from typing import Callable, Collection, Optional, Sequence

from actions.identity import audit, numbers
from actions.identity.broker import Broker
from actions.identity.errors import BrokerError
from actions.identity.handoff_store import HandOffStore
from actions.identity.journey import Departure, Invitation, Journey
from actions.identity.model import HandOff, Level, Need
from core.clock import Clock
from core.reader import Reader

#: How the broker is told the language of its pages (BCP 47), by the variant of ours.
_LOCALES = {"yue": ("yue-Hant-HK", "zh-HK", "zh-TW"), "zh_hant": ("zh-HK", "zh-TW"),
            "zh_hans": ("zh-CN",), "en": ("en",)}  # fmt: skip


class Links:
    """Issues the links of sign-ins and lets their owners through.

    Args:
        need_of: the level that a task needs.
        elsewhere: the channels whose chats may be linked from a browser that proves nothing.
        fingerprint: a keyed hash for a purpose, ``core.vault.Vault.fingerprint``.
        public_url: the base of links, without a slash at its end.
        scope: what to ask the broker about people, beside who they are.
    """

    def __init__(
        self, store: HandOffStore, broker: Broker, need_of: Callable[[str], Need],
        elsewhere: Collection[str], fingerprint: Callable[[str, str], str], public_url: str,
        clock: Clock, scope: str = "openid profile phone document",
    ) -> None:  # fmt: skip
        self._store = store
        self._broker = broker
        self._need_of = need_of
        self._elsewhere = elsewhere
        self._fingerprint = fingerprint
        self._start = f"{public_url}/identity/start"
        self._clock = clock
        self._scope = scope
        self.callback = f"{public_url}/identity/callback"

    async def hand_off(
        self, sender: str, channel: str, account: str, task: str, reader: str
    ) -> Invitation:
        """A link for a sender's own eyes, good for five minutes and once.

        Args:
            task: the intent that goes on afterwards.
            reader: as ``core.reader.Reader`` writes it.
        """
        need, number = self._need_of(task), numbers.draw_match()
        need = replace(need, level=max(need.level, Level.LOGIN))  # whoever comes here signs in
        hand_off = HandOff(sender, channel, account, task, need, reader, self._clock(), number)
        audit.record("link_issued", channel, task=task)
        return await self._invite(hand_off)

    async def page(self, token: str) -> HandOff:
        """What a link is for; changes nothing.

        Raises:
            Refused: it has ended, was used, or never was.
        """
        hand_off = await self._store.look(token)
        if hand_off is None:
            raise audit.refused("ended")
        return hand_off

    async def consume(self, token: str, proven: str) -> Departure:
        """Uses a link for whoever has just been proven to be the one who asked for it.

        Args:
            proven: the sender that the channel vouches for now, in this browser.

        Raises:
            Refused: another person's link, which is left to its owner; an ended link; no broker.
        """
        hand_off = await self.page(token)
        if not _same(proven, hand_off.sender):
            raise audit.refused("other_person", hand_off)
        return await self._depart(token, hand_off, elsewhere=False)

    async def offer(self, token: str) -> Sequence[str]:
        """The numbers of which a browser that proves nothing must choose the one in the chat.

        None, when the link needs no choice: ``consume_elsewhere`` without a number.

        Raises:
            Refused: such a browser cannot sign this chat in; the link is left as it is.
        """
        hand_off = await self.page(token)
        if hand_off.channel not in self._elsewhere:
            raise audit.refused("not_this_browser", hand_off)
        seed = self._fingerprint("numbers of a sign-in", token)
        return numbers.among_three(hand_off.match, seed) if hand_off.match else ()

    async def consume_elsewhere(self, token: str, number: str) -> Departure:
        """Uses a link in a browser that proves nothing; the chat must confirm the login.

        Args:
            number: what the person says is the number in the chat. There is one try.

        Raises:
            Refused: as of ``offer``; a wrong number, which ends the link; no broker.
        """
        hand_off = await self.page(token)
        if hand_off.channel not in self._elsewhere:
            raise audit.refused("not_this_browser", hand_off)
        if not _same(number, hand_off.match):
            await self._store.consume(token)
            raise audit.refused("wrong_number", hand_off)
        return await self._depart(token, hand_off, elsewhere=True)

    async def pass_on(self, token: str, proven: Optional[str]) -> Invitation:
        """A new link for one whose owner was proven outside a browser: by a mini program.

        It asks for no number any more. But whoever has it need not be the owner, so that the chat
        must confirm.

        Raises:
            Refused: as of ``consume``.
        """
        hand_off = await self.page(token)
        if proven is None:
            raise audit.refused("unproven", hand_off)
        if not _same(proven, hand_off.sender):
            raise audit.refused("other_person", hand_off)
        if await self._store.consume(token) is None:  # somebody was faster
            raise audit.refused("ended", hand_off)
        audit.record("proven_elsewhere", hand_off.channel)
        return await self._invite(replace(hand_off, match=""))

    async def cancel(self, token: str) -> HandOff:
        """Somebody who has the link wants nothing of it, whoever they are: it ends.

        Returns:
            What it was for.

        Raises:
            Refused: it had ended.
        """
        hand_off = await self._store.consume(token)
        if hand_off is None:
            raise audit.refused("ended")
        audit.record("cancelled", hand_off.channel, "page")
        return hand_off

    async def _invite(self, hand_off: HandOff) -> Invitation:
        token = await self._store.create(hand_off)
        return Invitation(f"{self._start}?t={token}", hand_off.match)

    async def _depart(self, token: str, hand_off: HandOff, elsewhere: bool) -> Departure:
        state, cookie, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        try:  # first: a broker that does not answer must not cost the person the link
            url = await self._broker.authorize_url(
                state=state, nonce=nonce, verifier=verifier, redirect_uri=self.callback,
                need=hand_off.need, scope=self._scope,
                ui_locales=_LOCALES[Reader.parse(hand_off.reader).variant],
                # whom the broker still knows in a browser that is not proven must say so anew
                prompt="login" if elsewhere else None,
            )  # fmt: skip
        except BrokerError as error:
            raise audit.broker_failed(error, hand_off) from None
        journey = Journey(hand_off, nonce, verifier, elsewhere)
        if not await self._store.begin(token, journey, state, cookie):  # somebody was faster
            raise audit.refused("ended", hand_off)
        audit.record("link_consumed", hand_off.channel, task=hand_off.task)
        return Departure(url, cookie, hand_off.reader)


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())

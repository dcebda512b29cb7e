"""WeChat's part of a turn: who wrote and what that allows, and the answer in WeChat's messages."""

from typing import Callable, Mapping, Optional, Sequence

from channels.common.envelope import Incoming, Outgoing
from channels.common.outbox import Outbox
from channels.common.people import People
from channels.common.people_store import Person
from channels.common.quota import Quota
from channels.common.turn import Turn
from channels.common.turns import Answers, Turns
from channels.wechat.account import CHANNEL, Account, Kind
from channels.wechat.client import WeChatClient
from channels.wechat.render import passive_text, render
from knowledge.answers import words
from knowledge.model import Snapshot

#: A service account's request is answered in this time or through the API. WeChat waits for five
#: seconds; the rest is for the network.
PASSIVE_S = 3.5


class Door:
    """Where the webhook leaves what came in (see ``channels.wechat.input``)."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def take(self, account: Account, incoming: Incoming) -> Optional[str]:
        """As the port says. A mini program's session takes no passive reply."""
        wait_s = PASSIVE_S if account.kind == "service_account" else 0.0
        return await self._turns.take(incoming, wait_s)


class Exchange:
    """Implements ``channels.common.turns.Channel``.

    Args:
        quotas: the ledger of each kind of account.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        quotas: Mapping[Kind, Quota],
        people: People,
        outbox: Outbox,
        client: WeChatClient,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._accounts = {account.app_id: account for account in accounts}
        self._quotas = quotas
        self._people = people
        self._outbox = outbox
        self._client = client
        self._snapshot = snapshot

    def serves(self, account: str) -> bool:
        return account in self._accounts

    async def heard(self, message: Incoming) -> None:
        """Notes who wrote, came or went, and what may be sent now."""
        if message.event == "leave":
            await self._people.leave(message.sender)
            return
        await self._people.see(message)
        for template, decision in message.subscriptions.items():
            if decision == "accept":
                await self._people.accept(message.sender, template)
            else:
                await self._people.refuse(message.sender, template)
        quota = self._quotas[self._accounts[message.account].kind]
        await quota.grant(message.sender, message.event, message.at)
        await self._outbox.wake(message.sender)

    async def typing(self, message: Incoming) -> None:
        await self._client.typing(self._accounts[message.account], message.address)

    async def answers(self, message: Incoming, turn: Turn) -> Answers:
        """One message where it fits, as a passive reply and as messages of the API."""
        account = self._accounts[message.account]
        person = Person(message.sender, CHANNEL, message.account, message.address)
        outgoing = await self._outgoing(account, person, turn, message.key)
        passive = passive_text(turn.replies) if account.kind == "service_account" else None
        return Answers(passive, outgoing)

    async def say(self, sender: str, turn: Turn, key: str) -> None:
        """As ``channels.common.resume.Speaker``; nothing to somebody who left."""
        person = await self._people.address_of(sender)
        account = self._accounts.get(person.account) if person else None
        if person and account:
            await self._outbox.put(*await self._outgoing(account, person, turn, key))

    async def _outgoing(
        self, account: Account, person: Person, turn: Turn, key: str
    ) -> "list[Outgoing]":
        left = await self._quotas[account.kind].left(person.sender)
        more = words(self._snapshot(), "reply.more_follows", turn.reader.variant)
        rendered = render(turn.replies, account.kind, left, more, turn.asks, account.mini_program)
        # a link is made once: a booking's calendar, a way to sign in
        critical = any(reply["link"] for reply in turn.replies)
        return [
            Outgoing(
                CHANNEL, person.account, person.sender, person.address,
                one.kind, one.body, critical, f"{key}/{place}",
            )
            for place, one in enumerate((*rendered.messages, *rendered.parked))
        ]  # fmt: skip

"""Messages that nobody asked for, over WeChat: as a subscribe message, else while one may write."""

import logging
from typing import Callable, List, Mapping, Sequence

from channels.common.choices import Choices
from channels.common.envelope import Outgoing
from channels.common.outbox import Outbox
from channels.common.people import People
from channels.common.people_store import Person
from channels.common.quota import Quota
from channels.wechat.account import CHANNEL, Account, Kind
from channels.wechat.http import NotSent
from channels.wechat.render import Message, render
from channels.wechat.sender import SUBSCRIBE
from channels.wechat.template import DoesNotFit, Template
from knowledge.answers import words
from knowledge.model import Snapshot, Variant
from knowledge.reply import Reply

logger = logging.getLogger(__name__)


class WeChatDelivery:
    """Puts messages into the outbox (see ``channels.common.delivery.Delivery``).

    A reminder whose facts fit the account's template goes as a subscribe message to a person who
    agreed to one. All else goes as a customer-service message while the platform allows for one.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        people: People,
        outbox: Outbox,
        quotas: Mapping[Kind, Quota],
        choices: Choices,
        snapshot: Callable[[], Snapshot],
    ) -> None:
        self._accounts = {account.app_id: account for account in accounts}
        self._templates = {
            account.app_id: Template.parse(account.reminder_template)
            for account in accounts
            if account.reminder_template
        }
        self._people, self._outbox, self._quotas = people, outbox, quotas
        self._choices, self._snapshot = choices, snapshot

    async def deliver(self, sender: str, reply: Reply, variant: Variant, key: str) -> bool:
        """Hands over to the outbox, which sends it once; whoever left is not reached any more.

        Raises:
            NotSent: nothing can be sent to anybody on this account now.
        """
        person = await self._people.address_of(sender)
        account = self._accounts.get(person.account) if person else None
        if person is None or account is None:
            return False
        if await self._outbox.knows(CHANNEL, account.app_id, key):
            return True
        if not account.is_reachable:
            raise NotSent("no_simulator")
        messages = await self._notice(sender, account, reply) or await self._text(
            sender, account, reply, variant
        )
        # All in one step. The first has the key itself, so that the key tells whether it was done.
        await self._outbox.put(*_outgoing(person, messages, key))
        return bool(messages)

    async def _notice(self, sender: str, account: Account, reply: Reply) -> List[Message]:
        """A subscribe message, if there is a template for it and the person agreed to it."""
        template = self._templates.get(account.app_id)
        if not template or not reply.facts:
            return []
        if not await self._people.has_accepted(sender, template.id):
            return []
        try:
            return [Message(SUBSCRIBE, template.body(reply.facts))]
        except DoesNotFit as error:
            logger.error("a reminder does not fit the template: field %s", error)
            return []

    async def _text(
        self, sender: str, account: Account, reply: Reply, variant: Variant
    ) -> List[Message]:
        """Customer-service messages, if any may be sent now."""
        left = await self._quotas[account.kind].left(sender)
        if not left:
            return []
        data = reply.as_dict()
        more = words(self._snapshot(), "reply.more_follows", variant)
        rendered = render([data], account.kind, left, more, mini_program=account.mini_program)
        if data["buttons"]:
            # A question that was open still is: its answer may be personal.
            offered = await self._choices.offered(sender)
            await self._choices.remember(sender, data["buttons"], offered, offered.asks)
        return [*rendered.messages, *rendered.parked]


def _outgoing(person: Person, messages: Sequence[Message], key: str) -> List[Outgoing]:
    return [
        Outgoing(
            channel=CHANNEL,
            account=person.account,
            sender=person.sender,
            address=person.address,
            kind=message.kind,
            body=message.body,
            critical=True,
            key=f"{key}/{place}" if place else key,
            waits=bool(place),  # the rest of a long one
        )
        for place, message in enumerate(messages)
    ]

"""Puts together what carries messages to people on the platforms, for the bot and for the worker.

The worker loads no Rasa, and sends what the bot left in the outbox too.
"""

from dataclasses import dataclass
from typing import Any, Callable, Dict, Sequence, Tuple

from sqlalchemy.engine import Engine

from channels.common.choices import Choices
from channels.common.courier import Courier, Sender
from channels.common.dead_letters import DeadLetters
from channels.common.delivery import Deliveries, Delivery
from channels.common.inbox import Inbox
from channels.common.outbox import Outbox
from channels.common.people import People, Waiting
from channels.common.quota import Quota
from channels.web.delivery import WebDelivery
from channels.wechat.account import CHANNEL as WECHAT
from channels.wechat.account import Account, Kind, accounts_of
from channels.wechat.client import WeChatClient
from channels.wechat.delivery import WeChatDelivery
from channels.wechat.limits import RULES
from channels.wechat.sender import WeChatSender
from core.clock import Clock
from core.settings import Settings
from core.vault import Vault
from knowledge.model import Snapshot


@dataclass
class WeChat:
    """What speaks to WeChat, when there is an account."""

    accounts: Tuple[Account, ...]
    client: WeChatClient
    quotas: Dict[Kind, Quota]


@dataclass
class Post:
    """What takes messages in, keeps them, and carries them out."""

    inbox: Inbox
    outbox: Outbox
    people: People
    courier: Courier
    deliveries: Deliveries
    wechat: WeChat

    async def close(self) -> None:
        await self.wechat.client.close()


def open_post(
    settings: Settings, database: Engine, client: Any, vault: Vault,
    snapshot: Callable[[], Snapshot], clock: Clock, leaving: Sequence[Waiting] = (),
) -> Post:  # fmt: skip
    """Wires the post.

    Args:
        client: the asynchronous Redis client.
        snapshot: returns the present knowledge.
        leaving: what else forgets a person who leaves us.

    Raises:
        SettingsError: a reminder's template cannot be read.
    """
    outbox = Outbox(client, vault)
    inbox = Inbox(client, vault, nudge=outbox.nudge)
    people = People(database, vault, clock, (inbox, outbox, DeadLetters(client), *leaving))
    accounts = accounts_of(settings)
    quotas = {kind: Quota(client, rules) for kind, rules in RULES.items()}
    wechat = WeChat(accounts, WeChatClient(client, vault), quotas)
    senders: Dict[str, Sender] = {}
    deliveries: Dict[str, Delivery] = {"web": WebDelivery(client, vault, clock)}
    if accounts:
        senders[WECHAT] = WeChatSender(accounts, wechat.client, wechat.quotas, people)
        deliveries[WECHAT] = WeChatDelivery(
            accounts, people, outbox, wechat.quotas, Choices(client), snapshot
        )
    courier = Courier(outbox, senders)
    return Post(inbox, outbox, people, courier, Deliveries(deliveries), wechat)

"""Puts signing in together: the broker and what is kept about who is signed in."""

from dataclasses import dataclass
from typing import Any, Callable, Optional

from actions.identity.broker import Broker
from actions.identity.handoff_store import HandOffStore
from actions.identity.levels import Levels
from actions.identity.links import Links
from actions.identity.registration import Registration
from actions.identity.service import IdentityService
from actions.identity.session_store import SessionStore
from channels.identity.demo.keys import signing_key
from channels.identity.demo.model import Client
from channels.identity.demo.server import PATH, DemoBroker
from channels.identity.demo.store import DemoStore
from channels.wechat.account import CHANNEL as WECHAT
from core.cache import connect_blocking
from core.clock import Clock
from core.settings import Environment, Settings
from core.vault import Vault
from knowledge.model import Snapshot

#: A chat there may be linked from another device; a web chat has the right browser always.
_ELSEWHERE = (WECHAT,)


@dataclass
class Identity:
    """What signs people in."""

    service: IdentityService
    sessions: SessionStore
    hand_offs: HandOffStore
    levels: Levels
    broker: Broker
    demo: Optional[DemoBroker]

    async def close(self) -> None:
        await self.broker.close()
        if self.demo:
            await self.demo.close()


def open_identity(
    settings: Settings, client: Any, redis_url: str, vault: Vault,
    snapshot: Callable[[], Snapshot], clock: Clock,
) -> Optional[Identity]:  # fmt: skip
    """Wires signing in: with the operator's broker, or in demo with our own stand-in.

    Args:
        client: the asynchronous Redis client.
        snapshot: returns the present knowledge.

    Returns:
        None in production without a broker: nobody can sign in.

    Raises:
        SettingsError: the broker's address is none that secrets may go to.
    """
    demo = None
    if settings.broker_issuer and settings.broker_client_id and settings.broker_client_secret:
        secret = settings.broker_client_secret.get_secret_value()
        registration = Registration(settings.broker_issuer, settings.broker_client_id, secret)
    elif settings.env is Environment.DEMO:
        us = Client.of(settings.public_url)
        demo = DemoBroker(
            settings.env, settings.public_url, us, DemoStore(connect_blocking(redis_url)),
            signing_key(settings.data_dir), snapshot, clock,
        )  # fmt: skip
        registration = Registration(settings.public_url + PATH, us.client_id, us.secret)
    else:
        return None
    broker = Broker(registration, client, clock)
    hand_offs, sessions = HandOffStore(client, vault), SessionStore(client, vault, clock)
    levels = Levels(snapshot)
    links = Links(
        hand_offs, broker, levels.need_of, _ELSEWHERE, vault.fingerprint, settings.public_url,
        clock,
    )  # fmt: skip
    service = IdentityService(links, hand_offs, broker, sessions, settings.public_url, clock)
    return Identity(service, sessions, hand_offs, levels, broker, demo)

"""Puts signing in together: the broker, who is signed in, and what they are told."""

from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Optional

from actions.identity.access import Access
from actions.identity.accounts import Accounts
from actions.identity.broker import Broker
from actions.identity.discovery import is_safe
from actions.identity.handoff_store import HandOffStore
from actions.identity.levels import Levels
from actions.identity.links import Links
from actions.identity.registration import Registration
from actions.identity.service import IdentityService
from actions.identity.session_store import SessionStore
from actions.identity.status import ApplicationStatus
from actions.identity.status_demo import DemoApplicationStatus
from actions.identity.status_http import HttpApplicationStatus
from actions.privacy.service import Place
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

#: The channels whose people may be at the broker in another browser than their chat's.
ELSEWHERE = (WECHAT,)


@dataclass
class SignIn:
    """What deals with signing in.

    Attributes:
        place: what is kept about who is signed in.
        demo: the demo's broker, when that is the one.
    """

    service: IdentityService
    broker: Broker
    sessions: SessionStore
    status: Optional[ApplicationStatus]
    place: Place
    demo: Optional[DemoBroker]

    async def close(self) -> None:
        await self.broker.close()
        if self.demo:
            await self.demo.close()
        if isinstance(self.status, HttpApplicationStatus):
            await self.status.close()

    def accounts(
        self, access: Access, account_of: Callable[[str], Awaitable[str]],
        snapshot: Callable[[], Snapshot],
    ) -> Accounts:  # fmt: skip
        """What people are told.

        Args:
            account_of: which account of ours a sender chats with.
        """
        return Accounts(self.service, access, self.status, account_of, ELSEWHERE, snapshot)


def open_sign_in(
    settings: Settings, client: Any, redis_url: str, vault: Vault, levels: Levels,
    snapshot: Callable[[], Snapshot], clock: Clock,
) -> Optional[SignIn]:  # fmt: skip
    """Wires signing in: with the operator's broker, or in a demo with our own stand-in.

    Args:
        client: the asynchronous Redis client, on the server at ``redis_url``.
        snapshot: returns the present knowledge.

    Returns:
        None where there is no broker: nobody can sign in.

    Raises:
        SettingsError: the broker's address is none that secrets may go to.
    """
    demo = None
    if settings.broker_issuer and settings.broker_client_id and settings.broker_client_secret:
        secret = settings.broker_client_secret.get_secret_value()
        us = Registration(settings.broker_issuer, settings.broker_client_id, secret)
    elif settings.env is Environment.DEMO and is_safe(settings.public_url):
        known = Client.of(settings.public_url)
        demo = DemoBroker(
            settings.env, settings.public_url, known, DemoStore(connect_blocking(redis_url)),
            signing_key(settings.data_dir), snapshot, clock,
        )  # fmt: skip
        us = Registration(settings.public_url + PATH, known.client_id, known.secret)
    else:
        return None
    broker = Broker(us, client, clock)
    store, sessions = HandOffStore(client, vault), SessionStore(client, vault, clock)
    links = Links(
        store, broker, levels.need_of, ELSEWHERE, vault.fingerprint, settings.public_url, clock
    )
    service = IdentityService(links, store, broker, sessions, settings.public_url, clock)
    place = Place("sign_in", service.forget, sessions.export_of)
    return SignIn(service, broker, sessions, _status(settings, clock), place, demo)


def _status(settings: Settings, clock: Clock) -> Optional[ApplicationStatus]:
    if settings.application_status_url and settings.application_status_token:
        token = settings.application_status_token.get_secret_value()
        return HttpApplicationStatus(settings.application_status_url, token)
    if settings.env is Environment.DEMO:
        return DemoApplicationStatus(settings.env, clock)
    return None

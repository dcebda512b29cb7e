"""WeChat accounts for tests, and the webhook on a loopback port with a door that tests look behind."""

import socket
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import AsyncIterator, Callable, List, Optional, Sequence

from sanic import Sanic

from channels.common.envelope import Incoming
from channels.common.http_head import check_heads
from channels.wechat.account import WEBHOOK, Account
from channels.wechat.input import WeChatChannel
from channels.wechat.replay import Replays
from core.clock import Clock, system_clock
from core.vault import Vault, make_keys

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "oPERSONaaaaaaaaaaaaaaaaaaaaa"
VAULT = Vault(make_keys(), "f" * 43)
ACCOUNT = Account(
    app_id="wx49f0ab532d5d035a", secret="the-secret", tokens=("123456",), aes_keys=(KEY,)
)
MODES, FORMATS = ("safe", "compat", "plain"), ("xml", "json")


def account(**fields) -> Account:
    """An account that differs from the usual one."""
    if fields.get("mode") == "plain":
        fields.setdefault("aes_keys", ())
    return replace(ACCOUNT, **fields)


class RecordingDoor:
    """Keeps what is handed in; answers what a test says, or fails with it."""

    def __init__(self) -> None:
        self.taken: List[Incoming] = []
        self.answer: Callable[[Incoming], Optional[str]] = lambda _: None

    async def take(self, _account: Account, incoming: Incoming) -> Optional[str]:
        self.taken.append(incoming)
        return self.answer(incoming)


class Webhook:
    """A running webhook: its address, and what came through its door."""

    def __init__(self, port: int, door: RecordingDoor) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}{WEBHOOK}"
        self.door = door


@asynccontextmanager
async def webhook(
    redis, accounts: Sequence[Account] = (ACCOUNT,), clock: Clock = system_clock
) -> AsyncIterator[Webhook]:
    """The real blueprint in a real Sanic server of this process."""
    door = RecordingDoor()
    channel = WeChatChannel(accounts, door, Replays(redis, VAULT), VAULT, clock)
    app = Sanic(f"wechat-{id(door)}", configure_logging=False)
    app.config.update({"ACCESS_LOG": False, "KEEP_ALIVE_TIMEOUT": 1})
    app.blueprint(channel.blueprint())
    check_heads(app)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    try:
        yield Webhook(listening.getsockname()[1], door)
    finally:
        await server.close()

"""Our assistant behind WeChat's webhook, and a stock Rasa bot behind its REST channel."""

import itertools
import json
import secrets
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Tuple

from benchmarks.ours import child_environment
from benchmarks.stock_rasa.bot import StockBot
from channels.wechat.account import Account
from channels.wechat.simulator.messages import text
from channels.wechat.simulator.push import Platform, Push
from tests.support.server import Server

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#: A person asks so many questions; then comes another.
_TURNS = 5

Request = Tuple[str, Dict[str, str], bytes]


def account(api_base: str, kind: str = "service_account") -> Account:
    return Account("wx0123456789abcdef", "secret", ("token",), (AES_KEY,), "safe", "xml",
                   kind, api_base)  # type: ignore[arg-type]  # fmt: skip


class OurWebhook:
    """``onestop serve bot`` with a WeChat account. Use as a context manager."""

    def __init__(self, api_base: str, kind: str = "service_account", workers: int = 1) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._account = account(api_base, kind)
        environment = {
            **child_environment(),
            "ONESTOP_WORKERS": str(workers),
            "ONESTOP_WECHAT_APPID": self._account.app_id,
            "ONESTOP_WECHAT_SECRET": self._account.secret,
            "ONESTOP_WECHAT_TOKEN": self._account.tokens[0],
            "ONESTOP_WECHAT_AES_KEY": AES_KEY,
            "ONESTOP_WECHAT_KIND": kind,
            "ONESTOP_WECHAT_API_BASE": api_base,
        }
        self.server = Server(Path(self._folder.name), environment, "bot")
        self._people = itertools.count()

    def __enter__(self) -> "OurWebhook":
        self.server.__enter__()
        self.url = f"{self.server.url}/webhooks/wechat/webhook"
        self.platform = Platform(self._account, self.url)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__()
        self._folder.cleanup()

    def requests(self, lines: List[str], count: int) -> List[Push]:
        """So many pushes of people who ask one question after the other.

        They are made before they are sent: to encrypt them is the platform's work.
        """
        made = []
        for n in range(count):
            if n % _TURNS == 0:
                person = f"o{next(self._people):06}{secrets.token_hex(8)}"
            made.append(self.platform.push(person, text(lines[n % len(lines)])))
        return made


class StockRest:
    """The stock bot's webhook."""

    def __init__(self, bot: StockBot) -> None:
        self.url = f"http://127.0.0.1:{bot.port}/webhooks/rest/webhook"
        self._people = itertools.count()

    def requests(self, lines: List[str], count: int) -> List[Any]:
        made = []
        for n in range(count):
            if n % _TURNS == 0:
                person = f"p{next(self._people)}"
            said = {"sender": person, "message": lines[n % len(lines)]}
            made.append(Push({}, json.dumps(said).encode(), {"Content-Type": "application/json"}))
        return made

"""The whole of WeChat and the whole of our server: people write, and read what comes."""

import asyncio
import json
import re
from contextlib import AsyncExitStack, ExitStack
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Dict, List, Mapping

from sqlalchemy import text as sql

from channels.wechat.account import WEBHOOK, Account
from channels.wechat.parse import sender_of
from channels.wechat.simulator import messages
from channels.wechat.simulator.world import Sent
from core.cache import RedisServer, connect
from core.clock import LOCAL
from core.database import open_database
from core.settings import Settings
from core.vault import Vault
from tests.support import applicants
from tests.support.fake_wechat import FakeWeChat
from tests.support.held_server import MODULE, Holds
from tests.support.post import end_leases
from tests.support.server import Server

TEMPLATE, FIELDS = "T", ("thing1", "time2", "thing3", "character_string4")
TEMPLATE_SETTING = "T;thing1=permit;time2=moment;thing3=centre;character_string4=reference"
#: Seconds for an answer, and of silence after which nothing more is waited for.
_PATIENCE_S, _QUIET_S = 15.0, 0.3
#: More than any permit has.
_MOST_QUESTIONS = 25
NAME, PHONE = "陳大文", "9123 4567"
_NUMBERS = count(7001)
REFERENCE = re.compile(r"[A-Z]\d[A-Z]-[A-Z]\d[A-Z]-[A-Z]\d[A-Z]")


class Site:
    """Our server with a platform around each of its accounts: ``async with Site(folder, …)``.

    The account without a name is that of the four settings: its platform is found as the simulator
    is. The others are in the list, with the addresses of their platforms.

    Attributes:
        platforms: by the account's name.
        redis, database: those of the server.
    """

    def __init__(self, folder: Path, accounts: Mapping[str, Account]) -> None:
        self.folder, self.holds = folder, Holds(folder.with_name(f"{folder.name}-holds"))
        self.server = Server(folder, {"HOLDS": str(self.holds.folder)}, module=MODULE)
        self.settings = Settings(data_dir=folder)
        self.vault = Vault(self.settings.encryption_keys(), self.settings.fingerprinting_key())
        self.platforms: Dict[str, FakeWeChat] = {}
        self.accounts, self.workers = accounts, 1

    async def __aenter__(self) -> "Site":
        self._running, self._outside = AsyncExitStack(), ExitStack()
        for name, account in self.accounts.items():
            url = f"{self.server.url}{WEBHOOK}" + (f"/{name}" if name else "")
            platform = await self._running.enter_async_context(FakeWeChat(account, url))
            platform.world.templates[TEMPLATE] = FIELDS
            self.platforms[name] = platform
        self.server.environment.update(self._variables())
        self.redis = connect(self._outside.enter_context(RedisServer(self.settings)).url)
        await asyncio.to_thread(self.server.__enter__)
        self.database = open_database(self.settings.database_address)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.server.__exit__)
        await self.redis.close()
        await self.redis.connection_pool.disconnect()
        self.database.dispose()
        self._outside.close()
        await self._running.aclose()

    async def start_again(self, workers: int) -> None:
        """The server, which was killed, starts again with so many processes."""
        self.workers = workers
        self.server.environment["ONESTOP_WORKERS"] = str(workers)
        await asyncio.to_thread(self.server.__enter__)

    async def lease_ends(self, *names: str) -> None:
        """As much time goes by as it takes for what was left behind to be taken over."""
        for name in names:
            await end_leases(self.redis, name)
        if locks := await self.redis.keys("lock:*"):
            await self.redis.delete(*locks)

    def person(self, name: str, of: str = "") -> "Person":
        """Somebody at an account; the same name at two accounts is the same openid."""
        return Person(self, of, f"oPERSON{name:-<21}")

    def remind_now(self, reference: str, kind: str = "hours") -> int:
        """Lets one reminder of an appointment be due. Returns how many there were to be so."""
        due = sql(
            "UPDATE appointment_reminders SET due_at = '2026-01-01 00:00:00.000000'"
            " WHERE reference = :reference AND kind = :kind AND state = 'planned'"
        )
        with self.database.begin() as connection:
            return connection.execute(due, {"reference": reference, "kind": kind}).rowcount

    def rows(self, query: str, **values: Any) -> "List[Any]":
        with self.database.connect() as connection:
            return list(connection.execute(sql(query), values))

    def _variables(self) -> Dict[str, str]:
        one = _written(self.accounts[""])
        listed = [
            {**_written(account), "name": name, "api_base": self.platforms[name].base}
            for name, account in self.accounts.items()
            if name
        ]
        single = {f"ONESTOP_WECHAT_{name.upper()}": value for name, value in one.items()}
        return {**single, "ONESTOP_WECHAT_ACCOUNTS": json.dumps(listed)}


class Person:
    """Somebody who writes to an account and reads what comes.

    Attributes:
        sender: the pseudonym.
    """

    def __init__(self, site: Site, account: str, openid: str) -> None:
        self._site, self.openid = site, openid
        self.document = applicants.hkid(next(_NUMBERS))
        self.platform, self.account = site.platforms[account], site.accounts[account]
        self.sender = sender_of(self.account, openid, site.vault)

    async def say(self, words: str) -> str:
        """Writes, and returns all that comes as the answer."""
        return "\n".join(await self.does(messages.text(words)))

    async def does(self, fields: Mapping[str, Any]) -> "List[str]":
        """Does something and returns what comes of it: at least one message."""
        before = len(self.got())
        answer = await self.platform.does(self.openid, fields)
        assert answer.status == 200
        if answer.message:
            return [answer.message["Content"]]
        return [words_of(sent) for sent in await self.gets(before + 1)][before:]

    async def tells(self, fields: Mapping[str, Any]) -> None:
        """Does something to which nothing is said."""
        answer = await self.platform.does(self.openid, fields)
        assert (answer.status, answer.body) == (200, b"success")

    async def book(self, first: str = "我想預約", **answers: str) -> str:
        """Answers all questions, with the first choice where nothing else is said.

        Args:
            answers: by the slot that is asked for.

        Returns:
            The appointment's reference.
        """
        said = await self.say(first)
        for _ in range(_MOST_QUESTIONS):
            if not self.asked:
                return reference_in(said)
            said = await self.say({**self.given(), **answers}.get(self.asked, "1"))
        raise AssertionError(said)

    def given(self) -> "Dict[str, str]":
        """What this person answers to what has no choices."""
        return {
            "birth_date": "1990年1月1日", "name": NAME, "document_number": self.document,
            "phone": PHONE,
        }  # fmt: skip

    def got(self) -> "List[Sent]":
        """All that reached this person through the API."""
        return [sent for sent in self.platform.world.sent if sent.openid == self.openid]

    async def gets(self, count: int, patience_s: float = _PATIENCE_S) -> "List[Sent]":
        """Waits until so many messages reached this person, and no more come."""
        await until(lambda: len(self.got()) >= count, patience_s)
        await asyncio.sleep(_QUIET_S)
        return self.got()

    @property
    def asked(self) -> Any:
        """What the last turn asks for."""
        return self._site.holds.turns(self.sender)[-1]


def in_a_week():
    """A working day so far away that both reminders are still to come, as people write it."""
    day = datetime.now(LOCAL).date() + timedelta(days=7)
    day += timedelta(days=(2 - day.weekday()) % 7)
    return f"{day.year}年{day.month}月{day.day}日"


async def until(holds: Any, patience_s: float = _PATIENCE_S) -> None:
    """Waits until something holds."""
    for _ in range(round(patience_s / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def reference_in(said: str) -> str:
    """The one reference that a text names."""
    (found,) = set(REFERENCE.findall(said))
    return str(found)


def words_of(sent: Sent) -> str:
    """What a person reads in a message."""
    body = sent.body
    if sent.kind == "msgmenu":
        lines = [body["head_content"], *(item["content"] for item in body["list"])]
        return "\n".join([*lines, body["tail_content"]])
    if sent.kind == "subscribe":
        return "\n".join(field["value"] for field in body["data"].values())
    return "\n".join(str(value) for value in body.values())


def _written(account: Account) -> Dict[str, str]:
    """An account as the settings have it."""
    return {
        "appid": account.app_id, "secret": account.secret, "token": account.tokens[0],
        "aes_key": account.aes_keys[0], "mode": account.mode, "format": account.format,
        "kind": account.kind, "reminder_template": TEMPLATE_SETTING,
    }  # fmt: skip

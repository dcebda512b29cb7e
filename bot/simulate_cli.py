"""``onestop simulate``: plays a platform against a running server, for people without an account.

Imports when a verb runs.
"""

import asyncio
import hashlib
import sys
import threading
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, List, Mapping, Sequence

import click

from core.errors import OneStopError
from core.settings import Environment, Settings, load_settings

if TYPE_CHECKING:
    from channels.wechat.account import Account
    from channels.wechat.simulator.stage import Stage
    from channels.wechat.simulator.world import Sent

#: Seconds for an answer to begin, and of silence after which nothing more is waited for.
_FIRST_S, _QUIET_S = 15.0, 1.0


@click.group()
def simulate() -> None:
    """Play a platform against the running server. DEMO only.

    Example: onestop simulate wechat 羅湖幾點閂門
    """


@simulate.command()
@click.argument("text", nargs=-1)
@click.option("--user", default="demo", show_default=True, help="Who writes.")
@click.option("--account", "name", default="", help="The account's name, where there are several.")
@click.option("--listen", default=0.0, metavar="SECONDS", help="Wait for messages that come later.")
@click.option("--accept-reminders", is_flag=True, help="Allow the reminder's subscribe message.")
def wechat(
    text: "tuple[str, ...]", user: str, name: str, listen: float, accept_reminders: bool
) -> None:
    """Write to the assistant as somebody in WeChat, one message a TEXT, and print the replies.

    Without a TEXT it reads a message a line. Messages are signed and encrypted as WeChat does, with
    the account of the settings, and the assistant's own go to a stand-in of WeChat's API. A choice
    is made by its number.

    \b
    Example: onestop simulate wechat 羅湖幾點閂門
             onestop simulate wechat --user amy 預約換身份證 1
             onestop simulate wechat --listen 120 "提我聽日去"
    """
    settings = load_settings()
    account = _account(settings, name)
    click.secho("DEMO: this plays WeChat; nothing leaves this machine.", fg="yellow", err=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(_play(settings, account, list(text), user, listen, accept_reminders))


def _account(settings: Settings, name: str) -> "Account":
    from channels.wechat.account import accounts_of

    if settings.env is not Environment.DEMO:
        raise OneStopError("The simulator is a stand-in, and refused in production.")
    found = [account for account in accounts_of(settings) if account.name == name]
    if not found:
        which = f"named “{name}”" if name else "(ONESTOP_WECHAT_APPID, SECRET, TOKEN, AES_KEY)"
        raise OneStopError(f"There is no WeChat account {which} in the settings.")
    if not found[0].stand_in:
        raise OneStopError("ONESTOP_WECHAT_API_BASE leads elsewhere: the simulator needs it unset.")
    return found[0]


async def _play(
    settings: Settings,
    account: "Account",
    texts: List[str],
    user: str,
    listen: float,
    accept_reminders: bool,
) -> None:
    from channels.wechat.account import WEBHOOK
    from channels.wechat.simulator import messages
    from channels.wechat.simulator.address import announced
    from channels.wechat.simulator.stage import Stage

    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    path = WEBHOOK + (f"/{account.name}" if account.name else "")
    phone = _Phone(user)
    async with Stage(account, f"http://{host}:{settings.port}{path}", phone.reached) as stage:
        with announced(settings.data_dir, stage.base):
            stage.world.heard(phone.openid)  # not for the first time: there may be reminders
            template = (account.reminder_template or "").partition(";")
            if accept_reminders and template[0]:
                fields = [pair.partition("=")[0].strip() for pair in template[2].split(";")]
                stage.world.templates[template[0]] = tuple(fields)
                stage.world.accept(phone.openid, template[0], times=10)
                await phone.does(stage, messages.decided({template[0]: "accept"}), waits=False)
            for text in texts:
                click.secho(f"> {text}", bold=True)
                await phone.does(stage, messages.text(text))
            if not texts and not listen:
                await _converse(phone, stage)
            await asyncio.sleep(listen)


async def _converse(phone: "_Phone", stage: "Stage") -> None:
    """A message a line, until the input ends."""
    from channels.wechat.simulator import messages

    lines: "asyncio.Queue[str]" = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in chain(sys.stdin, [""]):
            loop.call_soon_threadsafe(lines.put_nowait, line)

    # a thread that need not end: nothing else waits for a terminal and still hears Ctrl-C
    threading.Thread(target=read, daemon=True).start()
    while line := await lines.get():
        if line.strip():
            await phone.does(stage, messages.text(line.rstrip("\n")))


class _Phone:
    """Shows one person's messages as they come."""

    def __init__(self, user: str) -> None:
        # of the length and signs that the platform's have
        self.openid = "oDEMO" + hashlib.sha256(user.encode()).hexdigest()[:23]
        self._news = asyncio.Event()

    def reached(self, sent: "Sent") -> None:
        """Shows what came through the API."""
        if sent.openid == self.openid:
            self._show(_lines(sent.kind, sent.body))

    async def does(self, stage: "Stage", fields: Mapping[str, Any], waits: bool = True) -> None:
        """Does something and waits until nothing more comes of it.

        Raises:
            OneStopError: the server is not there, or does not take it.
        """
        import aiohttp

        from channels.wechat.simulator.push import BadReply

        self._news.clear()
        try:
            answer = await stage.does(self.openid, fields)
        except (asyncio.TimeoutError, aiohttp.ClientError):
            raise OneStopError("The server does not answer: is “onestop serve” running?") from None
        except BadReply as error:
            raise OneStopError(f"WeChat would not take the answer: {error}.") from None
        if answer.status != 200:
            raise OneStopError(
                f"The server refuses the message ({answer.status}): has it the same settings?"
            )
        if answer.message:
            self._show([answer.message.get("Content", "")])
        with suppress(asyncio.TimeoutError):
            while waits:
                pause = _QUIET_S if self._news.is_set() else _FIRST_S
                self._news.clear()
                await asyncio.wait_for(self._news.wait(), pause)

    def _show(self, lines: Sequence[str]) -> None:
        self._news.set()
        for line in lines:
            click.echo(line)
        click.echo()


def _lines(kind: str, body: Mapping[str, Any]) -> List[str]:
    """A message of the API as lines to read."""
    if kind == "text":
        return [body["content"]]
    if kind == "msgmenu":
        items = [item["content"] for item in body["list"]]
        return [line for line in (body["head_content"], *items, body.get("tail_content")) if line]
    if kind == "subscribe":
        return ["[reminder]", *(f"  {name}: {one['value']}" for name, one in body["data"].items())]
    shown = [
        str(body[name]) for name in ("title", "description", "url", "pagepath") if name in body
    ]
    return [f"[{kind}] " + " · ".join(shown)]

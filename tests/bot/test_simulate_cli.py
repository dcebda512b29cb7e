"""`onestop simulate wechat` against the webhook, in a process of its own."""

import asyncio
import os
import signal
import sys

import aiohttp
import pytest

from channels.wechat.simulator.address import simulator_base
from core.settings import ROOT
from tests.core.test_settings import PRODUCTION
from tests.core.test_wechat_settings import FOUR
from tests.support.wechat import account, webhook

OURS = account(
    app_id=FOUR["ONESTOP_WECHAT_APPID"], secret=FOUR["ONESTOP_WECHAT_SECRET"],
    tokens=(FOUR["ONESTOP_WECHAT_TOKEN"],),
)  # fmt: skip


async def start(*arguments, **settings):
    given = {name: value for name, value in os.environ.items() if not name.startswith("ONESTOP_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "simulate", "wechat", *arguments,
        cwd=ROOT, env={**given, **FOUR, **{f"ONESTOP_{k}": v for k, v in settings.items()}},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def simulate(*arguments, typed="", **settings):
    """The exit status, what was printed, and what was said on standard error."""
    process = await start(*arguments, **settings)
    out, err = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


class Sending:
    """Sends through the API that the simulator announces, as the assistant does."""

    def __init__(self, data):
        self._data = data
        self.tasks = []

    def __call__(self, incoming, *bodies, after_s=0.0):
        self.tasks.append(asyncio.ensure_future(self._send(incoming.address, bodies, after_s)))

    async def _send(self, openid, bodies, after_s):
        await asyncio.sleep(after_s)
        base = simulator_base(self._data)
        asked = {"grant_type": "client_credential", "appid": OURS.app_id, "secret": OURS.secret}
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{base}/cgi-bin/stable_token", json=asked) as answer:
                token = (await answer.json())["access_token"]
            for body in bodies:
                url = f"{base}/cgi-bin/message/{body.pop('to', 'custom')}/send"
                sent = session.post(
                    url, params={"access_token": token}, json={"touser": openid, **body}
                )
                async with sent as answer:
                    assert (await answer.json())["errcode"] == 0


def text(content):
    return {"msgtype": "text", "text": {"content": content}}


async def test_passive_replies_are_printed(redis, data):
    async with webhook(redis, [OURS]) as hook:
        hook.door.answer = lambda message: f"聽到：{message.text}"
        code, out, err = await simulate("一", "二", PORT=str(hook.port), DATA_DIR=str(data))
    assert code == 0, err
    assert out == "> 一\n聽到：一\n\n> 二\n聽到：二\n\n"
    assert "DEMO" in err
    assert [message.text for message in hook.door.taken] == ["一", "二"]
    assert len({message.sender for message in hook.door.taken}) == 1


async def test_what_comes_through_the_api_is_printed_whatever_it_is(redis, data):
    send = Sending(data)
    menu = {"head_content": "邊間？", "list": [{"id": "a", "content": "1. 旺角"},
            {"id": "b", "content": "2. 沙田"}], "tail_content": "打數字"}  # fmt: skip

    def answer(message):
        send(message, text("等等"), {"msgtype": "msgmenu", "msgmenu": menu})

    async with webhook(redis, [OURS]) as hook:
        hook.door.answer = answer
        code, out, err = await simulate("預約", PORT=str(hook.port), DATA_DIR=str(data))
        await asyncio.gather(*send.tasks)
    assert code == 0, err
    assert out == "> 預約\n等等\n\n邊間？\n1. 旺角\n2. 沙田\n打數字\n\n"


async def test_it_listens_for_what_comes_later(redis, data):
    send = Sending(data)
    reminder = {"to": "subscribe", "template_id": "T", "data": {"thing1": {"value": "身份證"}}}

    def answer(message):
        if message.subscriptions:
            send.allowed = message.subscriptions
            return None
        send(message, reminder, after_s=2.5)
        return "好"

    async with webhook(redis, [OURS]) as hook:
        hook.door.answer = answer
        code, out, err = await simulate(
            "--listen", "4", "--accept-reminders", "提我", PORT=str(hook.port),
            DATA_DIR=str(data), WECHAT_REMINDER_TEMPLATE="T;thing1=permit",
        )  # fmt: skip
        await asyncio.gather(*send.tasks)
    assert code == 0, err
    assert send.allowed == {"T": "accept"}
    assert out == "> 提我\n好\n\n[reminder]\n  thing1: 身份證\n\n"


async def test_lines_are_messages_where_no_text_is_given(redis, data):
    async with webhook(redis, [OURS]) as hook:
        hook.door.answer = lambda message: message.text.upper()
        code, out, err = await simulate(
            typed="one\n\n1\n", PORT=str(hook.port), DATA_DIR=str(data)
        )  # fmt: skip
    assert (code, out) == (0, "ONE\n\n1\n\n"), err


async def test_ctrl_c_ends_it_and_its_address_is_taken_away(redis, data):
    async with webhook(redis, [OURS]) as hook:
        process = await start(PORT=str(hook.port), DATA_DIR=str(data))
        while simulator_base(data) is None:
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = await asyncio.wait_for(process.communicate(), 10)
    assert b"Traceback" not in err
    assert not (data / "simulator" / "wechat").exists()


async def test_people_and_accounts_can_be_chosen(redis, data):
    two = account(name="two", app_id="wx02", secret="s", tokens=("abc",), mode="plain")
    listed = '[{"name": "two", "appid": "wx02", "secret": "s", "token": "abc", "mode": "plain"}]'
    async with webhook(redis, [OURS, two]) as hook:
        hook.door.answer = lambda message: message.account
        common = {"PORT": str(hook.port), "DATA_DIR": str(data), "WECHAT_ACCOUNTS": listed}
        for arguments in (["hi"], ["--user", "amy", "hi"], ["--account", "two", "hi"]):
            code, _, err = await simulate(*arguments, **common)
            assert code == 0, err
    assert [message.account for message in hook.door.taken] == [OURS.app_id, OURS.app_id, "wx02"]
    assert len({message.address for message in hook.door.taken}) == 2


async def test_it_says_what_is_wrong(redis, data):
    common = {"DATA_DIR": str(data)}
    code, _, err = await simulate("hi", PORT="1", **common)
    assert code == 1 and "onestop serve" in err
    other = account(app_id=OURS.app_id, tokens=("another",))
    async with webhook(redis, [other]) as hook:
        code, _, err = await simulate("hi", PORT=str(hook.port), **common)
    assert code == 1 and "has it the same settings?" in err
    code, _, err = await simulate("hi", WECHAT_API_BASE="https://wx.example", **common)
    assert code == 1 and "API_BASE" in err
    code, _, err = await simulate("--account", "three", "hi", **common)
    assert code == 1 and "named “three”" in err
    production = {name.removeprefix("ONESTOP_"): value for name, value in PRODUCTION.items()}
    code, _, err = await simulate("hi", **common, **production)
    assert code == 1 and "refused in production" in err
    assert "Traceback" not in err

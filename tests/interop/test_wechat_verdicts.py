"""A thousand requests, good and bad, to somebody else's webhook (npm co-wechat) and to ours.

Their verdicts agree, but where co-wechat is known to be open: it looks neither at the app id that is
sealed in a message, nor at the time of a request, nor at what a signature came with before; and it
takes messages that are not encrypted where they should be.
"""

import asyncio
import base64
import random
from dataclasses import replace
from datetime import timedelta
from typing import Callable, Dict

import aiohttp
import pytest

from channels.wechat.account import WEBHOOK
from channels.wechat.simulator import messages
from channels.wechat.simulator.push import Platform, Push
from channels.wechat.simulator.sealing import encrypt, signature
from core.clock import system_clock
from tests.support.node import node, require_node
from tests.support.wechat import KEY, OPENID, OTHER_KEY, account, webhook

COUNT = 500  # for each of two modes
#: Where the other one takes what must be refused.
GAPS = ("another app id", "long ago", "far ahead", "another body", "not encrypted", "no seal")


class Requests:
    """Makes requests of every kind; the same ones each time."""

    def __init__(self, mode: str) -> None:
        self.chance = random.Random(20261122)
        self.ours = account(mode=mode)
        self.sealed = mode != "plain"
        self.kinds: Dict[str, Callable[[], Push]] = {
            "good": self.good, "good event": self.event, "repeated": self.repeated,
            "another token": lambda: self.good(tokens=("another",)),
            "long ago": lambda: self.good(seconds=-self.chance.randrange(400, 2_000_000_000)),
            "far ahead": lambda: self.good(seconds=self.chance.randrange(400, 2_000_000_000)),
            "flipped": self.flipped, "left out": self.left_out, "cut short": self.cut_short,
            "no body": lambda: replace(self.good(), body=b""),
        }  # fmt: skip
        if self.sealed:
            self.kinds |= {
                "another app id": lambda: self.good(app_id="wx0000000000000000"),
                "not encrypted": lambda: self.platform(mode="plain").push(OPENID, messages.text("hi")),
                "no seal": lambda: self.without("msg_signature"),
                "another key": lambda: self.good(aes_keys=(OTHER_KEY,)),
                "garbage": self.garbage,
                "plain body": lambda: replace(self.good(), body=self.platform(mode="plain")
                                              .push(OPENID, messages.text("hi")).body),
            }  # fmt: skip
        else:
            self.kinds |= {"another body": self.another_body}
        self.seen = self.good()

    def platform(self, seconds=0, **other) -> Platform:
        return Platform(
            replace(self.ours, **other), "", lambda: system_clock() + timedelta(seconds=seconds)
        )

    def good(self, seconds=0, **other) -> Push:
        text = "".join(chr(self.chance.randrange(0x4E00, 0x9FFF)) for _ in range(20))
        return self.platform(seconds, **other).push(OPENID, messages.text(text))

    def event(self) -> Push:
        name = self.chance.choice(["subscribe", "SCAN", "CLICK", "VIEW", "unsubscribe"])
        return self.platform().push(OPENID, messages.event(name, "key"))

    def repeated(self) -> Push:
        return self.seen

    def another_body(self) -> Push:
        return replace(self.seen, body=self.good().body)

    def flipped(self) -> Push:
        """One bit in what the signature covers."""
        push = self.good()
        signed = "msg_signature" if self.sealed else "signature"
        name = self.chance.choice(["timestamp", "nonce", signed])
        wrong = bytearray(push.query[name].encode())
        wrong[self.chance.randrange(len(wrong))] ^= 1 << self.chance.randrange(4)
        return replace(push, query={**push.query, name: wrong.decode()})

    def left_out(self) -> Push:
        names = ["timestamp", "nonce", *([] if self.sealed else ["signature"])]
        return self.without(self.chance.choice(names))

    def without(self, left_out: str) -> Push:
        push = self.good()
        return replace(push, query={k: v for k, v in push.query.items() if k != left_out})

    def cut_short(self) -> Push:
        push = self.good()
        return replace(push, body=push.body[: self.chance.randrange(len(push.body) - 6)])

    def garbage(self) -> Push:
        """Something else than a message, well signed."""
        push, chance = self.good(), self.chance
        sealed = chance.choice([
            base64.b64encode(chance.randbytes(chance.randrange(1, 100))).decode(),
            base64.b64encode(chance.randbytes(64)).decode(),
            encrypt(KEY, self.ours.app_id, chance.randbytes(50)),
            encrypt(KEY, self.ours.app_id, b""),
            encrypt(KEY, self.ours.app_id, b"<xml><A>"),
        ])  # fmt: skip
        token, query = self.ours.tokens[0], dict(push.query)
        query["msg_signature"] = signature(token, query["timestamp"], query["nonce"], sealed)
        body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
        return replace(push, query=query, body=body)


async def verdict(session, url, push):
    async with session.post(url, params=push.query, data=push.body) as answer:
        await answer.read()
        return answer.status


@pytest.mark.parametrize("mode", ["safe", "plain"])
async def test_verdicts_agree_but_for_the_known_gaps(redis, mode):
    require_node("co-wechat")
    require_node("koa")
    requests = Requests(mode)
    ours = requests.ours
    kinds = [*requests.kinds] * (COUNT // len(requests.kinds) + 1)
    arguments = [ours.tokens[0], ours.app_id, *([KEY] if requests.sealed else [])]
    differing, refused = set(), 0
    async with webhook(redis, [ours]) as hook, node("co_wechat_server.mjs", *arguments) as other:
        theirs = f"http://127.0.0.1:{await other.answer()}{WEBHOOK}"
        async with aiohttp.ClientSession() as session:
            assert await verdict(session, hook.url, requests.seen) == 200
            for kind in kinds[:COUNT]:
                push = requests.kinds[kind]()
                our, their = await asyncio.gather(
                    verdict(session, hook.url, push), verdict(session, theirs, push)
                )
                assert our in (200, 403), kind
                if kind in GAPS:
                    assert (our, their) == (403, 200), kind
                elif (our == 200) != (their == 200):
                    differing.add((kind, our, their))
                refused += our == 403
    assert differing == set()
    assert COUNT * 0.5 < refused < COUNT * 0.9
    assert len(hook.door.taken) == COUNT + 1 - refused

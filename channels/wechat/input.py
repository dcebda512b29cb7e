"""WeChat's HTTP: checks who pushes and what, opens it, hands it on and answers in time.

Whatever is wrong, the client learns “403” and nothing else; the log learns a code and nothing of
what came. docs/channels/wechat.md has the protocol; platforms differ from their documents, so
nothing is required that the documents leave open.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Optional, Protocol, Sequence

from sanic import Blueprint
from sanic.exceptions import RequestTimeout, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from channels.common.envelope import Incoming
from channels.common.handlers import handler_of
from channels.wechat import markup, parse
from channels.wechat.account import CHANNEL, WEBHOOK, Account
from channels.wechat.crypto import Crypto, Opened
from channels.wechat.passive import passive_reply
from channels.wechat.query import Query
from channels.wechat.refused import Refused
from channels.wechat.replay import Replays, check_time
from channels.wechat.signature import is_signed
from core import metrics
from core.clock import Clock
from core.vault import Vault

logger = logging.getLogger(__name__)

#: Bytes of a push; seconds for it to arrive: WeChat itself gives up then.
MAX_BODY, BODY_TIMEOUT_S = 256 * 1024, 5.0

_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json"}


class Door(Protocol):
    """Behind the webhook: where messages are kept and worked off."""

    async def take(self, account: Account, incoming: Incoming) -> Optional[str]:
        """Takes a message in, for good: what returns will never be lost.

        Returns:
            The text of the passive reply; None when the answer goes another way or there is none.
            A repeat gets what was answered before.

        Raises:
            Exception: it could not be kept; WeChat is not told that it was.
        """


@dataclass(frozen=True)
class _Push:
    """What came, checked and opened."""

    fields: markup.Fields
    opened: Optional[Opened]


class WeChatChannel:
    """The webhook of all accounts."""

    def __init__(
        self, accounts: Sequence[Account], door: Door, replays: Replays, vault: Vault, clock: Clock
    ) -> None:
        self._accounts = {account.name: account for account in accounts}
        self._cryptos = {a.name: Crypto(a.app_id, a.tokens, a.aes_keys) for a in accounts}
        self._door = door
        self._replays = replays
        self._vault = vault
        self._clock = clock

    def blueprint(self) -> Blueprint:
        routes = Blueprint(CHANNEL)
        for path, name in ((WEBHOOK, "one"), (f"{WEBHOOK}/<name>", "named")):
            check, push = handler_of(self.check), handler_of(self.push)
            routes.add_route(check, path, methods=["GET"], name=f"check_{name}")
            # As a stream: the handler itself says how long a body may be, and how slow.
            routes.add_route(push, path, methods=["POST"], stream=True, name=f"push_{name}")
        routes.exception(Exception)(handler_of(self._failed))
        return routes

    async def _failed(self, request: Request, error: Exception) -> HTTPResponse:
        """The answers of what is raised while a request is handled."""
        if isinstance(error, Refused):
            metrics.refused.labels(CHANNEL, error.reason).inc()
            logger.warning("a push was refused: %s", error.reason)
            return _answer(b"refused", status=403)
        if isinstance(error, SanicException) and error.status_code < 500:
            return _answer(b"refused", status=error.status_code)
        # Not acknowledged: what is not stored has not arrived.
        logger.error("a push could not be taken", exc_info=error)
        return _answer(b"not now", status=503)

    async def check(self, request: Request, name: str = "") -> HTTPResponse:
        """The platform's check of the address: its echo string, byte for byte."""
        account, query = self._account(name), Query(request)
        if query.get("msg_signature"):
            opened = self._cryptos[name].open(
                query["echostr"], query["msg_signature"], query["timestamp"], query["nonce"]
            )
            check_time(query["timestamp"], self._clock)
            return _answer(opened.message)
        self._check_signature(account, query)
        return _answer(query["echostr"].encode("utf-8", "surrogateescape"))

    async def push(self, request: Request, name: str = "") -> HTTPResponse:
        """One message or event."""
        account, query = self._account(name), Query(request)
        encrypted = query.get("encrypt_type", "raw") == "aes"
        # Compatible mode brings both forms, and only one that is signed: the encrypted.
        if encrypted == (account.mode == "plain"):
            raise Refused("mode")
        if "signature" in query or not encrypted:
            self._check_signature(account, query)
        check_time(query["timestamp"], self._clock)
        body = await _body(request)
        push = self._open(account, query, body) if encrypted else _Push(markup.read(body), None)
        signed = query["msg_signature" if encrypted else "signature"]
        incoming = parse.incoming(account, push.fields, self._vault)
        if query.get("openid", incoming.address) != incoming.address:
            raise Refused("openid")
        await self._replays.check(account.app_id, signed, query["timestamp"], query["nonce"], body)
        metrics.received.labels(CHANNEL, incoming.media or incoming.event).inc()
        text = await self._door.take(account, incoming)
        if text is None:
            return _answer(b"success")
        ours = markup.text_of(push.fields, "ToUserName")
        now = self._clock()
        reply = passive_reply(account.format, incoming.address, ours, text, now)
        if push.opened:
            reply = push.opened.seal(reply, account.format, int(now.timestamp()))
        return _answer(reply, _TYPES[account.format])

    def _account(self, name: str) -> Account:
        if name not in self._accounts:
            raise Refused("account")
        return self._accounts[name]

    def _check_signature(self, account: Account, query: Query) -> None:
        signature, timestamp, nonce = query["signature"], query["timestamp"], query["nonce"]
        if not is_signed(signature, account.tokens, timestamp, nonce):
            raise Refused("signature")
        check_time(timestamp, self._clock)

    def _open(self, account: Account, query: Query, body: bytes) -> _Push:
        envelope = markup.read(body)
        opened = self._cryptos[account.name].open(
            markup.text_of(envelope, "Encrypt"),
            query["msg_signature"], query["timestamp"], query["nonce"],
        )  # fmt: skip
        fields = markup.read(opened.message)
        to = markup.text_of(fields, "ToUserName")
        if markup.text_of(envelope, "ToUserName") not in ("", to):
            raise Refused("addressee")
        return _Push(fields, opened)


async def _body(request: Request) -> bytes:
    """The body, as far as it is short and fast enough.

    Raises:
        SanicException: it is neither, or not written as HTTP wants it.
    """
    stream: Any = request.stream
    stream.request_max_size = MAX_BODY

    async def read() -> bytes:
        return b"".join([part async for part in stream])

    try:
        return await asyncio.wait_for(read(), BODY_TIMEOUT_S)
    except asyncio.TimeoutError:
        stream.request_body, stream.keep_alive = None, False  # the rest is not waited for
        raise RequestTimeout("too slow") from None


def _answer(
    body: bytes, content_type: str = "text/plain; charset=utf-8", status: int = 200
) -> HTTPResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return raw(body, status=status, content_type=content_type, headers=headers)

"""The platform as a webhook sees it: it signs, encrypts, waits five seconds, and tries three times.

Facts: developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Mapping

import aiohttp

from channels.wechat.account import Account
from channels.wechat.simulator.sealing import decrypt, encrypt, fields_of, signature
from core.clock import Clock, system_clock

TRIES, TIMEOUT_S = 3, 5.0
_TEXT_BYTES = 2048
#: What the platform calls our accounts in messages.
OURS = "gh_000000000000"


class BadReply(Exception):
    """The answer is none that the platform takes; people would see its fault text."""


@dataclass(frozen=True)
class Push:
    """A request to the webhook. Tests change it with ``dataclasses.replace``."""

    query: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the webhook answered: the passive reply's fields, empty for “success”."""

    status: int
    body: bytes
    message: Mapping[str, str] = field(default_factory=dict)
    tries: int = 1


class Platform:
    """Plays WeChat against the webhook of one account.

    Args:
        url: the webhook.
    """

    def __init__(self, account: Account, url: str, clock: Clock = system_clock) -> None:
        self._account = account
        self._url = url
        self._clock = clock

    def push(self, openid: str, fields: Mapping[str, Any]) -> Push:
        """The request that tells of what a person did, made as the account is configured."""
        now = str(int(self._clock().timestamp()))
        named = {"ToUserName": OURS, "FromUserName": openid, "CreateTime": int(now)}
        if fields["MsgType"] != "event":
            named["MsgId"] = secrets.randbits(63)  # of 64 bits, and a number in JSON
        return self._wrap(openid, {**named, **fields})

    def _wrap(self, openid: str, fields: Mapping[str, Any]) -> Push:
        account = self._account
        now, nonce = str(int(self._clock().timestamp())), str(secrets.randbelow(10**10))
        token = account.tokens[0]
        query = {"signature": signature(token, now, nonce), "timestamp": now, "nonce": nonce,
                 "openid": openid}  # fmt: skip
        plain = self._write(fields)
        if account.mode == "plain":
            return Push(query, plain)
        sealed = encrypt(account.aes_keys[0], account.app_id, plain)
        query |= {"encrypt_type": "aes", "msg_signature": signature(token, now, nonce, sealed)}
        shown = fields if account.mode == "compat" else {"ToUserName": OURS}
        return Push(query, self._write({**shown, "Encrypt": sealed}))

    def _write(self, fields: Mapping[str, Any]) -> bytes:
        if self._account.format == "json":
            return json.dumps(fields, ensure_ascii=False).encode()
        return f"<xml>{_xml(fields)}</xml>".encode()

    def checked(self, echo: str) -> Push:
        """The request that checks the address before it is used; to be sent with GET."""
        now, nonce = str(int(self._clock().timestamp())), str(secrets.randbelow(10**10))
        signed = signature(self._account.tokens[0], now, nonce)
        query = {"signature": signed, "timestamp": now, "nonce": nonce, "echostr": echo}
        return Push(query, b"")

    async def post(self, push: Push, method: str = "POST") -> Answer:
        """One try.

        Raises:
            asyncio.TimeoutError: no answer in five seconds.
            BadReply: an answer that the platform would not take.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.request(
            method, self._url, params=push.query, data=push.body, headers=push.headers
        ) as response:  # fmt: skip
            body = await response.read()
        if method == "GET" or response.status != 200:
            return Answer(response.status, body)
        return Answer(200, body, self._open(push.query.get("openid", ""), body))

    async def deliver(self, openid: str, fields: Mapping[str, Any]) -> Answer:
        """Tells of what a person did, the same message up to three times until it is answered.

        Raises:
            asyncio.TimeoutError, aiohttp.ClientError: the last try was not answered.
            BadReply: an answer that the platform would not take.
        """
        push = self.push(openid, fields)
        for tries in range(1, TRIES + 1):
            try:
                answer = await self.post(push)
            except (asyncio.TimeoutError, aiohttp.ClientError):
                if tries == TRIES:
                    raise
            else:
                if answer.status == 200 or tries == TRIES:
                    return replace(answer, tries=tries)
        raise AssertionError

    def _open(self, openid: str, body: bytes) -> Dict[str, str]:
        """The passive reply in an answer, checked."""
        if body in (b"", b"success"):
            return {}
        account = self._account
        try:
            fields = fields_of(body)
            if account.mode != "plain":
                fields = fields_of(self._unseal(fields))
        except (ValueError, KeyError, SyntaxError) as error:
            raise BadReply(f"unreadable: {error}") from None
        if account.kind == "miniprogram" and fields["MsgType"] != "transfer_customer_service":
            raise BadReply("a mini program answers through the API")
        if (fields["ToUserName"], fields["FromUserName"]) != (openid, OURS):
            raise BadReply("for somebody else")
        if len(fields.get("Content", "").encode()) > _TEXT_BYTES:
            raise BadReply("longer than 2,048 bytes")
        return fields

    def _unseal(self, envelope: Mapping[str, str]) -> bytes:
        account, sealed = self._account, envelope["Encrypt"]
        due = signature(account.tokens[0], envelope["TimeStamp"], envelope["Nonce"], sealed)
        if envelope["MsgSignature"] != due:
            raise BadReply("not signed")
        return decrypt(account.aes_keys[0], account.app_id, sealed)


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(name, one) for name, one in value.items())
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{escaped}]]>"


def _element(name: str, value: Any) -> str:
    values: List[Any] = value if isinstance(value, list) else [value]
    return "".join(f"<{name}>{_xml(one)}</{name}>" for one in values)

"""Whose chat a browser belongs to in WeChat: a code of the platform stands for an openid.

A service account's page gets the code by a visit to WeChat (OAuth 2.0, scope ``snsapi_base``, which
asks the person nothing); a mini program by ``wx.login``. Neither openid nor session key leaves
this file. The addresses hold the secret, so that no error of the HTTP library is passed on.
"""

import asyncio
import json
from typing import Any, Callable, Mapping, Optional, Protocol
from urllib.parse import urlencode

import aiohttp

from channels.common.proof import ProofUnavailable

_AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
_TIMEOUT = aiohttp.ClientTimeout(total=5, sock_connect=2)
_LARGEST = 64 * 1024
#: The code is wrong, was used, or is too old (40029, 40163, 41008); the person is blocked (40226).
_NO_PROOF = frozenset([40029, 40163, 41008, 40226])


class Account(Protocol):
    """What is needed of ``channels.wechat.account.Account``."""

    @property
    def app_id(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def api_base(self) -> str: ...


class WeChatProof:
    """Proof by the platform's code (see ``channels.common.proof.ChannelProof``).

    Args:
        accounts: by their app ids.
        sender_of: the sender of an app id and an openid, as the channel's messages have it.
        authorize: the platform's page; another one in tests.
    """

    def __init__(
        self, accounts: Mapping[str, Account], sender_of: Callable[[str, str], str],
        authorize: str = _AUTHORIZE,
    ) -> None:  # fmt: skip
        self._accounts = accounts
        self._sender_of = sender_of
        self._authorize = authorize

    async def sender_of(
        self, account: str, cookies: Mapping[str, str], code: Optional[str] = None
    ) -> Optional[str]:
        found = self._accounts.get(account)
        if found is None or not code:
            return None
        common = {"appid": found.app_id, "secret": found.secret, "grant_type": "authorization_code"}
        if found.kind == "miniprogram":
            answer = await _ask(f"{found.api_base}/sns/jscode2session", js_code=code, **common)
        else:
            answer = await _ask(f"{found.api_base}/sns/oauth2/access_token", code=code, **common)
        openid = answer.get("openid")
        if isinstance(openid, str) and openid:
            return self._sender_of(found.app_id, openid)
        if answer.get("errcode") in _NO_PROOF:
            return None
        raise ProofUnavailable("WeChat answers with neither a person nor a refusal.")

    def detour(self, account: str, user_agent: str, back: str, state: str) -> Optional[str]:
        """Inside WeChat alone; elsewhere its page could only say that it must be opened there."""
        found = self._accounts.get(account)
        inside = "micromessenger" in user_agent.lower()
        if found is None or found.kind == "miniprogram" or not inside:
            return None
        # the platform wants this very order, and the fragment
        query = urlencode({"appid": found.app_id, "redirect_uri": back, "response_type": "code",
                           "scope": "snsapi_base", "state": state})  # fmt: skip
        return f"{self._authorize}?{query}#wechat_redirect"


async def _ask(url: str, **query: str) -> Mapping[str, Any]:
    """The platform's answer. A call is rare, and made once: the code is good for one.

    Raises:
        ProofUnavailable: there is none, or none that can be read.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(url, params=query, allow_redirects=False) as response,
        ):
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > _LARGEST:
                    raise ProofUnavailable("WeChat's answer is too large.")
            answer = json.loads(bytes(body))  # whatever type it says it is: WeChat says text/plain
    except (aiohttp.ClientError, asyncio.TimeoutError):
        raise ProofUnavailable("WeChat does not answer.") from None
    except (ValueError, RecursionError):
        raise ProofUnavailable("WeChat answers what is no JSON.") from None
    if not isinstance(answer, dict):
        raise ProofUnavailable("WeChat answers what is no object.")
    return answer

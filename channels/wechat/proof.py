"""Whose chat a browser belongs to in WeChat: a code of the platform stands for an openid.

A service account's page gets the code by a visit to WeChat (OAuth 2.0, scope ``snsapi_base``, which
asks the person nothing); a mini program by ``wx.login``. The openid does not leave this file.
"""

from typing import Callable, Mapping, Optional, Protocol, Sequence
from urllib.parse import urlencode

from channels.common.proof import ProofUnavailable
from channels.wechat.account import Account
from channels.wechat.errors import CodeRefused, PlatformError

_AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"


class Client(Protocol):
    """What is needed of ``channels.wechat.client.WeChatClient``."""

    async def openid_of_code(self, account: Account, code: str) -> str: ...


class WeChatProof:
    """Proof by the platform's code (see ``channels.common.proof.ChannelProof``).

    Args:
        sender_of: the sender of an account and an openid, as the channel's messages have it.
        authorize: the platform's page; another one in tests.
    """

    def __init__(
        self, accounts: Sequence[Account], client: Client, sender_of: Callable[[Account, str], str],
        authorize: str = _AUTHORIZE,
    ) -> None:  # fmt: skip
        self._accounts = {account.app_id: account for account in accounts}
        self._client = client
        self._sender_of = sender_of
        self._authorize = authorize

    async def sender_of(
        self, account: str, cookies: Mapping[str, str], code: Optional[str] = None
    ) -> Optional[str]:
        found = self._accounts.get(account)
        if found is None or not code:
            return None
        try:
            return self._sender_of(found, await self._client.openid_of_code(found, code))
        except CodeRefused:
            return None
        except PlatformError as error:
            raise ProofUnavailable(error.reason) from None

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

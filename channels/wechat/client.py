"""WeChat's API as this assistant uses it.

wechatpy's own client is not used: it repeats a refused token without end and sends an empty file
when an upload is repeated.
"""

import asyncio
import logging
from typing import Any, Literal, Mapping, Optional

import aiohttp
import redis.asyncio

from channels.common.courier import Verdict
from channels.wechat.account import Account
from channels.wechat.calls import Answer, Calls, Media
from channels.wechat.errors import CodeRefused, PlatformError, code_of, rid_of
from channels.wechat.http import Http, Limits, NotSent, Unknown, parsed
from channels.wechat.token import Resting, Tokens
from core.vault import Vault

logger = logging.getLogger(__name__)

_BUSY, _AGAIN_S = -1, 0.3
_SEND = "/cgi-bin/message/custom/send"
_SUBSCRIBE = {
    "service_account": "/cgi-bin/message/subscribe/bizsend",
    "miniprogram": "/cgi-bin/message/subscribe/send",
}
_TYPING = {
    "service_account": "/cgi-bin/message/custom/typing",
    "miniprogram": "/cgi-bin/message/custom/business/typing",
}
#: What may be uploaded as what, and the most bytes of it.
_UPLOADS = {"image": 10 * 1024 * 1024, "voice": 2 * 1024 * 1024}
_LARGEST = 10 * 1024 * 1024
_LIMITS = Limits()
#: Codes that say that a code was wrong, used before, or of somebody who is blocked.
_REFUSED_CODES = (40029, 40163, 40226, 41008)


class WeChatClient:
    """Calls the API with a token that works; what the platform says comes back as a verdict.

    Args:
        client: Redis, where the tokens stand.
    """

    def __init__(
        self, client: "redis.asyncio.Redis[str]", vault: Vault, limits: Limits = _LIMITS
    ) -> None:
        self._limits, self._http = limits, Http(limits)
        self._calls = Calls(Tokens(client, vault, self._http), self._http)

    async def close(self) -> None:
        await self._http.close()

    async def send(
        self,
        account: Account,
        openid: str,
        body: Mapping[str, Any],
        answers: Optional[str] = None,
    ) -> Verdict:
        """Sends a customer-service message.

        Args:
            body: ``msgtype`` and what belongs to it, as the API document has it.
            answers: the id of the person's message that this is the answer to.
        """
        context = {"aimsgcontext": {"msgid": answers}} if answers else {}
        return await self._calls.verdict(account, _SEND, {"touser": openid, **body, **context})

    async def subscribe(self, account: Account, openid: str, body: Mapping[str, Any]) -> Verdict:
        """Sends a subscribe message: ``template_id``, ``data`` and what else the document has."""
        path = _SUBSCRIBE[account.kind]
        return await self._calls.verdict(account, path, {"touser": openid, **body})

    async def typing(self, account: Account, openid: str, on: bool = True) -> None:
        """Shows for 15 seconds, or until the next message, that an answer is being written.

        Whatever goes wrong with it does not matter.
        """
        command = "Typing" if on else "CancelTyping"
        path = _TYPING[account.kind]
        try:
            answer = await self._calls.post(account, path, {"touser": openid, "command": command})
        except (Resting, NotSent, Unknown):
            return
        if code_of(answer):
            logger.info("%s: code %s, rid %s", path, code_of(answer), rid_of(answer))

    async def upload(self, account: Account, kind: Literal["image", "voice"], file: Media) -> str:
        """Uploads a file and returns its media id, which is good for three days.

        Raises:
            PlatformError: it is too large or empty, or the platform does not take it.
        """
        if not 0 < len(file.data) <= _UPLOADS[kind]:
            raise PlatformError("file_size")

        async def ask(token: str) -> Answer:
            form = aiohttp.FormData()  # made anew for each try: a form is read once
            form.add_field("media", file.data, filename=file.name, content_type=file.content_type)
            raw = await self._http.raw(
                "POST",
                f"{account.base}/cgi-bin/media/upload",
                self._limits.body_bytes,
                self._limits.file_s,
                params={"access_token": token, "type": kind},
                data=form,
            )
            return Answer(parsed(*raw))

        answer = (await self._calls.asked(account, "/cgi-bin/media/upload", ask)).content
        if not isinstance(answer.get("media_id"), str):
            raise PlatformError("answer_malformed")
        return str(answer["media_id"])

    async def download(self, account: Account, media_id: str) -> Media:
        """Downloads what a person sent; the platform keeps it for three days.

        Raises:
            PlatformError: there is no such file, or it cannot be had.
        """

        async def ask(token: str) -> Answer:
            kind, raw = await self._http.raw(
                "GET",
                f"{account.base}/cgi-bin/media/get",
                _LARGEST,
                self._limits.file_s,
                params={"access_token": token, "media_id": media_id},
            )
            if kind in ("application/json", "text/plain"):  # an error, with status 200
                return Answer(parsed(kind, raw))
            return Answer({}, Media("", kind, raw))

        answer = await self._calls.asked(account, "/cgi-bin/media/get", ask)
        if answer.media is None:
            raise PlatformError("no_media")
        return answer.media

    async def openid_of_code(self, account: Account, code: str) -> str:
        """The openid of whoever was given this code, in a mini program or in WeChat's browser.

        Args:
            code: of ``wx.login`` for a mini program, of the snsapi_base redirect for a service
                account. The platform takes it once and for a few minutes.

        Raises:
            CodeRefused: the code is wrong, old or used.
            PlatformError: nobody knows.
        """
        mini = account.kind == "miniprogram"
        path = "/sns/jscode2session" if mini else "/sns/oauth2/access_token"
        params = {
            "appid": account.app_id,
            "secret": account.secret,
            "js_code" if mini else "code": code,
            "grant_type": "authorization_code",
        }
        try:
            answer = await self._http.json("GET", account.base + path, params=params)
            if code_of(answer) == _BUSY:
                await asyncio.sleep(_AGAIN_S)
                answer = await self._http.json("GET", account.base + path, params=params)
        except (NotSent, Unknown) as error:
            raise PlatformError(str(error)) from None
        refused = code_of(answer)
        openid = answer.get("openid")
        if refused != 0 or not isinstance(openid, str) or not openid:
            logger.warning("%s: code %s, rid %s", path, refused, rid_of(answer))
            raise (CodeRefused if refused in _REFUSED_CODES else PlatformError)(f"code_{refused}")
        return openid

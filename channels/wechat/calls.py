"""A call to WeChat's API with a token that works, and what the answer to it means.

Addresses, tokens, people's ids and what was sent are never logged; the platform's request id (rid)
is.
"""

import logging
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, Mapping, NamedTuple, Optional

from channels.common.courier import Verdict
from channels.wechat.account import Account
from channels.wechat.errors import TOKEN, PlatformError, code_of, meaning, rid_of
from channels.wechat.http import Http, NotSent, Unknown
from channels.wechat.token import Resting, Tokens

logger = logging.getLogger(__name__)

#: Seconds for which an account rests whose new token is refused as its old one was.
_REST_S = 60.0


@dataclass(frozen=True)
class Media:
    """A file: its name, its content type and its bytes."""

    name: str
    content_type: str
    data: bytes


class Answer(NamedTuple):
    """What the platform answers: a JSON object, or a file."""

    content: Dict[str, Any]
    media: Optional[Media] = None


#: One try of a call with a token; raises NotSent or Unknown.
Ask = Callable[[str], Awaitable[Answer]]


class Calls:
    """Makes calls on behalf of accounts."""

    def __init__(self, tokens: Tokens, http: Http) -> None:
        self._tokens, self._http = tokens, http

    async def post(self, account: Account, path: str, body: Any) -> Dict[str, Any]:
        """The answer to JSON that is posted.

        Raises:
            Resting, NotSent: certainly not taken.
            Unknown: nobody knows.
        """

        async def ask(token: str) -> Answer:
            url, params = account.base + path, {"access_token": token}
            return Answer(await self._http.json("POST", url, body, params=params))

        return (await self._with_token(account, ask)).content

    async def verdict(self, account: Account, path: str, body: Any) -> Verdict:
        """What became of a message that is posted. Raises for nothing that the platform does."""
        try:
            answer = await self.post(account, path, body)
        except Resting as error:
            return Verdict("later", error.seconds, error.reason)
        except NotSent as error:
            logger.warning("%s: %s", path, error)
            return Verdict("later", reason=str(error))
        except Unknown as error:
            logger.warning("%s: %s", path, error)
            return Verdict("ambiguous", reason=str(error))
        return await self._judged(account, path, answer)

    async def asked(self, account: Account, path: str, ask: Ask) -> Answer:
        """The answer to a call that is no message.

        Raises:
            PlatformError: there is none, or it is an error code.
        """
        try:
            answer = await self._with_token(account, ask)
        except Resting as error:
            raise PlatformError(error.reason) from None
        except (NotSent, Unknown) as error:
            logger.warning("%s: %s", path, error)
            raise PlatformError(str(error)) from None
        verdict = await self._judged(account, path, answer.content)
        if verdict.fate != "sent":
            raise PlatformError(verdict.reason)
        return answer

    async def _with_token(self, account: Account, ask: Ask) -> Answer:
        """The answer to a call, made once more when it was the token that was refused."""
        token = await self._tokens.get(account)
        answer = await ask(token.value)
        if not _token_refused(answer):
            return answer
        await self._tokens.refuse(account, token)
        answer = await ask((await self._tokens.get(account)).value)
        if _token_refused(answer):
            logger.error("the new token of %s is refused as well", account.app_id)
            await self._tokens.rest(account, TOKEN, _REST_S)
        return answer

    async def _judged(self, account: Account, path: str, answer: Mapping[str, Any]) -> Verdict:
        code = code_of(answer)
        if code is None:
            logger.warning("%s: answer_malformed", path)
            return Verdict("ambiguous", reason="answer_malformed")
        meant = meaning(code)
        if code:
            level = logging.ERROR if meant.alarm else logging.WARNING
            logger.log(
                level, "%s: %s (%d), rid %s", path, meant.verdict.reason, code, rid_of(answer)
            )
        if meant.rest_s:
            await self._tokens.rest(account, meant.verdict.reason, meant.rest_s)
        return meant.verdict


def _token_refused(answer: Answer) -> bool:
    code = code_of(answer.content)
    return code is not None and meaning(code).verdict.reason == TOKEN

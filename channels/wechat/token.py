"""The access token of an account: one for all processes, fetched by one of them at a time.

From /cgi-bin/stable_token, which gives the same token to whoever asks, until it is about to end;
the old and the new one then both work for five minutes. It stands sealed in Redis for as long as
it works. A few days of every process fetching its own use up the day's quota of fetches, and
forced renewals would make all other processes' tokens wrong: none is forced here, ever.

When the platform refuses an account as such, the account rests: all processes leave it alone for a
while, which stands in Redis as well.
"""

import asyncio
import json
import logging
import secrets
from dataclasses import dataclass, field
from typing import Any, Dict, Optional

import redis.asyncio

from channels.wechat.account import Account
from channels.wechat.errors import code_of, meaning, rid_of
from channels.wechat.http import Http, NotSent, Unknown
from core.sealing import seal, unseal
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

#: A token is renewed so many seconds before its end, but not in the first of its life.
_AHEAD_S, _AT_LEAST_S = 300, 60
_LOCK_MS, _LOOK_AGAIN_S = 10_000, 0.05
#: Seconds for which nobody asks again after a fetch that failed.
_REST_S = 5.0
_LONGEST = 1024

_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Resting(Exception):
    """The account is left alone, for a reason and so many seconds more."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.reason, self.seconds = reason, seconds


@dataclass(frozen=True)
class Token:
    """A token of one fetch: the platform may give the same value again.

    Attributes:
        sealed: how it stands in Redis; a fetch is told by it.
        due: it still works, and is to be renewed.
    """

    value: str = field(repr=False)
    sealed: str = field(repr=False)
    due: bool = field(default=False, compare=False)


class Tokens:
    """Hands out the tokens of accounts."""

    def __init__(self, client: "redis.asyncio.Redis[str]", vault: Vault, http: Http) -> None:
        self._client, self._vault, self._http = client, vault, http
        self._queues: Dict[str, asyncio.Lock] = {}

    async def get(self, account: Account) -> Token:
        """A token to use now.

        Raises:
            Resting: the account is left alone, or no token can be had.
        """
        kept = await self._kept(account)
        queue = self._queues.setdefault(account.app_id, asyncio.Lock())
        if kept and (not kept.due or queue.locked()):
            return kept
        async with queue:
            return await self._renewed(account)

    async def refuse(self, account: Account, token: Token) -> None:
        """The platform refuses this token: it is forgotten, unless it was fetched anew by now."""
        await self._client.eval(_RELEASE, 1, _key(account), token.sealed)

    async def rest(self, account: Account, reason: str, seconds: float) -> None:
        """Leaves an account alone, in all processes."""
        await self._client.set(_key(account, "rest"), reason, px=int(seconds * 1000))

    async def _kept(self, account: Account) -> Optional[Token]:
        key, resting = _key(account), _key(account, "rest")
        async with self._client.pipeline(transaction=True) as pipe:
            sealed, left_ms, reason, rest_ms = await (
                pipe.get(key).pttl(key).get(resting).pttl(resting).execute()
            )
        if reason:
            raise Resting(reason, max(rest_ms, 0) / 1000)
        if not sealed:
            return None
        try:
            opened = json.loads(unseal(self._vault, sealed, key))
        except VaultError:  # under a key that is gone: as if there were none
            return None
        age_s = opened["expires_in"] - left_ms / 1000
        due = age_s >= max(_AT_LEAST_S, opened["expires_in"] - _AHEAD_S)
        return Token(opened["value"], sealed, due)

    async def _renewed(self, account: Account) -> Token:
        """The token that this process fetches or, where another does, that one's or the old one."""
        lock, owner = _key(account, "lock"), secrets.token_hex(16)
        while True:
            kept = await self._kept(account)
            if kept and not kept.due:
                return kept
            if await self._client.set(lock, owner, nx=True, px=_LOCK_MS):
                return await self._fetched_alone(account, lock, owner)
            if kept:
                return kept
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _fetched_alone(self, account: Account, lock: str, owner: str) -> Token:
        kept = None
        try:
            kept = await self._kept(account)  # another may have been done in between
            token = kept if kept and not kept.due else await self._fetched(account)
        except Resting as error:
            if kept:  # it still works; the lock is left to run out, so that few ask again
                return kept
            await self.rest(account, error.reason, error.seconds)
            await self._client.eval(_RELEASE, 1, lock, owner)
            raise
        except BaseException:  # whoever asked gave up: nobody else is to wait for the lock's end
            await self._client.eval(_RELEASE, 1, lock, owner)
            raise
        await self._client.eval(_RELEASE, 1, lock, owner)
        return token

    async def _fetched(self, account: Account) -> Token:
        try:
            answer = await self._http.json(
                "POST",
                f"{account.base}/cgi-bin/stable_token",
                {
                    "grant_type": "client_credential",
                    "appid": account.app_id,
                    "secret": account.secret,
                },
            )
            value, seconds = _read(answer)
        except (NotSent, Unknown) as error:
            logger.warning("no token for %s: %s", account.app_id, error)
            raise Resting("no_token", _REST_S) from None
        kept = json.dumps({"value": value, "expires_in": seconds})
        sealed = seal(self._vault, kept, _key(account))
        await self._client.set(_key(account), sealed, ex=seconds)
        logger.info("a token for %s was fetched", account.app_id)
        return Token(value, sealed)


def _read(answer: Dict[str, Any]) -> "tuple[str, int]":
    """The token and the seconds of its life.

    Raises:
        Resting: the platform gives none.
        Unknown: this is no answer to the question.
    """
    if code := code_of(answer):
        meant = meaning(code)
        logger.error("no token: %s, rid %s", meant.verdict.reason, rid_of(answer))
        raise Resting(meant.verdict.reason, meant.rest_s or _REST_S)
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    if (
        not (isinstance(value, str) and 0 < len(value) <= _LONGEST)
        or not isinstance(seconds, int)
        or not 0 < seconds <= 86400
    ):
        raise Unknown("answer_malformed")
    return value, seconds


def _key(account: Account, of: str = "token") -> str:
    return f"wx:{account.app_id}:{of}"

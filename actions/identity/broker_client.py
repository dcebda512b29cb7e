"""Calls the identity broker: waits so long and no longer, reads so much and no more, believes JSON
objects alone.

Neither errors nor logs carry anything that was sent or answered: these are secrets.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple

import aiohttp

from actions.identity.errors import BrokerRefused, BrokerUnavailable
from core.breaker import Breaker

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """Seconds, for each try, and the bytes of an answer's body."""

    connect_s: float = 2.0
    total_s: float = 5.0
    retry_after_s: float = 0.2
    body_bytes: int = 256 * 1024


class BrokerClient:
    """One session with the broker, opened at the first call in the loop that makes it."""

    def __init__(self, limits: Limits, breaker: Breaker) -> None:
        self._limits, self._breaker = limits, breaker
        self._opened: Optional[aiohttp.ClientSession] = None

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def get(self, url: str, token: Optional[str] = None) -> Mapping[str, Any]:
        """The JSON object at ``url``; asked for twice when there is no answer the first time.

        Args:
            token: an access token to ask with.

        Raises:
            BrokerUnavailable: no answer, or none that fits.
            BrokerRefused: an answer with a status of 4xx.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self._call("GET", url, tries=2, headers=headers)

    async def post(
        self, url: str, form: Mapping[str, str], auth: aiohttp.BasicAuth
    ) -> Mapping[str, Any]:
        """The JSON object that a form is answered with. Sent once: a code works but once.

        Raises:
            BrokerUnavailable: no answer, or none that fits.
            BrokerRefused: an answer with a status of 4xx.
        """
        return await self._call("POST", url, tries=1, data=form, auth=auth)

    async def _call(self, method: str, url: str, tries: int, **request: Any) -> Mapping[str, Any]:
        if not self._breaker.lets_through():
            raise BrokerUnavailable("resting", "The broker failed; it is left alone for a while.")
        try:
            status, raw = await self._tries(method, url, tries, request)
            told = _read(status, raw)
        except BrokerUnavailable as error:
            self._breaker.failed()
            logger.warning("identity broker, %s: %s", method, error)
            raise
        except BrokerRefused:
            self._breaker.worked()  # a refusal is an answer as well
            raise
        self._breaker.worked()
        return told

    async def _tries(
        self, method: str, url: str, tries: int, request: Mapping[str, Any]
    ) -> Tuple[int, bytes]:
        for _ in range(tries - 1):
            try:
                return await self._once(method, url, request)
            except BrokerUnavailable as error:
                if error.reason not in ("timeout", "connection", "status"):
                    raise
                await asyncio.sleep(self._limits.retry_after_s)
        return await self._once(method, url, request)

    async def _once(self, method: str, url: str, request: Mapping[str, Any]) -> Tuple[int, bytes]:
        try:
            async with self._session().request(
                method, url, allow_redirects=False, **request
            ) as response:
                if response.status != 200 and not 400 <= response.status < 500:
                    raise BrokerUnavailable("status", f"The broker answers {response.status}.")
                return response.status, await self._body(response)
        except asyncio.TimeoutError:
            raise BrokerUnavailable("timeout", "The broker does not answer in time.") from None
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
            raise BrokerUnavailable("connection", "No connection with the broker.") from None
        except aiohttp.ClientError:
            raise BrokerUnavailable("malformed", "The broker does not speak HTTP.") from None

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._limits.body_bytes:
                raise BrokerUnavailable("too_large", "The broker's answer is too large.")
        return bytes(body)

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            limits = self._limits
            self._opened = aiohttp.ClientSession(
                # Uncompressed, so that a small answer cannot unfold into a huge one.
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                # A connection that the broker has just closed would cost a login its code.
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=limits.total_s, sock_connect=limits.connect_s),
            )
        return self._opened


def _read(status: int, raw: bytes) -> Mapping[str, Any]:
    """The object in an answer's body.

    Raises:
        BrokerUnavailable: it holds none, or the broker asks for patience.
        BrokerRefused: the answer says no.
    """
    if status in (408, 429):
        raise BrokerUnavailable("status", f"The broker answers {status}.")
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    if status != 200:
        raise BrokerRefused(told.get("error") if isinstance(told, dict) else None)
    if not isinstance(told, dict):
        raise BrokerUnavailable("malformed", "The broker answers with what is no JSON object.")
    return told

"""Calls a department's system: waits so long and no longer, asks twice at most, believes nothing.

Neither exceptions nor logs carry anything that was sent or answered: it may be personal data.
"""

import asyncio
import json
import logging
import random
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Tuple, Type, TypeVar, Union

import aiohttp

from actions.appointments.book import (
    AlreadyBooked,
    BookError,
    BookUnavailable,
    SeatTaken,
    TooManyChanges,
    UnknownAppointment,
)
from actions.appointments.http_messages import Error, Message
from core.breaker import Breaker

logger = logging.getLogger(__name__)

A = TypeVar("A", bound=Message)
_REFUSALS: Mapping[Tuple[int, str], Type[BookError]] = {
    (404, "unknown_appointment"): UnknownAppointment,
    (409, "seat_taken"): SeatTaken,
    (409, "already_booked"): AlreadyBooked,
    (409, "too_many_changes"): TooManyChanges,
}


@dataclass(frozen=True)
class Limits:
    """Seconds, for each of the two tries, and the bytes of an answer's body."""

    connect_s: float = 2.0
    total_s: float = 5.0
    retry_after_s: float = 0.2
    body_bytes: int = 1024 * 1024


class _NoAnswer(Exception):
    """Nobody knows whether the work was done: worth a second try with the same key."""


class DepartmentClient:
    """One session with the system, opened at the first call in the loop that makes it."""

    def __init__(self, url: str, token: str, limits: Limits, breaker: Breaker) -> None:
        self._url, self._token = url.rstrip("/"), token
        self._limits, self._breaker = limits, breaker
        self._opened: Optional[aiohttp.ClientSession] = None

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def call(
        self,
        method: str,
        path: str,
        answer: Type[A],
        body: Optional[Mapping[str, Any]] = None,
        key: Optional[str] = None,
        refusals: Sequence[Type[BookError]] = (),
    ) -> A:
        """Makes a call and checks what comes back.

        Args:
            answer: what a success must look like.
            key: sent as the idempotency key.
            refusals: the errors that this call may be refused with.

        Raises:
            BookUnavailable: no answer, or none that fits.
            BookError: one of ``refusals``.
        """
        if not self._breaker.lets_through():
            raise BookUnavailable("The department's system failed; it is left alone for a while.")
        headers = {"Idempotency-Key": key} if key else {}
        try:
            status, raw = await self._twice(method, path, json=body, headers=headers)
            told = _read(status, raw, answer)
        except BookUnavailable as error:
            self._breaker.failed()
            logger.warning("%s %s: %s", method, path, error)
            raise
        self._breaker.worked()  # a refusal is an answer as well
        if not isinstance(told, Error):
            return told
        refusal = _REFUSALS.get((status, told.code))
        if refusal and refusal in refusals:
            raise refusal(f"The department's system answers {told.code}.")
        logger.warning("%s %s: refused with status %d", method, path, status)
        raise BookUnavailable(f"The department's system refuses the call with status {status}.")

    async def _twice(self, method: str, path: str, **request: Any) -> Tuple[int, bytes]:
        try:
            return await self._once(method, path, **request)
        except _NoAnswer:
            jitter = random.uniform(0.5, 1.5)  # noqa: S311 (so that not all ask again at once)
            await asyncio.sleep(self._limits.retry_after_s * jitter)
        try:
            return await self._once(method, path, **request)
        except _NoAnswer as error:
            raise BookUnavailable(str(error)) from None

    async def _once(self, method: str, path: str, **request: Any) -> Tuple[int, bytes]:
        session = self._session()
        try:
            async with session.request(
                method, self._url + path, allow_redirects=False, **request
            ) as response:
                if response.status in (502, 503, 504):
                    raise _NoAnswer(f"The department's system answers {response.status}.")
                return response.status, await self._body(response)
        except asyncio.TimeoutError:
            raise _NoAnswer("The department's system does not answer in time.") from None
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
            raise _NoAnswer("There is no connection with the department's system.") from None
        except aiohttp.ClientError:
            raise BookUnavailable("The department's system does not speak HTTP.") from None

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The body of an answer, when it is JSON and no larger than is allowed."""
        if response.status == 204:
            return b"{}"
        if response.content_type != "application/json":
            raise BookUnavailable(f"The department's system answers {response.status}, not JSON.")
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._limits.body_bytes:
                raise BookUnavailable("The answer of the department's system is too large.")
        return bytes(body)

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            limits = self._limits
            self._opened = aiohttp.ClientSession(
                # Uncompressed, so that a small answer cannot unfold into a huge one.
                headers={
                    "Authorization": f"Bearer {self._token}",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                },
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=limits.total_s, sock_connect=limits.connect_s),
            )
        return self._opened


def _read(status: int, raw: bytes, answer: Type[A]) -> Union[A, Error]:
    """What the body of an answer says: the answer itself, or why there is none.

    Raises:
        BookUnavailable: the status or the body is none that the system may answer.
    """
    if status not in (200, 204) and not 400 <= status < 500:
        raise BookUnavailable(f"The department's system answers {status}.")
    try:
        content = json.loads(raw)
        return answer.validate(content) if status < 300 else Error.validate(content)
    except (ValueError, RecursionError):
        raise BookUnavailable(
            f"The department's system answers {status} with what is no answer to the call."
        ) from None

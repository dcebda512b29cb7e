"""One request to the platform's API: waits so long and no longer, reads so much and no more.

An address holds the token or the secret, so that no exception and no log line names one.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

import aiohttp

#: How the platform labels JSON; the calls below /sns say text/plain.
_JSON = ("application/json", "text/plain")


@dataclass(frozen=True)
class Limits:
    """Seconds of a request, more of them for a file, and the bytes of an answer's body."""

    connect_s: float = 2.0
    total_s: float = 5.0
    file_s: float = 30.0
    body_bytes: int = 256 * 1024


class NotSent(Exception):
    """The platform has certainly not taken the request. The text is a word without spaces."""


class Unknown(Exception):
    """Nobody knows whether the platform has taken the request. The text is a word."""


class Http:
    """One session with the API, opened at the first request in the loop that makes it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._opened: Optional[aiohttp.ClientSession] = None

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def json(self, method: str, url: str, body: Any = None, **request: Any) -> Dict[str, Any]:
        """The JSON object that a request is answered with.

        Args:
            body: sent as JSON. Chinese stays Chinese: the platform shows ``\\u`` escapes to people.

        Raises:
            NotSent: nothing was taken.
            Unknown: there is no answer, or none that can be read.
        """
        if body is not None:
            request["data"] = json.dumps(body, ensure_ascii=False).encode()
            request["headers"] = {"Content-Type": "application/json"}
        kind, raw = await self.raw(method, url, self._limits.body_bytes, **request)
        return parsed(kind, raw)

    async def raw(
        self, method: str, url: str, most: int, seconds: Optional[float] = None, **request: Any
    ) -> Tuple[str, bytes]:
        """The content type and the body, of at most ``most`` bytes, of an answer with status 200.

        Raises:
            NotSent, Unknown: as ``json``.
        """
        timeout = aiohttp.ClientTimeout(
            total=seconds or self._limits.total_s,
            connect=self._limits.connect_s,  # looking the name up is part of it
        )
        try:
            async with self._session().request(
                method, url, timeout=timeout, allow_redirects=False, **request
            ) as response:
                if response.status >= 500:
                    raise Unknown(f"http_{response.status}")
                if response.status != 200:
                    raise NotSent(f"http_{response.status}")
                return response.content_type, await _bounded(response, most)
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError):  # while connecting
            raise NotSent("no_connection") from None
        except asyncio.TimeoutError:
            raise Unknown("no_answer_in_time") from None
        except aiohttp.ClientError:
            raise Unknown("connection_lost") from None

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                # Uncompressed, so that a small answer cannot unfold into a huge one.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._opened


async def _bounded(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            raise Unknown("answer_too_large")
    return bytes(body)


def parsed(kind: str, raw: bytes) -> Dict[str, Any]:
    """The JSON object in a body of a content type.

    Raises:
        Unknown: it is none.
    """
    if kind not in _JSON:
        raise Unknown("answer_not_json")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Unknown("answer_not_json")
    return content

"""Tells the client that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""

import asyncio
import logging

import aiohttp

logger = logging.getLogger(__name__)

_TIMEOUT_S = 5


async def tell(address: str, logout_token: str) -> None:
    """Sends a logout token, once: a client that is away ends its session by its lifetime."""
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.post(
                address, data={"logout_token": logout_token}, allow_redirects=False
            ) as answer,
        ):
            if answer.status >= 300:
                logger.warning("the demo client refused a logout: %s", answer.status)
    except (aiohttp.ClientError, asyncio.TimeoutError):
        logger.warning("the demo client could not be told of a logout")

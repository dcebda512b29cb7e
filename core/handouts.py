"""Short-lived files behind links that nobody can guess: a calendar file, a QR code, an export.

A link is all that it takes to open one, so its token is 256 random bits. Redis holds a hash of it
and the encrypted file: who reads Redis can neither make the link nor read the file.
"""

import base64
import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Optional

from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

#: Where the links begin; channels/web/files.py answers there.
PATH = "/appointments"

Name = Literal["calendar.ics", "qr.svg", "export.json"]


@dataclass(frozen=True)
class Kind:
    content_type: str
    lifetime: timedelta


_LONGEST = timedelta(days=90)
KINDS: dict[str, Kind] = {
    "calendar.ics": Kind("text/calendar; charset=utf-8", _LONGEST),
    "qr.svg": Kind("image/svg+xml", _LONGEST),
    "export.json": Kind("application/json", timedelta(minutes=15)),
}
#: Hexadecimal: without hyphens nothing in it looks like a number that core.privacy would mask.
_TOKEN = re.compile(r"[0-9a-f]{64}")


class Handouts:
    """Issues links to files and finds the files again.

    Args:
        client: an asynchronous Redis client with text answers.
        public_url: the base of links, without a slash at its end.
    """

    def __init__(self, client: Any, vault: Vault, public_url: str) -> None:
        self._client = client
        self._vault = vault
        self._base = public_url + PATH

    async def issue(self, sender: str, name: Name, data: bytes) -> str:
        """Keeps a file for as long as its kind is kept and returns its link.

        Args:
            sender: whose it is; ``forget`` deletes it with all of theirs.
        """
        token = secrets.token_hex(32)
        key, lifetime = _key(token, name), KINDS[name].lifetime
        sealed = base64.b64encode(self._vault.encrypt(data, key.encode())).decode()
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(key, sealed, ex=lifetime)
            pipe.sadd(_of(sender), key)
            pipe.expire(_of(sender), _LONGEST)
            await pipe.execute()
        return f"{self._base}/{token}/{name}"

    async def take(self, token: str, name: str) -> Optional[bytes]:
        """The file behind a link, or None when there is none or no longer.

        It stays: calendars and previews of links ask for a file more than once.
        """
        if name not in KINDS or not _TOKEN.fullmatch(token):
            return None
        key = _key(token, name)
        sealed = await self._client.get(key)
        if sealed is None:
            return None
        try:
            return self._vault.decrypt(base64.b64decode(sealed), key.encode())
        except VaultError:  # its key was taken out of use: the link has ended with it
            logger.exception("a file behind a link cannot be read")
            return None

    async def forget(self, sender: str) -> None:
        """Deletes every file of a sender. An export of what is deleted is issued afterwards."""
        keys = await self._client.smembers(_of(sender))
        await self._client.delete(_of(sender), *keys)


def _key(token: str, name: str) -> str:
    return f"handout:{name}:{hashlib.sha256(token.encode()).hexdigest()}"


def _of(sender: str) -> str:
    return f"handouts:{sender}"

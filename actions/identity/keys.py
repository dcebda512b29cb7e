"""The keys that the broker signs with. It changes them; an unknown one is looked for again."""

import logging
from datetime import datetime, timedelta
from typing import Any, List, Mapping, Optional

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, RSAKey

from actions.identity.broker_client import BrokerClient
from actions.identity.discovery import Discovery
from actions.identity.errors import BrokerRefused, BrokerUnavailable, TokenRefused
from actions.identity.shared_call import SharedCall
from core.clock import Clock

logger = logging.getLogger(__name__)

#: How long keys are believed, so that one that was taken back ends; and how soon after a reading
#: an unknown one makes us read again, so that nobody keeps us reading with ids of their own making.
_LIFETIME, _REST = timedelta(hours=1), timedelta(seconds=30)
_RSA_BITS, _MOST = 2048, 50


class Keys:
    """The broker's key set (RFC 7517)."""

    def __init__(self, discovery: Discovery, client: BrokerClient, clock: Clock) -> None:
        self._discovery, self._client, self._clock = discovery, client, clock
        self._keys: List[Key] = []
        self._read_at: Optional[datetime] = None
        self._tried_at: Optional[datetime] = None
        self._read_once = SharedCall(self._read)

    async def find(self, kid: Optional[str], algorithm: str) -> Key:
        """The key of that id that is for signatures by ``algorithm``.

        Args:
            kid: None fits when there is but one such key.

        Raises:
            TokenRefused: there is none (``key``).
            BrokerUnavailable: the keys cannot be read.
        """
        if _since(self._read_at, self._clock()) >= _LIFETIME:
            await self._read_once()
        found = _fitting(self._keys, kid, algorithm)
        if len(found) != 1 and _since(self._tried_at, self._clock()) >= _REST:
            await self._read_once()
            found = _fitting(self._keys, kid, algorithm)
        if len(found) != 1:
            raise TokenRefused("key")
        return found[0]

    async def _read(self) -> None:
        self._tried_at = self._clock()
        provider = await self._discovery.provider()
        try:
            document = await self._client.get(provider.jwks_uri)
        except BrokerRefused:
            raise BrokerUnavailable("status", "The broker has no keys.") from None
        entries = document.get("keys")
        if not isinstance(entries, list):
            raise BrokerUnavailable("malformed", "What the broker calls its keys are none.")
        self._keys = [key for key in map(_key, entries[:_MOST]) if key]
        self._read_at = self._clock()


def _since(moment: Optional[datetime], now: datetime) -> timedelta:
    return timedelta.max if moment is None else now - moment


def _key(entry: Any) -> Optional[Key]:
    """A key that may vouch for a token; None for a secret or weak one, and for what is none."""
    if not isinstance(entry, Mapping) or entry.get("kty") not in ("RSA", "EC"):
        return None
    try:
        key = JWKRegistry.import_key({name: v for name, v in entry.items() if name in _PARTS})
        weak = isinstance(key, RSAKey) and key.public_key.key_size < _RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError, ArithmeticError):
        logger.warning("one of the identity broker's keys cannot be read")
        return None
    return None if weak else key


#: What a key is read from. Private parts, should any stand there, are none of our business.
_PARTS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")


def _fitting(keys: List[Key], kid: Optional[str], algorithm: str) -> List[Key]:
    curve = {"ES256": "P-256"}.get(algorithm)
    return [
        key
        for key in keys
        if (kid is None or key.kid == kid)
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, algorithm)
        and (key.curve_name == curve if isinstance(key, ECKey) else curve is None)
    ]

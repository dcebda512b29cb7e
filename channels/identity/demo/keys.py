"""The key that the demo broker signs with: made once, so that a restart ends no session."""

import json
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

from core.folders import keep_secret

ALGORITHM = "RS256"
_BITS = 2048


def signing_key(folder: Path) -> RSAKey:
    """The key of a data folder, made at the first call. Its id is its thumbprint (RFC 7638)."""
    key = RSAKey.import_key(json.loads(keep_secret(folder / "demo_broker_key", _make)))
    key.ensure_kid()
    return key


def public_keys(key: RSAKey) -> Any:
    """The JWK set that verifies what the key signs (RFC 7517)."""
    public = key.as_dict(private=False)
    return {"keys": [{**public, "kid": key.kid, "use": "sig", "alg": ALGORITHM}]}


def _make() -> str:
    return json.dumps(RSAKey.generate_key(_BITS, private=True).as_dict(private=True))

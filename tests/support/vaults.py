"""Encryption keys for tests, the same in every process of a run."""

import base64

from core.sealing import unseal
from core.settings import Settings
from core.vault import Vault

KEYS = "1:" + base64.b64encode(b"k" * 32).decode()
VAULT = Vault(KEYS, "f" * 43)


def vault_of(settings: Settings) -> Vault:
    """The vault of an assistant with these settings."""
    return Vault(settings.encryption_keys(), settings.fingerprinting_key())


async def opened(redis, vault: Vault, key: str) -> str:
    """What stands sealed under a key of Redis: a conversation or a history."""
    if await redis.type(key) == "stream":
        sealed = [fields["message"] for _, fields in await redis.xrange(key)]
    else:
        sealed = [await redis.get(key)]
    return "\n".join(unseal(vault, one, key) for one in sealed)


async def conversations(redis, vault: Vault) -> str:
    """All conversations and histories in Redis, with their keys, opened."""
    found = []
    for pattern in ("tracker:*", "web:history:*", "web:sent:*"):
        found += [f"{key} {await opened(redis, vault, key)}" for key in await redis.keys(pattern)]
    return "\n".join(found)

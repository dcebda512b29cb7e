"""Texts that are sealed before they go into Redis, which is a text store with copies on disk."""

import base64

from core.vault import Vault, VaultError

#: JSON can bring half of a character from outside; it is for others to refuse.
_LONE = "surrogatepass"


def seal(vault: Vault, text: str, place: str) -> str:
    """``text`` encrypted, without spaces; it can be read in its place alone.

    Args:
        place: the key under which it will stand.
    """
    plain = text.encode(errors=_LONE)
    return base64.b64encode(vault.encrypt(plain, place.encode())).decode()


def unseal(vault: Vault, sealed: str, place: str) -> str:
    """What ``seal`` encrypted.

    Raises:
        VaultError: it cannot be read: its key is gone, or it was altered or moved.
    """
    try:
        token = base64.b64decode(sealed, validate=True)
    except ValueError:
        raise VaultError("This is no encrypted data.") from None
    return vault.decrypt(token, place.encode()).decode(errors=_LONE)

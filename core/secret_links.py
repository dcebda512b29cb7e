"""Links that open doors: sealed wherever a reply is kept, and opened when it is handed out.

What the assistant said last is kept for repeating, in Redis, which is a text store with copies on
disk. A link in it would be a key under the mat.
"""

from typing import Any, Dict, List, Mapping

from core.vault import Vault

_CONTEXT = b"link of a reply"


class SecretLinks:
    """Seals addresses. They are hexadecimal then, so that no mask takes them for a number."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, url: str) -> Dict[str, str]:
        """What stands in the place of an address."""
        return {"sealed": self._vault.encrypt(url.encode(), _CONTEXT).hex()}

    def opened(self, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments of a reply with the address of its ``link``, a title and that, to be read.

        Raises:
            VaultError: it cannot be opened any more.
        """
        link: List[Any] = args.get("link") or []
        if len(link) != 2 or not isinstance(link[1], dict):
            return args
        return {**args, "link": [link[0], self._open(link[1])]}

    def _open(self, sealed: Mapping[str, str]) -> str:
        return self._vault.decrypt(bytes.fromhex(sealed["sealed"]), _CONTEXT).decode()

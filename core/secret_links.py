"""Links that open doors: sealed wherever a reply is kept, and opened when it is handed out.

What the assistant said last is kept for repeating, in Redis, which is a text store with copies on
disk. A link in it would be a key under the mat.
"""

from typing import Any, Dict, List, Mapping, Union

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
        return {**args, "link": [link[0], self.open(link[1])]} if link else args

    def open(self, sealed: Union[str, Mapping[str, str]]) -> str:
        """The address that was sealed, or that was not.

        Raises:
            VaultError: it cannot be opened any more.
        """
        if isinstance(sealed, str):
            return sealed
        return self._vault.decrypt(bytes.fromhex(sealed["sealed"]), _CONTEXT).decode()

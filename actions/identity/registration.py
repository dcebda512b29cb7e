"""How the broker knows us: what an operator gets when the assistant is registered there."""

from dataclasses import dataclass, field
from typing import Tuple
from urllib.parse import urlsplit

from actions.identity.discovery import is_safe
from actions.identity.signed import ALGORITHMS
from core.errors import SettingsError


@dataclass(frozen=True)
class Registration:
    """How the broker knows us.

    Raises:
        SettingsError: the issuer is no address that secrets may go to, or an algorithm is none
            that we would believe.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    algorithms: Tuple[str, ...] = ALGORITHMS

    def __post_init__(self) -> None:
        if not is_safe(self.issuer) or urlsplit(self.issuer).query:
            raise SettingsError("The broker's issuer must be https, except on this machine.")
        if not self.algorithms or not set(self.algorithms) <= set(ALGORITHMS):
            raise SettingsError(f"A broker signs with one of {', '.join(ALGORITHMS)}.")

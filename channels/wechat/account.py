"""An account of ours on WeChat: who we are there, and what we share with the platform."""

from dataclasses import dataclass, field
from typing import Literal, Tuple

Kind = Literal["miniprogram", "service_account"]


@dataclass(frozen=True)
class Account:
    """One account. ``tokens`` and ``aes_keys`` have the newest first."""

    app_id: str
    secret: str = field(repr=False)
    tokens: Tuple[str, ...] = field(repr=False)
    aes_keys: Tuple[str, ...] = field(repr=False)
    mode: Literal["safe", "compat", "plain"]
    format: Literal["xml", "json"]
    kind: Kind
    api_base: str

    @property
    def base(self) -> str:
        """Where the platform's API answers now."""
        return self.api_base

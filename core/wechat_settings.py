"""The settings of one WeChat account: one from single variables, or several from a JSON list."""

import json
import re
from functools import partial
from typing import Any, Callable, List, Literal, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, validator

from core.errors import SettingsError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_NEEDED = ("appid", "secret", "token", "aes_key")

Mode = Literal["safe", "compat", "plain"]
Format = Literal["xml", "json"]
Kind = Literal["service_account", "miniprogram"]


class AccountSettings(BaseModel):
    """One account. The fields are those of ``ONESTOP_WECHAT_…``, and ``name`` for the path."""

    name: str = Field("", regex=r"^[a-z0-9-]{0,32}$")
    appid: str = Field(regex=r"^[A-Za-z0-9_-]{1,64}$")
    secret: SecretStr
    token: SecretStr
    aes_key: Optional[SecretStr] = None
    mode: Mode = "safe"
    format: Format = "xml"
    kind: Kind = "service_account"
    api_base: Optional[str] = None
    reminder_template: Optional[str] = None
    mini_program: Optional[str] = None

    class Config:
        extra = "forbid"
        allow_mutation = False

    @validator("secret")
    def _is_written(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("must be letters, digits and signs without spaces")
        return value

    @validator("token")
    def _are_tokens(cls, value: SecretStr) -> SecretStr:
        if not all(map(_TOKEN.fullmatch, several(value))):
            raise ValueError("must be 3 to 32 letters and digits; several with commas between")
        return value

    @validator("aes_key")
    def _are_keys(cls, value: Optional[SecretStr]) -> Optional[SecretStr]:
        if value and not all(map(_AES_KEY.fullmatch, several(value))):
            raise ValueError("must be the 43 characters of the EncodingAESKey; several with commas")
        return value

    @validator("api_base")
    def _keeps_secrets(cls, value: Optional[str]) -> Optional[str]:
        if value is None:
            return None
        parts = urlsplit(value)
        local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise ValueError("must be an https address without user, query or fragment")
        if parts.scheme != "https" and not local:
            raise ValueError("must be https, except on this machine")
        return value.rstrip("/")

    @property
    def tokens(self) -> Tuple[str, ...]:
        """The tokens in force, the newest first."""
        return several(self.token)

    @property
    def aes_keys(self) -> Tuple[str, ...]:
        """The EncodingAESKeys in force, the newest first."""
        return several(self.aes_key) if self.aes_key else ()


def several(value: SecretStr) -> Tuple[str, ...]:
    """The parts of a value that holds several, separated by commas."""
    return tuple(part.strip() for part in value.get_secret_value().split(","))


def read_accounts(
    one: Mapping[str, Any], many: Optional[SecretStr], production: bool
) -> Tuple[AccountSettings, ...]:
    """All accounts that are set, checked.

    Args:
        one: the values of the single variables by their names without ``ONESTOP_WECHAT_``.
        many: the JSON list of ``ONESTOP_WECHAT_ACCOUNTS``.
        production: refuse what is for demonstrations only.

    Raises:
        SettingsError: something is missing or does not fit. Says where, never what.
    """
    accounts = []
    if any(one.get(name) for name in _NEEDED):  # else the channel is off
        accounts.append(_account(_single, one, production))
    for place, entry in enumerate(_list(many) if many else [], 1):
        if not isinstance(entry, dict) or not entry.get("name"):
            raise SettingsError(f"ONESTOP_WECHAT_ACCOUNTS: entry {place} must have a name.")
        accounts.append(_account(partial(_in_list, place), entry, production))
    for what in ("name", "appid"):
        if len({getattr(account, what) for account in accounts}) < len(accounts):
            raise SettingsError(f"ONESTOP_WECHAT_ACCOUNTS: two accounts have the same {what}.")
    return tuple(accounts)


def _single(name: str) -> str:
    return f"ONESTOP_WECHAT_{name.upper()}"


def _in_list(place: int, name: str) -> str:
    return f"ONESTOP_WECHAT_ACCOUNTS: {name} of entry {place}"


def _list(written: SecretStr) -> List[Any]:
    try:
        entries = json.loads(written.get_secret_value())
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise SettingsError("ONESTOP_WECHAT_ACCOUNTS does not fit: must be a JSON list.")
    return entries


def _account(
    called: Callable[[str], str], values: Mapping[str, Any], production: bool
) -> AccountSettings:
    """One account; ``called`` makes of a field's name what the person who sets it calls it."""
    needed = [name for name in _NEEDED if name != "aes_key" or values.get("mode") != "plain"]
    missing = [called(name) for name in needed if not values.get(name)]
    if missing:
        raise SettingsError(
            f"{missing[0]} is missing: APPID, SECRET, TOKEN and (but in plain mode) AES_KEY go "
            "together."
        )
    try:
        account = AccountSettings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(
            f"{called(str(first['loc'][0]))} does not fit: {first['msg']}."
        ) from None
    if production and account.mode == "plain":
        raise SettingsError(
            f"{called('mode')}: plain does not protect messages; not in production."
        )
    if production and account.api_base and not account.api_base.startswith("https://"):
        raise SettingsError(f"{called('api_base')} must be https in production.")
    return account

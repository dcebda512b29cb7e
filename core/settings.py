"""Every setting of the assistant. The environment is read here and nowhere else.

Names, meanings and defaults are part of the public contract. A secret can also come from a file,
named by the same variable with ``_FILE`` behind it, so that it need not stand in the environment.
"""

import difflib
import os
import re
import secrets
from enum import Enum
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, root_validator, validator

from core.errors import SettingsError
from core.folders import keep_secret
from core.vault import make_keys
from core.wechat_settings import AccountSettings, Format, Kind, Mode, read_accounts

PREFIX = "ONESTOP_"
#: The checkout: content, domain and configuration are read from here.
ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Environment(str, Enum):
    """``demo`` allows labelled stand-ins; ``production`` refuses them."""

    DEMO = "demo"
    PRODUCTION = "production"


class Settings(BaseModel):
    """The settings in force, checked. One field for each ``ONESTOP_`` variable."""

    env: Environment = Environment.DEMO
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    admin_port: int = Field(8081, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8080"
    data_dir: Path = ROOT / "var"
    database_url: Optional[SecretStr] = None
    redis_url: Optional[SecretStr] = None
    secret_key: Optional[SecretStr] = Field(None, description="signs web sessions")
    data_keys: Optional[SecretStr] = Field(None, description="encrypt personal data; core.vault")
    fingerprint_key: Optional[SecretStr] = Field(None, description="finds encrypted data again")
    workers: int = Field(1, ge=1, le=64)
    appointment_book_url: Optional[str] = Field(None, description="a department's own system")
    appointment_book_token: Optional[SecretStr] = None
    broker_issuer: Optional[str] = Field(None, description="the identity broker")
    broker_client_id: Optional[str] = None
    broker_client_secret: Optional[SecretStr] = None
    application_status_url: Optional[str] = Field(None, description="a department's own system")
    application_status_token: Optional[SecretStr] = None
    knowledge_dir: Path = ROOT / "knowledge" / "content"
    wechat_appid: Optional[str] = Field(None, description="the channel is off without it")
    wechat_secret: Optional[SecretStr] = None
    wechat_token: Optional[SecretStr] = Field(None, description="several while it is changed")
    wechat_aes_key: Optional[SecretStr] = Field(None, description="several while it is changed")
    wechat_mode: Mode = "safe"
    wechat_format: Format = "xml"
    wechat_kind: Kind = "service_account"
    wechat_api_base: Optional[str] = None
    wechat_reminder_template: Optional[str] = Field(None, description="a subscribe message")
    wechat_mini_program: Optional[str] = Field(None, description="whose pages open as cards")
    wechat_accounts: Optional[SecretStr] = Field(None, description="several accounts, as JSON")

    class Config:
        extra = "forbid"
        allow_mutation = False

    @root_validator(pre=True)
    def _has_an_address(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        """Links lead to the port that is served, where nothing else is said."""
        own = f"http://127.0.0.1:{values['port']}" if "port" in values else None
        return {"public_url": own, **values} if own else values

    @validator("public_url", "appointment_book_url", "application_status_url")
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http or https address")
        return value.rstrip("/")

    @validator("appointment_book_url", "application_status_url")
    def _keeps_a_secret(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise ValueError("must be https, except on this machine")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("must have no user, query or fragment")
        return value

    @validator("appointment_book_token", "application_status_token")
    def _fits_a_header(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("must be letters, digits and signs without spaces")
        return value

    @property
    def database_address(self) -> str:
        """The database's SQLAlchemy address; SQLite in the data folder by default."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.resolve() / 'onestop.sqlite3'}"

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept."""
        return self.data_dir / "models"

    @property
    def wechat(self) -> Tuple[AccountSettings, ...]:
        """The WeChat accounts; none when the channel is off."""
        names = [n for n in AccountSettings.__fields__ if f"wechat_{n}" in self.__fields_set__]
        one = {name: getattr(self, f"wechat_{name}") for name in names}
        return read_accounts(one, self.wechat_accounts, self.env is Environment.PRODUCTION)

    def signing_key(self) -> str:
        """The key that signs web sessions; in ``demo`` made once and kept in the data folder."""
        return self._secret("secret_key", lambda: secrets.token_urlsafe(48))

    def encryption_keys(self) -> str:
        """The keys that personal data is encrypted under, made as the signing key is."""
        return self._secret("data_keys", make_keys)

    def fingerprinting_key(self) -> str:
        """The key of the vault's fingerprints, made as the signing key is."""
        return self._secret("fingerprint_key", lambda: secrets.token_urlsafe(48))

    def _secret(self, name: str, make: Callable[[], str]) -> str:
        secret: Optional[SecretStr] = getattr(self, name)
        if secret:
            return secret.get_secret_value()
        return keep_secret(self.data_dir / name, make)


#: What is nothing without the other.
_TOGETHER = (
    ("appointment_book_url", "appointment_book_token"),
    ("broker_issuer", "broker_client_id", "broker_client_secret"),
    ("application_status_url", "application_status_token"),
)
_ALL = {2: "both", 3: "all"}
_SECRETS = {name for name, field in Settings.__fields__.items() if field.type_ is SecretStr}


def load_settings(environment: Optional[Mapping[str, str]] = None) -> Settings:
    """Reads and checks the settings.

    Args:
        environment: the variables to read; the process's own by default.

    Raises:
        SettingsError: a name is unknown, a value does not fit, or production lacks a secret.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for variable, value in environment.items():
        if variable.startswith(PREFIX):
            name = variable[len(PREFIX) :].lower()
            if name.endswith("_file") and name[:-5] in _SECRETS:
                name, value = name[:-5], _secret_from_file(variable, value)
                if PREFIX + name.upper() in environment:
                    raise SettingsError(f"Set {PREFIX}{name.upper()} or {variable}, not both.")
            if name not in Settings.__fields__:
                raise SettingsError(f"{variable} is not a setting.{_did_you_mean(name)}")
            values[name] = value
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name} does not fit: {first['msg']}.") from None
    for together in _TOGETHER:
        if len({bool(getattr(settings, name)) for name in together}) > 1:
            names = " and ".join(PREFIX + name.upper() for name in together)
            raise SettingsError(f"{names} go together: set {_ALL[len(together)]} or neither.")
    if settings.env is Environment.PRODUCTION:
        _check_production(settings)
    settings.wechat  # noqa: B018 a fault in it is said now
    return settings


def _secret_from_file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingsError(f"{variable}: cannot read the file ({error.strerror}).") from None


def _did_you_mean(name: str) -> str:
    close = difflib.get_close_matches(name, Settings.__fields__, n=1)
    return f" Did you mean {PREFIX}{close[0].upper()}?" if close else ""


def _check_production(settings: Settings) -> None:
    """Production keeps no secret of its own making and no embedded server."""
    for name in ("secret_key", "data_keys", "fingerprint_key", "database_url", "redis_url"):
        if not getattr(settings, name):  # set but empty is as good as missing
            raise SettingsError(f"{PREFIX}{name.upper()} is required in production.")
    for name in ("secret_key", "fingerprint_key"):
        if len(getattr(settings, name).get_secret_value()) < 32:
            raise SettingsError(f"{PREFIX}{name.upper()} needs at least 32 characters.")
    for name in ("public_url", "appointment_book_url", "broker_issuer", "application_status_url"):
        address = getattr(settings, name)
        if address and not address.startswith("https://"):
            raise SettingsError(f"{PREFIX}{name.upper()} must be https in production.")

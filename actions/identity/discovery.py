"""What the broker says about itself, and which of it cannot be (OpenID Connect Discovery 1.0)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Collection, Mapping, Optional
from urllib.parse import urlsplit

from actions.identity.broker_client import BrokerClient
from actions.identity.errors import BrokerRefused, BrokerUnavailable
from actions.identity.shared_call import SharedCall
from core.clock import Clock

_LIFETIME = timedelta(hours=1)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Provider:
    """The broker's addresses. ``names_itself`` says that its answers carry ``iss`` (RFC 9207)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: Optional[str]
    end_session_endpoint: Optional[str]
    names_itself: bool


class Discovery:
    """Reads the broker's document when it is needed, and again an hour later.

    Args:
        issuer: the broker, exactly as it names itself.
        algorithms: the signatures that we accept.
    """

    def __init__(
        self, issuer: str, algorithms: Collection[str], client: BrokerClient, clock: Clock
    ) -> None:
        self._issuer, self._algorithms = issuer, algorithms
        self._client, self._clock = client, clock
        self._known: Optional[Provider] = None
        self._read_at: Optional[datetime] = None
        self._read_once = SharedCall(self._read)

    async def provider(self) -> Provider:
        """What the broker says now. Of many who ask at once, one reads it.

        Raises:
            BrokerUnavailable: it cannot be read, or it is not to be believed.
        """
        now = self._clock()
        if self._known and self._read_at and now - self._read_at < _LIFETIME:
            return self._known
        return await self._read_once()

    async def _read(self) -> Provider:
        url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            document = await self._client.get(url)
        except BrokerRefused:
            raise BrokerUnavailable("discovery", "The broker has no document.") from None
        self._known = parse(self._issuer, self._algorithms, document)
        self._read_at = self._clock()
        return self._known


def parse(issuer: str, algorithms: Collection[str], document: Mapping[str, Any]) -> Provider:
    """Checks a document (OpenID Connect Discovery 1.0, 3 and 4.3).

    Raises:
        BrokerUnavailable: it is another's, names an address that is no address, or lacks what
            the broker must be able to do.
    """
    if document.get("issuer") != issuer:
        raise _wrong("issuer")  # or somebody else could vouch in the broker's name
    for name, needed in (
        ("response_types_supported", "code"),
        ("code_challenge_methods_supported", "S256"),
    ):
        if needed not in _names(document, name):
            raise _wrong(name)
    basic = "client_secret_basic"  # what a broker that says nothing can do
    methods = document.get("token_endpoint_auth_methods_supported", [basic])
    if not isinstance(methods, list) or basic not in methods:
        raise _wrong("token_endpoint_auth_methods_supported")
    if not set(algorithms) & set(_names(document, "id_token_signing_alg_values_supported")):
        raise _wrong("id_token_signing_alg_values_supported")

    def address(name: str, optional: bool = False) -> Optional[str]:
        value = document.get(name)
        if value is None and optional:
            return None
        if not (isinstance(value, str) and _fits(issuer, value)):
            raise _wrong(name)
        return value

    return Provider(
        authorization_endpoint=address("authorization_endpoint") or "",
        token_endpoint=address("token_endpoint") or "",
        jwks_uri=address("jwks_uri") or "",
        userinfo_endpoint=address("userinfo_endpoint", optional=True),
        end_session_endpoint=address("end_session_endpoint", optional=True),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def is_safe(issuer: str) -> bool:
    """Whether secrets may go to ``issuer``: by https, or to this machine."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _fits(issuer: str, address: str) -> bool:
    """Whether an address may be the broker's: no less safe than the issuer, and no trick in it.

    A broker out there cannot send us to an address of this machine.
    """
    try:
        parts, own = urlsplit(address), urlsplit(issuer)
        on_loopback = own.hostname in _LOOPBACK
        return (
            is_safe(address)
            and (parts.hostname in _LOOPBACK) == on_loopback
            and parts.username is None
            and not parts.fragment
            and parts.port != 0  # raises when it is no port
        )
    except ValueError:
        return False


def _names(document: Mapping[str, Any], name: str) -> "list[str]":
    value = document.get(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _wrong(name: str) -> BrokerUnavailable:
    return BrokerUnavailable("discovery", f"What the broker says of its {name} does not fit.")

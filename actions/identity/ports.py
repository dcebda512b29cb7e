"""What signing in needs of others: a broker that knows who people are, a place to keep sessions."""

from typing import Optional, Protocol, Sequence

from actions.identity.model import Logout, Need, SignedIn, Tokens, TokenSet


class Broker(Protocol):
    """The one identity broker, as an OpenID provider."""

    async def authorize_url(
        self, *, state: str, nonce: str, code_verifier: str, redirect_uri: str, need: Need,
        ui_locales: str,
    ) -> str:  # fmt: skip
        """Where the browser is sent to sign in.

        Raises:
            BrokerUnavailable: what the broker says about itself cannot be had.
        """

    async def exchange(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str, need: Need,
        iss: Optional[str],
    ) -> TokenSet:  # fmt: skip
        """What the code stands for, all checked, ``iss`` (RFC 9207) first.

        Raises:
            BrokerError: there is no answer, it is a refusal, or it is not to be believed.
        """

    async def end_session_url(self, *, id_token: str, redirect_uri: str) -> Optional[str]:
        """Where the person signs out at the broker as well; None where it has no such place."""

    async def verify_logout_token(self, token: str) -> Logout:
        """Whom the broker signed out (OpenID Connect Back-Channel Logout 1.0, 2.6).

        Raises:
            BrokerError: this is no logout token of our broker for us, or an old one.
        """


class Sessions(Protocol):
    """Who is signed in, by the sender of a chat."""

    async def save(self, sender: str, login: TokenSet) -> SignedIn:
        """Signs a sender in, in place of what was before."""

    async def of(self, sender: str) -> Optional[SignedIn]: ...

    async def tokens(self, sender: str) -> Optional[Tokens]: ...

    async def end_of(self, sender: str) -> object:
        """Signs a sender out."""

    async def end_by(self, logout: Logout) -> Sequence[str]:
        """Signs out whom the broker signed out. Returns the senders that those were."""

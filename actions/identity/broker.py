"""The client of the one identity broker: OpenID Connect, authorization code with PKCE.

The broker (Keycloak in production) knows iAM Smart and Guangdong's unified identity
authentication; we know the broker alone. docs/identity.md has the whole sequence.
"""

from dataclasses import replace
from typing import Any, Mapping, Optional, Sequence
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

import aiohttp
import redis.asyncio
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from actions.appointments.breaker import Breaker
from actions.identity import id_token, logout_token
from actions.identity.broker_client import BrokerClient, Limits
from actions.identity.discovery import Discovery
from actions.identity.errors import BrokerRefused, BrokerUnavailable, TokenRefused
from actions.identity.keys import Keys
from actions.identity.model import Logout, Need, Profile, TokenSet
from actions.identity.profile import profile_of
from actions.identity.registration import Registration
from actions.identity.signed import read, same
from actions.identity.token_answer import tokens_of
from core.clock import Clock


class Broker:
    """Everything that is asked of the broker, and every check of what it answers.

    Args:
        client: an asynchronous Redis client with text answers; remembers logout tokens.
    """

    def __init__(
        self,
        us: Registration,
        client: "redis.asyncio.Redis[str]",
        clock: Clock,
        limits: Optional[Limits] = None,
        breaker: Optional[Breaker] = None,
    ) -> None:
        self._us, self._clock = us, clock
        self._http = BrokerClient(limits or Limits(), breaker or Breaker())
        self._discovery = Discovery(us.issuer, us.algorithms, self._http, clock)
        self._keys = Keys(self._discovery, self._http, clock)
        self._seen = logout_token.SeenTokens(client)
        # RFC 6749, 2.3.1: both are encoded as in a form before they are joined
        self._auth = aiohttp.BasicAuth(quote_plus(us.client_id), quote_plus(us.client_secret))

    async def close(self) -> None:
        await self._http.close()

    async def authorize_url(
        self,
        *,
        state: str,
        nonce: str,
        verifier: str,
        redirect_uri: str,
        need: Need,
        scope: str = "openid",
        ui_locales: Sequence[str] = (),
        prompt: Optional[str] = None,
    ) -> str:
        """Where to send the person's browser (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636).

        Args:
            state: comes back with the answer; random, bound to the browser by the caller.
            nonce: comes back in the ID token; random.
            verifier: the PKCE secret, 43 to 128 characters; only its hash goes into the address.
            redirect_uri: exactly as it is registered.
            need: the level to ask for, and how old the login may be.
            ui_locales: languages (BCP 47), the best first.
            prompt: ``login`` has the person prove themselves though they are signed in there.

        Raises:
            BrokerUnavailable: nobody knows where that is at the moment.
        """
        asked = {
            "response_type": "code",
            "client_id": self._us.client_id,
            "redirect_uri": redirect_uri,
            "scope": scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            "acr_values": need.level.acr,
        }
        if need.max_age is not None:
            asked["max_age"] = str(int(need.max_age.total_seconds()))
        if ui_locales:
            asked["ui_locales"] = " ".join(ui_locales)
        if prompt:
            asked["prompt"] = prompt
        return _with_query((await self._discovery.provider()).authorization_endpoint, asked)

    async def exchange(
        self,
        *,
        code: str,
        verifier: str,
        redirect_uri: str,
        nonce: str,
        need: Need,
        iss: Optional[str],
    ) -> TokenSet:
        """Turns the code of the broker's answer into tokens, and checks who signed in.

        Args:
            verifier, redirect_uri, nonce, need: what ``authorize_url`` was given.
            iss: the parameter of the answer (RFC 9207), None when there is none.

        Raises:
            TokenRefused: the answer is another broker's, or the ID token does not fit.
            BrokerRefused: the code is wrong, used or too old.
            BrokerUnavailable: no answer, or none that fits.
        """
        provider = await self._discovery.provider()
        if (iss is None and provider.names_itself) or (iss is not None and iss != self._us.issuer):
            raise TokenRefused("issuer")
        answer = await self._tokens(
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
            code_verifier=verifier,
        )
        tokens = tokens_of(answer, None, self._clock())
        claims = await read(tokens.id_token, self._keys, self._us.algorithms, id_token.TYPES)
        login = id_token.check_login(
            claims, self._us.issuer, self._us.client_id, nonce, need, self._clock()
        )
        return TokenSet(login, tokens)

    async def refresh(self, known: TokenSet) -> TokenSet:
        """New tokens of the same login; neither level nor time of the login change.

        Raises:
            BrokerRefused: the login is over; ``invalid_grant`` too where there is nothing to
                refresh with.
            TokenRefused: what comes is of another login.
            BrokerUnavailable: no answer, or none that fits.
        """
        if known.tokens.refresh_token is None:
            raise BrokerRefused("invalid_grant")
        answer = await self._tokens(
            grant_type="refresh_token", refresh_token=known.tokens.refresh_token
        )
        tokens = tokens_of(answer, known.tokens, self._clock())
        if tokens.id_token != known.tokens.id_token:
            claims = await read(tokens.id_token, self._keys, self._us.algorithms, id_token.TYPES)
            id_token.check_renewed(claims, self._us.client_id, known.login, self._clock())
        return replace(known, tokens=tokens)

    async def userinfo(self, known: TokenSet) -> Profile:
        """The little that we use of what the broker knows about the person.

        Raises:
            TokenRefused: it is somebody else's.
            BrokerRefused: the access token is over or not for this.
            BrokerUnavailable: no answer, none that fits, or the broker offers none.
        """
        endpoint = (await self._discovery.provider()).userinfo_endpoint
        if endpoint is None:
            raise BrokerUnavailable("discovery", "The broker tells nothing about people.")
        claims = await self._http.get(endpoint, token=known.tokens.access_token)
        subject = claims.get("sub")  # Core 1.0, 5.3.2: or the rest must not be used
        if not isinstance(subject, str) or not same(ascii(subject), ascii(known.login.subject)):
            raise TokenRefused("subject")
        return profile_of(claims)

    async def end_session_url(
        self, known: TokenSet, back_to: str, state: Optional[str] = None, hint: bool = True
    ) -> Optional[str]:
        """Where to send the person's browser to sign out (RP-Initiated Logout 1.0, 2).

        Args:
            back_to: where the broker sends them afterwards; exactly as it is registered.
            hint: whether the ID token stands in the address; without it the broker may ask.

        Returns:
            None when the broker has no such place.

        Raises:
            BrokerUnavailable: nobody knows where that is at the moment.
        """
        endpoint = (await self._discovery.provider()).end_session_endpoint
        if endpoint is None:
            return None
        asked = {
            **({"id_token_hint": known.tokens.id_token} if hint else {}),
            "client_id": self._us.client_id,
            "post_logout_redirect_uri": back_to,
        }
        return _with_query(endpoint, {**asked, "state": state} if state else asked)

    async def verify_logout_token(self, raw: str) -> Logout:
        """Whom the broker has signed out, from a logout token that counts now and never again.

        Raises:
            TokenRefused: it is none, not the broker's, not for us, not fresh, or was here before.
            BrokerUnavailable: the broker's keys cannot be read.
        """
        claims = await read(raw, self._keys, self._us.algorithms, logout_token.TYPES)
        told = logout_token.check_logout(claims, self._us.issuer, self._us.client_id, self._clock())
        await self._seen.check_first(claims)
        return told

    async def _tokens(self, **form: str) -> Mapping[str, Any]:
        provider = await self._discovery.provider()
        return await self._http.post(provider.token_endpoint, form, self._auth)


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    """``address``, which may have a query of its own, with these parameters."""
    parts = urlsplit(address)
    own = [(name, value) for name, value in parse_qsl(parts.query) if name not in asked]
    query = urlencode([*own, *asked.items()], quote_via=quote)
    return urlunsplit(parts._replace(query=query))

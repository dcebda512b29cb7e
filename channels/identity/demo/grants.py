"""What Authlib's grants leave to be said: where codes and tokens are kept, what is required."""

from typing import Any, Dict, Optional

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, OpenIDToken
from authlib.oidc.rpinitiated import EndSessionEndpoint, EndSessionRequest
from joserfc.jwk import KeySet, RSAKey

from channels.identity.demo.keys import ALGORITHM
from channels.identity.demo.model import LEVELS, LOGIN_LEVEL, Client, Code, Session, Token

_AFTER_CHECKS = "after_validate_authorization_request_payload"


class UnmetRequirements(OAuth2Error):  # type: ignore[misc]
    """No level that was asked for can be given (OpenID Connect Unmet Authentication
    Requirements 1.0)."""

    error = "unmet_authentication_requirements"


class RequestNotSupported(OAuth2Error):  # type: ignore[misc]
    """OpenID Connect Core 6."""

    error = "request_not_supported"


def level_asked(acr_values: Optional[str]) -> str:
    """The first level of ``acr_values`` that can be given; signing in where none is asked for.

    Raises:
        UnmetRequirements: levels are asked for and none can be given.
    """
    wanted = (acr_values or LOGIN_LEVEL).split()
    level = next((value for value in wanted if value in LEVELS), None)
    if level is None:
        raise UnmetRequirements("None of the acr_values can be met.")
    return level


class Requirements:
    """An extension that checks what Authlib does not look at."""

    def __call__(self, grant: Any) -> None:
        grant.register_hook(_AFTER_CHECKS, self.check)

    def check(self, grant: Any, _result: None) -> None:
        asked = grant.request.payload.data
        level_asked(asked.get("acr_values"))
        max_age = asked.get("max_age", "0")
        if not (max_age.isascii() and max_age.isdigit()):
            raise InvalidRequestError("'max_age' must be a number of seconds.")
        if asked.get("response_mode", "query") != "query":
            raise InvalidRequestError("Only the 'query' response mode is supported.")
        if "request" in asked or "request_uri" in asked:
            raise RequestNotSupported("Request objects are not supported.")


class S256Only(CodeChallenge):  # type: ignore[misc]
    """Authlib requires PKCE of public clients alone; here every request has to bring it."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - Authlib's name and form

    def validate_code_challenge(self, grant: Any, redirect_uri: Any) -> None:
        if not grant.request.payload.data.get("code_challenge_method"):
            raise InvalidRequestError("PKCE is required.")
        super().validate_code_challenge(grant, redirect_uri)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        asked = request.payload.data
        kept = Code(
            sid=request.user.sid,
            redirect_uri=asked["redirect_uri"],
            scope=request.scope,
            nonce=asked["nonce"],
            code_challenge=asked["code_challenge"],
            code_challenge_method=asked["code_challenge_method"],
        )
        self.server.store.save_code(code, kept)

    def query_authorization_code(self, code: str, client: Client) -> Optional[Code]:
        return self.server.store.use_code(code)  # type: ignore[no-any-return]

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """It was used up when it was looked at, so that two requests at once are one."""

    def authenticate_user(self, authorization_code: Code) -> Optional[Session]:
        return self.server.store.session(authorization_code.sid)  # type: ignore[no-any-return]


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Optional[Token]:
        kept: Optional[Token] = self.server.store.use_refresh(refresh_token)
        return kept if kept and self.server.store.session(kept.sid) else None

    def authenticate_user(self, refresh_token: Token) -> Optional[Session]:
        return self.server.store.session(refresh_token.sid)  # type: ignore[no-any-return]

    def revoke_old_credential(self, refresh_token: Token) -> None:
        """It was used up when it was looked at."""


class _IdToken:
    """ID tokens, for both grants. They say who, how and when; the rest is userinfo's."""

    def __init__(self, provider: Any, **options: Any) -> None:
        super().__init__(**options)
        self._provider = provider

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self._provider.key

    def get_client_algorithm(self, client: Client) -> str:
        return ALGORITHM

    def get_encode_header(self, client: Client) -> Dict[str, str]:
        return {"alg": ALGORITHM, "kid": self._provider.key.kid}

    def get_client_claims(self, client: Client) -> Dict[str, Any]:
        return self._provider.id_token_claims()  # type: ignore[no-any-return]

    def get_authorization_code_claims(self, authorization_code: Code) -> Dict[str, str]:
        return {"nonce": authorization_code.nonce}

    def generate_user_info(self, user: Session, scope: str) -> Dict[str, Any]:
        return user.claims


class FirstIdToken(_IdToken, OpenIDCode):  # type: ignore[misc]
    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        """False: whether a nonce comes twice is the client's to see."""
        return False


class RenewedIdToken(_IdToken, OpenIDToken):  # type: ignore[misc]
    pass


class EndSession(EndSessionEndpoint):  # type: ignore[misc]
    def get_server_jwks(self) -> KeySet:
        return self.server.key_set

    def get_algorithms(self) -> "list[str]":
        return [ALGORITHM]

    def end_session(self, end_session_request: EndSessionRequest) -> None:
        """The server ends it, for it also has to tell the client."""

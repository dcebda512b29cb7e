"""Authlib's OAuth2Session as a client of the demo broker, and a person who taps its buttons."""

import re
import secrets
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

SCOPE = "openid profile document"


class RelyingParty:
    """One client and the browser of one person; use as a context manager."""

    def __init__(self, broker):
        self.broker = broker
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.metadata = self.browser.get(
            f"{broker.issuer}/.well-known/openid-configuration", timeout=10
        ).json()
        client = broker.client
        self.oauth = OAuth2Session(
            client.client_id, client.secret, scope=SCOPE, redirect_uri=client.redirect_uri,
            token_endpoint_auth_method="client_secret_basic", code_challenge_method="S256",
        )  # fmt: skip
        self.oauth.trust_env = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.close()
        self.oauth.close()

    def authorize_url(self, **options):
        """Authlib's authorization request; None leaves a parameter out."""
        self.verifier, self.nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        options = {"nonce": self.nonce, "code_verifier": self.verifier, **options}
        options = {name: value for name, value in options.items() if value is not None}
        url, self.state = self.oauth.create_authorization_url(
            self.metadata["authorization_endpoint"], **options
        )
        return url

    def open(self, url):
        """What a browser finds; a redirect is followed as long as it stays at the broker."""
        answer = self.browser.get(url, allow_redirects=False, timeout=10)
        return self._follow(answer)

    def _follow(self, answer):
        while answer.is_redirect and not self._is_back(answer):
            answer = self.browser.get(
                self.broker.url + answer.headers["location"], allow_redirects=False, timeout=10
            )
        return answer

    def _is_back(self, answer):
        return answer.headers["location"].startswith(self.broker.client.redirect_uri)

    def tap(self, page, name, value="1"):
        answer = self.browser.post(page.url, data={name: value}, allow_redirects=False, timeout=10)
        return self._follow(answer)

    def numbers(self, page):
        """(what the phone shows, what can be tapped)"""
        shown = re.search(r"<strong>(\d\d)</strong>", page.text)[1]
        return shown, re.findall(r'name="number" value="(\d\d)"', page.text)

    def come_back(self, login="iam_smart", person="zhongshan", **options):
        """Signs in on the pages; returns the address that leads back to the client."""
        page = self.open(self.authorize_url(**options))
        page = self.tap(self.tap(page, "login", login), "person", person)
        return self.tap(page, "number", self.numbers(page)[0]).headers["location"]

    def exchange(self, location, **options):
        """The tokens for what the client was told."""
        options = {"code_verifier": self.verifier, **options}
        return self.oauth.fetch_token(
            self.metadata["token_endpoint"], authorization_response=location,
            state=self.state, **options,
        )  # fmt: skip

    def sign_in(self, *who, **options):
        return self.exchange(self.come_back(*who, **options))

    def claims(self, token):
        """The checked claims of a token that the broker signed."""
        keys = KeySet.import_key_set(self.browser.get(self.metadata["jwks_uri"], timeout=10).json())
        return jwt.decode(token, keys, algorithms=["RS256"])

    def refresh(self, token):
        return self.oauth.refresh_token(
            self.metadata["token_endpoint"], refresh_token=token["refresh_token"]
        )

    def out(self, **parameters):
        """What the end-session endpoint answers."""
        return self.browser.get(
            self.metadata["end_session_endpoint"], params=parameters, allow_redirects=False,
            timeout=10,
        )  # fmt: skip

    def userinfo(self, access_token=None):
        token = access_token or self.oauth.token["access_token"]
        return self.browser.get(
            self.metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )  # fmt: skip


def refused(call, error="invalid_grant"):
    """The token endpoint must refuse with a certain error."""
    with pytest.raises(OAuthError) as told_so:
        call()
    assert told_so.value.error == error


def told(location):
    """The parameters of an address."""
    return dict(parse_qsl(urlsplit(location).query))

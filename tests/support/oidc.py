"""A real OpenID provider for the tests: npm's oidc-provider on a loopback port, and its visitor.

Its login page is plain HTML: a radio button for each level (``acr``) and a button for each person
of ``PEOPLE`` (``button[value=chan]``), and one to cancel, so that a real browser can be driven over
it; its page for signing out has ``button[value=yes]``.
"""

import json
import re
import select
import signal
import subprocess
from contextlib import contextmanager
from html import unescape
from typing import Any, Dict, Iterator, List, Mapping, Optional
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp

from tests.support.node import INTEROP, require_node

CLIENT_ID, CLIENT_SECRET = "onestop", "a secret: with signs & spaces, 100 %"
#: The people who can sign in, by what their button sends.
PEOPLE = ("chan", "wong", "li")
_START_S = 20


def client(base: str, **more: Any) -> Dict[str, Any]:
    """How the provider knows an assistant whose public address is ``base``; ``more`` overrides."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [f"{base}/identity/callback"],
        "post_logout_redirect_uris": [f"{base}/"],
        "backchannel_logout_uri": f"{base}/identity/backchannel-logout",
        "backchannel_logout_session_required": True,
        **more,
    }


class OidcProvider:
    """The provider, for as long as the ``with`` lasts. ``issuer`` is its address.

    Args:
        clients: whom it knows, as ``client`` makes them.
    """

    def __init__(self, *clients: Mapping[str, Any]) -> None:
        self._given: Dict[str, Any] = {"clients": clients}
        self.issuer = ""

    def __enter__(self) -> "OidcProvider":
        require_node("oidc-provider")
        self._process = subprocess.Popen(
            ["node", "oidc_provider.mjs", json.dumps(self._given)],
            cwd=INTEROP, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        line = self._first_line()
        if not line:
            self._process.kill()
            raise RuntimeError("The OpenID provider does not start.")
        told = json.loads(line)
        self.issuer = told["issuer"]
        self._given.update(port=urlsplit(self.issuer).port, keys=told["keys"])
        return self

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nobody answers at its address. Then it is back, and has forgotten who was signed in."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """It takes what is asked and does not answer."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _first_line(self) -> str:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], _START_S)
        return self._process.stdout.readline() if ready else ""

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        said, _ = self._process.communicate(timeout=10)  # it ends with its input
        # the package itself says things as well
        broken = [line for line in said.splitlines() if line.startswith('{"event":"server_error"')]
        assert broken == [] or error, broken


class Visitor:
    """A person with a browser of their own, which keeps the provider's cookies."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._session.close()

    async def log_in(
        self, address: str, person: str = "chan", acr: Optional[str] = None
    ) -> Dict[str, str]:
        """Goes where ``Broker.authorize_url`` says, signs in if asked, and stops on the way back.

        Args:
            person: one of ``PEOPLE``, empty to cancel.
            acr: the level to choose; that which was asked for by default.

        Returns:
            The parameters of the answer.
        """
        self.asked = False
        page = await self._go("GET", address)
        if isinstance(page, str):
            self.asked = True
            chosen = acr or unescape(_one(r'value="([^"]+)" checked', page))
            form = {"person": person, "acr": chosen}
            to = urljoin(address, unescape(_one(r'action="([^"]+)"', page)))
            page = await self._go("POST", to, form)
        assert not isinstance(page, str), page
        return page

    async def sign_out(self, address: str) -> Dict[str, str]:
        """Goes where ``Broker.end_session_url`` says and confirms. Returns what comes back."""
        page = await self._go("GET", address)
        assert isinstance(page, str), page
        form = {"xsrf": _one(r'name="xsrf" value="([^"]+)"', page), "logout": "yes"}
        to = urljoin(address, _one(r'action="([^"]+)"', page))
        page = await self._go("POST", to, form)
        assert not isinstance(page, str), page
        return page

    async def _go(
        self, method: str, address: str, form: Optional[Mapping[str, str]] = None
    ) -> "Dict[str, str] | str":
        """A page of the provider, or the parameters with which it sends the browser away."""
        provider = urlsplit(address).netloc
        while True:
            async with self._session.request(
                method, address, data=form, allow_redirects=False
            ) as response:
                to = response.headers.get("Location")
                if to is None:
                    return await response.text()
            address, method, form = urljoin(address, to), "GET", None
            if urlsplit(address).netloc != provider:
                return dict(parse_qsl(urlsplit(address).query))


def _one(pattern: str, page: str) -> str:
    found: List[str] = re.findall(pattern, page)
    assert found, page
    return found[0]

"""A browser without a screen: follows what the sign-in pages say, and keeps cookies as told."""

import re
from html import unescape
from http.cookies import SimpleCookie
from typing import Dict, Optional
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


class Browser:
    """One browser with its own cookies, against a Sanic application."""

    def __init__(self, app, cookies: Optional[Dict[str, str]] = None, **headers: str) -> None:
        self._app = app
        self.cookies = dict(cookies or {})
        self._headers = {"accept-language": "en", **headers}

    async def get(self, path: str, method: str = "get", **headers: str):
        """Opens a path, or an address of the assistant."""
        path = re.sub(r"^http://127\.0\.0\.1:8080", "", path)
        return await self._call(method, path, headers)

    async def post(self, path: str, fields=None, content: Optional[str] = None, **headers: str):
        """Sends a form, as one of our own pages does."""
        body = content if content is not None else urlencode(fields or {})
        own = {"content-type": FORM, "origin": "null", "sec-fetch-site": "same-origin"}
        return await self._call("post", path, {**own, **headers}, content=body)

    async def _call(self, method, path, headers, **more):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {**self._headers, **({"cookie": cookie} if cookie else {}), **headers}
        client = self._app.asgi_client
        client.cookies.clear()  # all browsers share it, and it keeps cookies of its own
        _, response = await getattr(client, method)(path, headers=given, **more)
        self._keep(response)
        return response

    def _keep(self, response) -> None:
        for header in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def leads_to(response) -> str:
    """Where a page sends the browser on, or an empty text."""
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', response.text)
    return unescape(found[1]) if found else ""


def code_on(response) -> str:
    """The code that a page shows, to be typed in the chat."""
    return re.search(r'"sheet__code">(\d{4})<', response.text)[1]


def hidden(response, name: str) -> str:
    """A field of the page's form."""
    found = re.search(rf'name="{name}" (?:type="hidden" )?value="([^"]*)"', response.text)
    return unescape(found[1]) if found else ""

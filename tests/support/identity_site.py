"""The sign-in pages as a server of its own, with a page that stands in for the chat.

Run as ``python -m tests.support.identity_site REDIS_URL ISSUER PORT``; ``IdentitySite`` does it.
"""

import json
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from typing import Any

from core.settings import ROOT
from tests.support.server import free_port


class IdentitySite:
    """The server in a process, under ``localhost``, so that a provider on 127.0.0.1 is another site.

    Args:
        issuer: the provider's address.
    """

    def __init__(self, redis_url: str, issuer: str, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self._command = [sys.executable, "-m", __name__, redis_url, issuer, str(port)]

    def __enter__(self) -> "IdentitySite":
        self._process = subprocess.Popen(self._command, cwd=ROOT)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/told", timeout=2):
                return self
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError("The sign-in pages did not start.")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def told(self) -> Any:
        """What the chats were told: how many were ``resumed``, how many ``asked``."""
        with urllib.request.urlopen(f"{self.url}/told", timeout=5) as answer:
            return json.load(answer)


def base_url() -> "tuple[str, int]":
    """An address that is free, as the provider must know it beforehand."""
    port = free_port()
    return f"http://localhost:{port}", port


def main(redis_url: str, issuer: str, port: str) -> None:
    from sanic import Sanic
    from sanic.response import html, raw
    from sanic.response import json as json_response

    from actions.identity.broker import Broker
    from actions.identity.registration import Registration
    from channels.identity.input import IdentityChannel
    from channels.identity.pages import Pages
    from channels.web.history import History
    from channels.web.proof import WebProof
    from channels.web.session import COOKIE, Sessions
    from core.cache import connect
    from core.clock import system_clock
    from knowledge.loader import load_files, snapshot
    from tests.support.identity import Chats, Identity
    from tests.support.oidc import CLIENT_ID, CLIENT_SECRET

    folder, base = ROOT / "knowledge" / "content", f"http://localhost:{port}"
    content, client, sessions = (
        snapshot(load_files(folder), folder),
        connect(redis_url),
        Sessions("k"),
    )
    broker = Broker(Registration(issuer, CLIENT_ID, CLIENT_SECRET), client, system_clock)
    identity, chats = Identity(client, base, broker), Chats()

    class NoPlatform:
        async def sender_of(self, *_given: Any) -> None:
            return None

        def detour(self, *_given: Any) -> None:
            return None

    proofs = {
        "web": WebProof(sessions, History(client, identity.vault).is_ended),
        "wechat": NoPlatform(),
    }
    pages = Pages(lambda: content)
    app = Sanic("identity_site", configure_logging=False)
    app.blueprint(IdentityChannel(identity.service, proofs, chats, pages, base).blueprint())

    @app.get("/")
    async def chat(request: Any) -> Any:
        """A session, as the chat page gets one, and a link in it."""
        cookie = sessions.continue_or_issue(request.cookies.get(COOKIE))
        channel, reader = request.args.get("channel", "web"), request.args.get("reader", "en")
        sender = (sessions.sender(cookie) or "") if channel == "web" else "wechat-a"
        task = "view_appointment"
        made = await identity.links.hand_off(sender, channel, "wx1", task, reader)
        link = f'<a href="{made.url}" target="_blank" rel="noopener noreferrer">Sign in</a>'
        page = f'<!DOCTYPE html><title>Chat</title>{link}<p id="number">{made.number}</p>'
        response = html(page)
        response.cookies[COOKIE] = cookie
        response.cookies[COOKIE].update({"httponly": True, "samesite": "Strict", "path": "/"})
        return response

    @app.get("/assets/<name>")
    async def asset(request: Any, name: str) -> Any:
        types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        data = (ROOT / "channels" / "web" / "assets" / name).read_bytes()
        return raw(data, content_type=types[name.rpartition(".")[2]])

    @app.get("/told")
    async def told(request: Any) -> Any:
        return json_response({"resumed": len(chats.resumed_with), "asked": len(chats.asked_with)})

    app.run(host="localhost", port=int(port), access_log=False, motd=False)


if __name__ == "__main__":
    main(*sys.argv[1:])

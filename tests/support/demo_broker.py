"""The demo broker on loopback, with a client beside it that only writes down what reaches it."""

import asyncio
import threading

from sanic import Sanic
from sanic.response import text

from channels.identity.demo.keys import signing_key
from channels.identity.demo.model import Client
from channels.identity.demo.server import PATH, DemoBroker
from channels.identity.demo.store import DemoStore
from core.cache import connect_blocking
from core.settings import ROOT, Environment
from tests.support.server import free_port


class DemoBrokerServer:
    """Serves in a thread of its own; use as a context manager.

    Attributes:
        url, issuer, client: of the demo broker.
        logout_tokens: what came to the client's back-channel.
        logout_status: what the client answers there.
    """

    def __init__(self, redis_url, folder, snapshot, clock):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.issuer = self.url + PATH
        self.client = Client.of(self.url)
        self.key = signing_key(folder)
        self.store = DemoStore(connect_blocking(redis_url))
        self.logout_tokens, self.logout_status = [], 200
        self._broker = DemoBroker(
            Environment.DEMO, self.url, self.client, self.store, self.key, snapshot, clock
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def _app(self):
        Sanic._app_registry.pop("demo_broker", None)
        app = Sanic("demo_broker", configure_logging=False)
        app.config.ACCESS_LOG = False
        app.blueprint(self._broker.blueprint())
        app.static("/assets", str(ROOT / "channels" / "web" / "assets"))

        @app.get("/identity/callback")
        async def callback(_request):
            return text("back at the client")

        @app.get("/")
        async def home(_request):
            return text("the client's home")

        @app.post("/identity/backchannel-logout")
        async def logout(request):
            self.logout_tokens.append(request.form.get("logout_token"))
            return text("", status=self.logout_status)

        return app

    async def _start(self):
        made = await self._app().create_server(
            host="127.0.0.1", port=self.port, return_asyncio_server=True, access_log=False
        )
        await made.startup()
        await made.start_serving()
        return made

    def _do(self, what):
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(20)

    def __enter__(self):
        self._thread.start()
        self._server = self._do(self._start())
        return self

    def __exit__(self, *_):
        async def stop():
            self._server.close()
            await self._server.wait_closed()
            await self._broker.close()

        self._do(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

"""The HTTP server: the channels' routes and what operators ask for. Nothing of Rasa's own API."""

import asyncio
import gc
import logging
from typing import Callable, Dict, Iterator

from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, raw, text
from sanic.response import json as json_response
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.wiring import Assistant
from channels.common.http_head import check_heads
from channels.common.proof import ChannelProof
from channels.identity.input import IdentityChannel
from channels.identity.pages import Pages
from channels.web.files import FileLinks
from channels.web.input import NAME as WEB
from channels.web.input import WebChannel
from channels.web.proof import WebProof
from channels.web.session import Sessions
from channels.wechat.account import CHANNEL as WECHAT
from channels.wechat.exchange import Door
from channels.wechat.input import WeChatChannel
from channels.wechat.parse import sender_of
from channels.wechat.proof import WeChatProof
from channels.wechat.replay import Replays
from core import metrics
from core.clock import system_clock

logger = logging.getLogger(__name__)

#: Bytes of a request; seconds for one to arrive.
_MAX_REQUEST, _REQUEST_TIMEOUT_S = 64 * 1024, 15


def create_app(assistant: Assistant, ready: Callable[[], None]) -> Sanic:
    """The application around an assistant.

    The assistant is built before Sanic forks its workers, which then share the model's memory;
    connections and threads are opened in each worker.

    Args:
        ready: called in each worker when it answers.
    """
    app = Sanic("onestop", configure_logging=False)
    app.config.update(
        {
            "REQUEST_MAX_SIZE": _MAX_REQUEST,
            "REQUEST_TIMEOUT": _REQUEST_TIMEOUT_S,
            "KEEP_ALIVE_TIMEOUT": 75,
            "ACCESS_LOG": False,
            "GRACEFUL_SHUTDOWN_TIMEOUT": 2.0,  # an open event stream never ends by itself
        }
    )
    for blueprint in _channels(assistant):
        app.blueprint(blueprint)
    check_heads(app)
    app.add_route(_healthz, "/healthz")
    app.add_route(_metrics, "/metrics")
    app.error_handler.add(Exception, _plain_error)

    @app.before_server_start
    async def start(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        assistant.knowledge.watch()
        # What was loaded stays for good: the collector need not walk through it at every turn.
        gc.collect()
        gc.freeze()

    @app.after_server_start
    async def announce(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.end = asyncio.Event()
        app.ctx.running = [
            asyncio.create_task(assistant.post.courier.run(app.ctx.end)),
            asyncio.create_task(assistant.turns.take_over()),
        ]
        ready()

    @app.before_server_stop
    async def wind_down(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.end.set()
        await assistant.turns.close()
        courier, looking = app.ctx.running
        looking.cancel()
        await asyncio.gather(courier, looking, return_exceptions=True)

    @app.after_server_stop
    async def stop(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        await assistant.close()

    @app.get("/readyz")
    async def readyz(_request: Request) -> HTTPResponse:
        """The assistant can take messages: Redis and the database answer."""
        try:
            await assistant.redis.ping()
            await asyncio.to_thread(_ask, assistant.database)
        except Exception:
            logger.exception("not ready")
            return text("not ready", status=503)
        return text("ready")

    return app


def _channels(assistant: Assistant) -> "Iterator[Blueprint]":
    """The routes of every channel, and of signing in."""
    settings, snapshot = assistant.settings, lambda: assistant.knowledge.current
    sessions = Sessions(settings.signing_key())
    yield WebChannel(
        assistant.conversation,
        assistant.history,
        sessions,
        assistant.privacy.forget,
        snapshot,
        system_clock,
        secure=settings.public_url.startswith("https://"),
    ).blueprint()
    yield FileLinks(assistant.office.handouts, snapshot).blueprint()
    wechat, vault = assistant.post.wechat, assistant.vault
    if wechat.accounts:
        yield WeChatChannel(
            wechat.accounts,
            Door(assistant.turns),
            Replays(assistant.redis, vault),
            vault,
            system_clock,
        ).blueprint()
    if assistant.sign_in:
        proofs: Dict[str, ChannelProof] = {
            WEB: WebProof(sessions, assistant.history.is_ended),
            WECHAT: WeChatProof(
                wechat.accounts, wechat.client, lambda one, openid: sender_of(one, openid, vault)
            ),
        }
        pages, service = Pages(snapshot), assistant.sign_in.service
        yield IdentityChannel(
            service, proofs, assistant.resume, pages, settings.public_url
        ).blueprint()
        if assistant.sign_in.demo:
            yield assistant.sign_in.demo.blueprint()


async def _healthz(_request: Request) -> HTTPResponse:
    """The process answers."""
    return text("ok")


async def _metrics(_request: Request) -> HTTPResponse:
    """What operators watch, for Prometheus."""
    return raw(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _ask(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sql("SELECT 1"))


def _plain_error(_request: Request, error: Exception) -> HTTPResponse:
    """A short JSON error, never a stack trace."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        logger.error("request failed", exc_info=error)
    names = {404: "not_found", 405: "not_allowed", 413: "too_long", 408: "too_slow"}
    return json_response({"error": names.get(status, "failed")}, status)

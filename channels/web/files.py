"""Serves the files behind links of replies; whoever has a link may open it (core.handouts).

A link's token is a secret: it is never logged, and a page that it leads to tells it to no other.
"""

import logging
from typing import Callable

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw, text

from channels.web.request import browser_language
from core.handouts import KINDS, PATH, Handouts
from knowledge.answers import words
from knowledge.model import Snapshot

logger = logging.getLogger(__name__)

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Robots-Tag": "noindex",
}
#: What a browser does with a file: a picture is shown, the others are opened elsewhere or kept.
_DISPOSITIONS = {
    "calendar.ics": 'attachment; filename="appointment.ics"',
    "qr.svg": 'inline; filename="appointment.svg"',
    "export.json": 'attachment; filename="my-data.json"',
}


class FileLinks:
    """The routes of the links.

    Args:
        snapshot: returns the present knowledge, for the words of a link that has ended.
    """

    def __init__(self, handouts: Handouts, snapshot: Callable[[], Snapshot]) -> None:
        self._handouts = handouts
        self._snapshot = snapshot

    def blueprint(self) -> Blueprint:
        routes = Blueprint("files", url_prefix=PATH)

        @routes.get("/<token>/<name>")
        async def file(request: Request, token: str, name: str) -> HTTPResponse:
            return await self._file(request, token, name)

        return routes

    async def _file(self, request: Request, token: str, name: str) -> HTTPResponse:
        try:
            data = await self._handouts.take(token, name)
        except Exception:
            logger.exception("a file behind a link could not be looked up")
            return self._say(request, "utter_error", 500)
        if data is None:
            return self._say(request, "appointments.link_gone", 404)
        headers = {**_HEADERS, "Content-Disposition": _DISPOSITIONS[name]}
        return raw(data, content_type=KINDS[name].content_type, headers=headers)

    def _say(self, request: Request, key: str, status: int) -> HTTPResponse:
        """One sentence in the browser's language."""
        sentence = words(self._snapshot(), key, browser_language(request).variant)
        return text(sentence, status, headers=_HEADERS)

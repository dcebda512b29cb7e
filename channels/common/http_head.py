"""What a request says about its length, before anybody reads by it.

Sanic 21.12 takes the number as it comes: on ``Content-Length: -5`` it reads nothing again and again
and serves nobody else ever after; on ``abc`` it fails. Two lengths, or a length beside chunks, are
how requests are smuggled past a proxy (RFC 9112, 6.3).
"""

import re

from sanic import Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request

_LENGTH = re.compile(r"[0-9]{1,12}")


def check_heads(app: Sanic) -> None:
    """Makes an application refuse requests whose length is not plain, with 400."""
    app.add_signal(_check, "http.lifecycle.request")


async def _check(request: Request) -> None:
    lengths = request.headers.getall("content-length", [])
    encodings = request.headers.getall("transfer-encoding", [])
    plain = not lengths or (len(lengths) == 1 and _LENGTH.fullmatch(lengths[0].rstrip()))
    if not plain or (encodings and (lengths or encodings != ["chunked"])):
        raise InvalidUsage("The length of the request is not plain.")

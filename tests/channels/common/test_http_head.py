"""Requests that lie about their length, against a server with an ordinary handler."""

import asyncio
import socket

import pytest
import pytest_asyncio
from sanic import Sanic
from sanic.request import Request
from sanic.response import text

from channels.common.http_head import check_heads


@pytest_asyncio.fixture
async def port():
    app = Sanic("http-head", configure_logging=False)

    @app.post("/")
    async def count(request: Request):
        return text(str(len(request.body)))

    check_heads(app)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    yield listening.getsockname()[1]
    await server.close()


async def post(port, *headers, body=b"hello"):
    """Everything that the server answers until it closes the connection or falls silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "\r\n".join(["POST / HTTP/1.1", "Host: x", *headers])
    writer.write(f"{head}\r\n\r\n".encode() + body)
    answered = b""
    try:
        while part := await asyncio.wait_for(reader.read(65536), 0.5):
            answered += part
            assert len(answered) < 100_000
    except asyncio.TimeoutError:
        pass
    writer.close()
    return answered


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: abc"], ["Content-Length: -5"], ["Content-Length: +5"],
        ["Content-Length: 5_0"], ["Content-Length: 5, 5"], ["Content-Length:"],
        ["Content-Length: " + "9" * 5000],
        ["Content-Length: 5", "Content-Length: 6"], ["Content-Length: 5", "Content-Length: 5"],
        ["Transfer-Encoding: gzip"], ["Transfer-Encoding: chunked, chunked"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ],
    ids=lambda headers: " and ".join(headers)[:60],
)  # fmt: skip
async def test_a_length_that_is_not_plain_is_refused_once_and_the_server_goes_on(port, headers):
    answered = await post(port, *headers)
    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.startswith(b"HTTP/1.1 400 ")
    assert b"200 OK" in await post(port, "Content-Length: 5", "Connection: close")


async def test_plain_lengths_are_taken(port):
    assert (await post(port, "Content-Length: 5", "Connection: close")).endswith(b"5")
    assert (await post(port, "Content-Length: 5 ", "Connection: close")).endswith(b"5")
    chunks = b"5\r\nhello\r\n0\r\n\r\n"
    got = await post(port, "Transfer-Encoding: chunked", "Connection: close", body=chunks)
    assert got.endswith(b"5")

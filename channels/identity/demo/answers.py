"""Between Sanic and the provider: requests in, answers out. Nothing of the demo broker is kept."""

from typing import Dict

from sanic.request import Request
from sanic.response import HTTPResponse, redirect
from sanic.response import json as json_response

from channels.identity.demo.provider import Answer, Received

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def read(request: Request) -> Received:
    return Received(
        request.method, request.url, request.headers, dict(request.args), dict(request.form or {})
    )


def reply(answer: Answer) -> HTTPResponse:
    headers = {**HEADERS, **answer.headers}
    headers.pop("Content-Type", None)
    if answer.location:
        return lead_to(answer.location, headers)
    return json_response(answer.body, answer.status, headers=headers)


def lead_to(location: str, headers: Dict[str, str]) -> HTTPResponse:
    # Sanic writes the address into the very headers that it is given.
    return redirect(location, headers={**HEADERS, **headers}, status=303)

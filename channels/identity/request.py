"""What a browser, a mini program or the broker sends to the sign-in pages, read strictly."""

import json
from typing import Any, Dict, Optional
from urllib.parse import parse_qsl

from sanic.request import Request

from channels.web.request import browser_language
from core.reader import Reader

_MOST_FIELDS = 20


def query_of(request: Request) -> Dict[str, str]:
    """The query's parameters; none at all where one stands twice, as RFC 6749 (3.1) forbids."""
    return _once(request.query_string)


def form_of(request: Request) -> Dict[str, str]:
    """The form's fields, as ``query_of``."""
    return _once(request.body.decode("ascii", "replace"))


def json_of(request: Request) -> Dict[str, str]:
    """The texts of a JSON object; empty for anything else."""
    try:
        body: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return {k: v for k, v in body.items() if isinstance(v, str)} if isinstance(body, dict) else {}


def is_json(request: Request) -> bool:
    return _content_type(request) == "application/json"


def is_form(request: Request) -> bool:
    return _content_type(request) == "application/x-www-form-urlencoded"


def from_another_site(request: Request) -> bool:
    """Whether a form was sent by a page of somebody else, as far as the browser tells.

    ``Origin`` tells nothing: under ``Referrer-Policy: no-referrer`` it is ``null`` from our own
    pages too (Fetch, 3.2).
    """
    return request.headers.get("sec-fetch-site", "same-origin") != "same-origin"


def reader_of(request: Request, written: Optional[str] = None) -> Reader:
    """Who reads the answer: as it is written down, or whom the browser says."""
    try:
        return Reader.parse(written or "")
    except ValueError:
        return browser_language(request)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _once(text: str) -> Dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    found = dict(pairs)
    return found if len(found) == len(pairs) else {}

"""What a request of the page says about itself; all of it is the client's word, none is trusted."""

import json
import re
from typing import Any, Dict, Iterable, Optional
from urllib.parse import urlsplit
from uuid import UUID

from sanic.request import Request

from core.reader import DEFAULT, Reader


def from_this_page(request: Request) -> bool:
    """Whether a request that changes something comes from our own page, not from another site."""
    origin = request.headers.get("origin")
    if origin is not None and _host(origin) != request.headers.get("host"):
        return False
    if request.method == "DELETE":
        return True
    # A form of another site cannot send JSON without asking first.
    return (
        request.headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"
    )


def _host(origin: str) -> Optional[str]:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def json_body(request: Request) -> Dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def uuid_or_none(value: Any) -> Optional[str]:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


_LANGUAGES = (
    ("yue", "yue"), ("zh-hk", "yue"), ("zh-mo", "yue"), ("zh-hant-hk", "yue"),
    ("zh-tw", "zh_hant"), ("zh-hant", "zh_hant"), ("zh", "zh_hans"), ("en", "en"),
)  # fmt: skip


def _weight(wanted: str) -> "tuple[str, float]":
    """A language tag and its weight, negative so that the weightiest comes first."""
    tag, _, weight = wanted.partition(";")
    found = re.search(r"q=([01](?:\.[0-9]{1,3})?)", weight)
    return tag.strip(), -float(found[1]) if found else -1.0


def browser_language(request: Request) -> Reader:
    """The language that the browser wants most of those that the assistant speaks."""
    wanted = request.headers.get("accept-language", "").lower().split(",")
    weights = dict(map(_weight, wanted))
    return first_spoken(sorted(weights, key=weights.__getitem__)) or DEFAULT


def first_spoken(tags: Iterable[str]) -> Optional[Reader]:
    """The first of some language tags, in lower case, that the assistant speaks."""
    for tag in tags:
        for prefix, variant in _LANGUAGES:
            if tag == prefix or tag.startswith(prefix + "-"):
                return Reader.parse(variant)
    return None

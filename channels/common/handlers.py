"""Methods as Sanic's handlers."""

import functools
from typing import Any, Callable


def handler_of(method: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function around a method: Sanic writes attributes onto its handlers."""

    @functools.wraps(method)
    async def handle(*given: Any, **values: Any) -> Any:
        return await method(*given, **values)

    return handle

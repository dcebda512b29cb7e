"""The parameters of a push's address."""

from typing import Dict
from urllib.parse import parse_qsl

from sanic.request import Request

from channels.wechat.refused import Refused

_MOST, _LONGEST = 20, 2048


class Query(Dict[str, str]):
    """Each parameter once; one that is asked for and missing refuses the request.

    Raises:
        Refused: a parameter stands twice, so that two readers could take different ones; or there
            are too many.
    """

    def __init__(self, request: Request) -> None:
        written = request.raw_url.partition(b"?")[2].decode("ascii", "replace")
        try:
            pairs = parse_qsl(
                written, keep_blank_values=True, errors="surrogateescape", max_num_fields=_MOST
            )
        except ValueError:
            raise Refused("query") from None
        super().__init__(pairs)
        if len(self) < len(pairs) or len(written) > _LONGEST:
            raise Refused("query")

    def __missing__(self, name: str) -> str:
        raise Refused("query")

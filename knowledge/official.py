"""Which addresses may be shown to people: only those on hosts that the knowledge lists."""

import re
from typing import Iterable, Optional

_BARE = re.compile(r"^(?!www\.)(?:[a-z0-9-]+\.)?gov\.(?:hk|cn|mo)$")
_ADDRESS = re.compile(r"^(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[^\s]*)?)$", re.I)


def is_official(host: str, hosts: Iterable[str]) -> bool:
    """Whether ``host`` is one of ``hosts`` or stands below one of them."""
    host = host.lower().rstrip(".")
    return any(host == official or host.endswith("." + official) for official in hosts)


def official_url(address: str, hosts: Iterable[str]) -> Optional[str]:
    """The https address of a catalogue address (``gov.hk/tdbooking``), if it may be shown."""
    match = _ADDRESS.match(address)
    if not match or "|" in address or "..." in address or not is_official(match[1], hosts):
        return None
    host = match[1].lower()
    if _BARE.match(host):  # catalogues leave “www.” out, the sites do not answer without it
        host = "www." + host
    return f"https://{host}{match[2]}"

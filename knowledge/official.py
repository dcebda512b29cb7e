"""Which addresses may be shown to people: only those on hosts that the knowledge lists."""

import re
from typing import Container, Optional

_BARE = re.compile(r"^(?!www\.)(?:[a-z0-9-]+\.)?gov\.(?:hk|cn|mo)$")
_ADDRESS = re.compile(r"^(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[^\s]*)?)$", re.I)


def official_host(host: str, hosts: Container[str]) -> Optional[str]:
    """The one of ``hosts`` that ``host`` is or stands below, the longest of several."""
    host = host.lower().rstrip(".")
    while host and host not in hosts:  # as often as it has dots, however many hosts are listed
        host = host.partition(".")[2]
    return host or None


def is_official(host: str, hosts: Container[str]) -> bool:
    """Whether ``host`` is one of ``hosts`` or stands below one of them."""
    return official_host(host, hosts) is not None


def official_url(address: str, hosts: Container[str]) -> Optional[str]:
    """The https address of a catalogue address (``gov.hk/tdbooking``), if it may be shown."""
    match = _ADDRESS.match(address)
    if not match or "|" in address or "..." in address or not is_official(match[1], hosts):
        return None
    host = match[1].lower()
    if _BARE.match(host):  # catalogues leave “www.” out, the sites do not answer without it
        host = "www." + host
    return f"https://{host}{match[2]}"

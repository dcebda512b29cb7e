"""Where an answer comes from: the source that may be shown, and the day of its collection."""

from datetime import date
from typing import Optional

from knowledge.model import Entry, Snapshot, Text, Variant
from knowledge.official import is_official, official_url


def day(iso: str, variant: Variant) -> str:
    """A date as a person writes it."""
    moment = date.fromisoformat(iso)
    if variant == "en":
        return f"{moment.day} {moment:%b %Y}"
    return f"{moment.year}年{moment.month}月{moment.day}日"


def official_source(
    snapshot: Snapshot, entry: Entry, variant: Variant
) -> Optional[tuple[str, Optional[str]]]:
    """The name of the first official source, and its address when there is a whole one."""
    site_language = {"en": "en", "zh_hans": "sc"}.get(variant, "tc")
    for source in entry.sources:
        for address in source.addresses:
            address = address.replace("en|tc|sc", site_language)
            host = address.split("://")[-1].split("/")[0].lower()
            if is_official(host, snapshot.official_hosts):
                name = _host_name(snapshot, host).get(variant)
                return name, official_url(address, snapshot.official_hosts)
    return None


def _host_name(snapshot: Snapshot, host: str) -> Text:
    """The name of the site: that of the longest listed host that ``host`` belongs to."""
    fits = [h for h in snapshot.official_hosts if is_official(host, [h])]
    return snapshot.official_hosts[max(fits, key=len)]

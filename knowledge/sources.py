"""Where an answer comes from: the source that may be shown, and the day of its collection."""

from datetime import date
from typing import Optional

from knowledge.model import Entry, Snapshot, Variant
from knowledge.official import official_host, official_url


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
            listed = official_host(address.split("://")[-1].split("/")[0], snapshot.official_hosts)
            if listed:
                name = snapshot.official_hosts[listed].get(variant)
                return name, official_url(address, snapshot.official_hosts)
    return None

"""Where an answer comes from: the source that may be shown."""

from typing import Optional

from knowledge.model import Entry, Snapshot, Variant
from knowledge.official import official_host, official_url


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

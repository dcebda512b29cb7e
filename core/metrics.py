"""What operators watch, in Prometheus' text format. No label holds anything of a person's.

Several processes answer on one port, so each writes its counts into a file of its own when
``PROMETHEUS_MULTIPROC_DIR`` names a folder (bot/environment.py), and whoever is asked adds them up.
"""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

received = Counter(
    "onestop_channel_received",
    "Messages and events that came in, by what they are; unknown ones too",
    ["channel", "kind"],
)
refused = Counter(
    "onestop_channel_refused", "Requests that were refused, by the reason", ["channel", "reason"]
)


def exposition() -> bytes:
    """All metrics of all processes."""
    if values.ValueClass is values.MutexValue:  # this process alone
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)

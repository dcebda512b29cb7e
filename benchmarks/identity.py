"""Hand-offs to the identity broker: 10,000 under way, then each of 1,000 is created and consumed.

Measured on a real Redis, everything of ours included: what a turn does to make a link, and what the
page's form does with it until the browser may leave. The broker itself is left out: its address is
known, as it is after the first sign-in.

Example: python -m benchmarks.identity
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List

import structlog
from rich.console import Console
from rich.table import Table

from actions.identity.handoff_store import HandOffStore
from actions.identity.links import Links
from actions.identity.model import Level, Need
from core.cache import RedisServer, connect
from core.clock import system_clock
from core.settings import ROOT, Settings
from core.vault import Vault, make_keys

RESULTS = ROOT / "var" / "benchmarks-identity.json"
BASE = "https://assistant.example"
TARGET_MS = 5.0


class KnownBroker:
    """Where the browser goes, without the network."""

    async def authorize_url(self, **asked: Any) -> str:
        return f"https://broker.example/authorize?state={asked['state']}"


async def measure(pending: int, samples: int) -> Dict[str, List[float]]:
    """Milliseconds of each create and each consume, beside ``pending`` hand-offs."""
    times: Dict[str, List[float]] = {"create": [], "consume": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer(Settings(data_dir=Path(folder))) as server,
    ):
        client, vault = connect(server.url), Vault(make_keys(), "f" * 43)
        broker: Any = KnownBroker()
        links = Links(
            HandOffStore(client, vault), broker, lambda task: Need(Level.LOGIN), (),
            vault.fingerprint, BASE, system_clock,
        )  # fmt: skip

        async def create(number: int) -> str:
            sender = f"web-{number:040x}"
            made = await links.hand_off(sender, "web", "", "view_appointment", "yue-Hant")
            return made.url.partition("?t=")[2]

        for number in range(pending):
            await create(number)
        for number in range(pending, pending + samples):
            started = time.perf_counter()
            token = await create(number)
            created = time.perf_counter()
            await links.consume(token, f"web-{number:040x}")
            times["create"].append((created - started) * 1000)
            times["consume"].append((time.perf_counter() - created) * 1000)
        await client.close()
        await client.connection_pool.disconnect()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pending", type=int, default=10_000, help="hand-offs under way")
    parser.add_argument("--samples", type=int, default=1000, help="measured ones")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    times = asyncio.run(measure(options.pending, options.samples))
    table = Table("ms", "median", "p95", "target", "")
    results = {}
    for name, measured in times.items():
        ordered = sorted(measured)
        median, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        verdict = "[green]met[/green]" if p95 <= TARGET_MS else "[red]MISSED[/red]"
        table.add_row(name, f"{median:.2f}", f"{p95:.2f}", f"≤ {TARGET_MS}", verdict)
        results[name] = {"median_ms": round(median, 2), "p95_ms": round(p95, 2)}
    console = Console()
    console.print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"pending": options.pending, **results}, indent=2) + "\n")


if __name__ == "__main__":
    main()

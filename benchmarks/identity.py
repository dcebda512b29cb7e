"""Hand-offs to the identity broker: 10,000 under way, then each of 1,000 is created and consumed;
and what one adds to a turn.

The first is measured on a real Redis, everything of ours included: what a turn does to make a link,
and what the page's form does with it until the browser may leave. The broker itself is left out:
its address is known, as it is after the first sign-in. The second is measured over HTTP on the real
server: a turn that hands out a link beside a turn that answers a question, by turns.

Example: python -m benchmarks.identity
"""

import argparse
import asyncio
import json
import logging
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Dict, List

import structlog
from rich.console import Console
from rich.table import Table

from actions.identity.handoff_store import HandOffStore
from actions.identity.links import Links
from actions.identity.model import Level, Need
from benchmarks.__main__ import p95, timed
from benchmarks.ours import OurBot
from core.cache import RedisServer, connect
from core.clock import system_clock
from core.settings import ROOT, Settings
from core.vault import Vault, make_keys

RESULTS = ROOT / "var" / "benchmarks-identity.json"
BASE = "https://assistant.example"
TARGET_MS, TURN_TARGET_MS = 5.0, 20.0
QUESTION, WISH = "when does Lo Wu close", "sign in"
#: Rounds that warm the server up, and those after which somebody else goes on.
_WARM, _EACH = 20, 10


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


def measure_turns(rounds: int) -> Dict[str, List[float]]:
    """Milliseconds of each answered question and of each link that is handed out."""
    times: Dict[str, List[float]] = {QUESTION: [], WISH: []}
    bot = OurBot()
    bot.start()
    try:
        for number in range(-_WARM, rounds):
            sender = f"person {number // _EACH}"
            bot.open_page(sender)
            bot.rest()
            for words in times if number % 2 else reversed(times):  # neither is always the first
                taken = timed(bot.say, sender, words)
                if number >= 0:
                    times[words].append(taken)
        issued = bot.counted('onestop_identity_events_total{channel="web",event="link_issued"')
    finally:
        bot.stop()
    if issued != rounds + _WARM:
        raise RuntimeError(f"{issued:.0f} links were handed out")
    return times


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pending", type=int, default=10_000, help="hand-offs under way")
    parser.add_argument("--samples", type=int, default=1000, help="measured ones")
    parser.add_argument("--turns", type=int, default=200, help="turns of each kind")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    times = asyncio.run(measure(options.pending, options.samples))
    table = Table("ms", "median", "p95", "target", "")
    results: Dict[str, Any] = {"pending": options.pending}
    for name, measured in times.items():
        middle, high = median(measured), p95(measured)
        table.add_row(name, f"{middle:.2f}", f"{high:.2f}", *_verdict(high, TARGET_MS))
        results[name] = {"median_ms": round(middle, 2), "p95_ms": round(high, 2)}
    turns = measure_turns(options.turns)
    for words, measured in turns.items():
        table.add_row(f"turn: {words}", f"{median(measured):.2f}", f"{p95(measured):.2f}", "", "")
    added = median(turns[WISH]) - median(turns[QUESTION])
    table.add_row("a hand-off adds", f"{added:.2f}", "", *_verdict(added, TURN_TARGET_MS))
    results["turns"] = {words: round(median(measured), 2) for words, measured in turns.items()}
    results["load"] = round(os.getloadavg()[0], 1)
    console = Console()
    console.print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


def _verdict(measured: float, target: float) -> "tuple[str, str]":
    met = "[green]met[/green]" if measured <= target else "[red]MISSED[/red]"
    return f"≤ {target}", met


if __name__ == "__main__":
    main()

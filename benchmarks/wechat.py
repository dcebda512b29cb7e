"""WeChat under load: turns a second beside stock Rasa's REST channel, repeats, cold workers.

The whole path is measured: decrypting, duplicate check, inbox, understanding, answer, encrypting.

Example: python -m benchmarks.wechat --turns 1000
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any, Dict, List

from aiohttp import web
from rich.console import Console
from rich.table import Table

from benchmarks.stock_rasa.bot import StockBot
from benchmarks.stock_rasa.project import prepare as prepare_stock
from benchmarks.wechat_load.bots import OurWebhook, StockRest
from benchmarks.wechat_load.once import cold_workers, repeats
from benchmarks.wechat_load.throughput import side_by_side
from channels.wechat.simulator.api import make_api
from channels.wechat.simulator.world import World
from core.settings import ROOT

RESULTS = ROOT / "var" / "benchmarks-wechat.json"
_TARGET = 0.8


async def measure(turns: int, folder: Path, console: Console) -> Dict[str, Any]:
    world = World("wx0123456789abcdef", "secret", "service_account")
    asked: List[str] = []

    @web.middleware
    async def count(request: web.Request, handler: Any) -> web.StreamResponse:
        asked.append(request.path)
        return await handler(request)

    runner = web.AppRunner(make_api(world, [count]), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api = f"http://127.0.0.1:{runner.addresses[0][1]}"
    loop, result = asyncio.get_running_loop(), {}
    with console.status("starting both"), StockBot(folder) as stock:
        await loop.run_in_executor(None, stock.start)
        with OurWebhook(api) as ours:
            for at_once in (1, 16, 64):
                console.print(f"{at_once} at once …")
                row = await side_by_side(ours, StockRest(stock), at_once, turns)
                result[f"{at_once} at once"] = row
    result["repeats"] = await repeats(api, world)
    before = asked.count("/cgi-bin/stable_token")
    result["cold workers"] = {"tokens": await cold_workers(api, folder / "cold")}
    result["cold workers"]["requests"] = asked.count("/cgi-bin/stable_token") - before
    await runner.cleanup()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1000, help="turns at each load")
    turns = parser.parse_args().turns
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        with console.status("training stock Rasa"):
            prepare_stock(Path(folder))
        result = asyncio.run(measure(turns, Path(folder), console))
    table = Table("load", "ours, turns/s", "stock, turns/s", "ratio", "p50 ms", "p99 ms", "")
    for load in (1, 16, 64):
        row = result[f"{load} at once"]
        met = "[green]met[/green]" if row["ratio"] >= _TARGET else "[red]MISSED[/red]"
        numbers = [f"{row[name]:.1f}" for name in ("ours", "stock")]
        table.add_row(f"{load} at once", *numbers, f"{row['ratio']:.2f}", f"{row['p50']:.1f}",
                      f"{row['p99']:.1f}", f"≥ {_TARGET} {met}" if load == 64 else "")  # fmt: skip
    console.print(table)
    once = result["repeats"]
    console.print(f"one message 50 times over 4 workers: {once['200s']} × 200, {once['sent']} sent")
    cold = result["cold workers"]
    console.print(f"64 cold workers: {cold['requests']} request, {cold['tokens']} token")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1))
    console.print(f"Written to {RESULTS.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

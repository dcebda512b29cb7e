"""Runs the speed benchmark: our assistant and a stock Rasa bot over the same intents.

Example: python -m benchmarks --turns 200
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.ours import OurBot, train
from benchmarks.stock_rasa.bot import StockBot
from benchmarks.stock_rasa.project import prepare as prepare_stock
from core.settings import ROOT

GREETINGS = ["你好", "hello", "早晨", "您好", "good morning"]
QUESTIONS = ["羅湖口岸幾點閂門", "高才通申请费", "how long does a residence permit take",
             "良民證幾錢要幾耐", "港车北上一次能停留几天"]  # fmt: skip
RESULTS = ROOT / "var" / "benchmarks.json"

Say = Callable[[str, str], Any]


def timed(say: Say, sender: str, text: str) -> float:
    """Milliseconds of one turn."""
    started = time.perf_counter()
    said = say(sender, text)
    if said is not None and not said:  # stock Rasa answers 200 and nothing when an action failed
        raise RuntimeError(f"no answer to {text!r}")
    return (time.perf_counter() - started) * 1000


def p95(values: List[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def short_conversations(
    ours: Say, open_page: Callable[[str], Any], stock: Say, count: int
) -> Dict[str, List[float]]:
    """The same turns to both, one after the other, in fresh conversations of five turns."""
    times: Dict[str, List[float]] = {"ours answer": [], "stock utter": [], "stock action": []}
    for n in track(range(-5, count // 5), description="short conversations"):
        open_page(f"a{n}")  # the page's session; stock Rasa has none
        for greeting, question in zip(GREETINGS, QUESTIONS):
            row = {
                "ours answer": timed(ours, f"a{n}", question),
                "stock utter": timed(stock, f"u{n}", greeting),
                "stock action": timed(stock, f"c{n}", question),
            }
            if n >= 0:  # the first rounds warm both up
                for name, value in row.items():
                    times[name].append(value)
    return times


def long_conversation(say: Say, name: str, rest: Callable[[], None]) -> float:
    """Turn 500 of one conversation over turn 5 (means of ten turns around each)."""
    times = []
    for n in track(range(506), description=f"a long conversation ({name})"):
        rest()
        times.append(timed(say, f"long-{name}", GREETINGS[n % 5]))
    return sum(times[495:505]) / sum(times[5:15])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help="turns of each kind")
    turns = parser.parse_args().turns
    console = Console()
    with tempfile.TemporaryDirectory() as folder, console.status("") as status:
        status.update("training ours")
        ours_training = train()
        status.update("training stock Rasa")
        stock_training = prepare_stock(Path(folder))
        stock, ours = StockBot(folder), OurBot()
        status.update("starting both")
        ours_start = ours.start()
        stock_start = stock.start()
        status.stop()
        try:
            times = short_conversations(ours.say, ours.open_page, stock.say, turns)
            ours_growth = long_conversation(ours.say, "ours", ours.rest)
            stock_growth = long_conversation(stock.say, "stock", lambda: None)
            memory, stock_memory = ours.memory(), stock.memory()
        finally:
            stock.stop()
            ours.stop()
    ours_p95 = p95(times["ours answer"])
    rows = [
        ("training, s", ours_training, stock_training, ours_training, 60),
        ("start to first answer, s", ours_start, stock_start, ours_start, 20),
        ("answer p95 / stock utter p95, ms", ours_p95, p95(times["stock utter"]),
         ours_p95 / p95(times["stock utter"]), 1.0),
        ("answer p95 / stock action p95, ms", ours_p95, p95(times["stock action"]),
         ours_p95 / p95(times["stock action"]), 0.25),
        ("turn 500 / turn 5", ours_growth, stock_growth, ours_growth, 1.3),
        ("bot process, MB", memory, stock_memory, memory, 900),
    ]  # fmt: skip
    table = Table("what", "ours", "stock Rasa", "measure", "target", "")
    for name, mine, theirs, measure, target in rows:
        verdict = "[green]met[/green]" if measure <= target else "[red]MISSED[/red]"
        table.add_row(
            name, f"{mine:.2f}", f"{theirs:.2f}", f"{measure:.2f}", f"≤ {target}", verdict
        )
    console.print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({name: list(rest) for name, *rest in rows}, indent=1))
    console.print(f"Written to {RESULTS.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

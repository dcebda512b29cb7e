"""Measures how understanding scales: the real knowledge, and made-up entries beside it.

Example: python -m benchmarks.scale --sizes 309 10000
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any, Callable, Dict, List, Sequence

import psutil
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from benchmarks.generated import enlarged
from core.settings import ROOT, Settings
from knowledge.loader import load_files, snapshot
from knowledge.model import Snapshot
from nlu.model import LANGUAGES, Model, newest_model
from nlu.retrieval.search import KnowledgeSearch

RESULTS = ROOT / "var" / "scale.json"
ROUNDS = 5  #: the best of these counts, so that other work on the machine does not
NEW_QUESTION = "Where can I rent a kick scooter at the ferry pier?"
#: Upper limits by number of entries: search p95 ms, parse p95 ms, renewing s.
TARGETS = {309: (3, 5, 2), 10_000: (3, 8, 2), 100_000: (12, 25, 10)}

Row = Dict[str, float]


def questions() -> List[Dict[str, Any]]:
    """Strangers' questions with the entries that answer them."""
    folder = ROOT / "tests" / "nlu" / "unseen"
    items = [i for name in LANGUAGES for i in YAML(typ="safe").load(folder / f"{name}.yml")]
    return [item for item in items if item["intent"] == "enquire"]


def lines_of_size(size: int) -> int:
    """As many as a real entry has, or fewer where that would be four million lines."""
    return 12 if size <= 10_000 else 4


def times(act: Callable[[str], Any], texts: Sequence[str]) -> List[float]:
    """Milliseconds of one core for each text, sorted: all of it runs in this thread."""
    best = [float("inf")] * len(texts)
    for _ in range(ROUNDS):
        for n, text in enumerate(texts):
            started = time.thread_time()
            act(text)
            best[n] = min(best[n], (time.thread_time() - started) * 1000)
    return sorted(best)


def megabytes() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def measure(size: int, lines: int) -> Row:
    """All figures for knowledge of ``size`` entries."""
    folder = ROOT / "knowledge" / "content"
    everything = enlarged(snapshot(load_files(folder), folder), size, lines)
    model, asked = newest_model(Settings()), questions()
    ranker = model.ranker()
    without = megabytes()
    started = time.perf_counter()
    search = KnowledgeSearch(everything, ranker)
    row: Row = {"entries": len(everything.entries), "build, s": time.perf_counter() - started}
    row["index, MB"] = megabytes() - without
    row["process, MB"] = without + row["index, MB"]
    found = [[hit.id for hit in search.search(item["text"]).hits] for item in asked]
    pairs = [(ids, set(item["entries"])) for ids, item in zip(found, asked)]
    row["right first, %"] = (
        100 * sum(bool(set(ids[:1]) & right) for ids, right in pairs) / len(asked)
    )
    row["among three, %"] = (
        100 * sum(bool(set(ids[:3]) & right) for ids, right in pairs) / len(asked)
    )
    texts = [item["text"] for item in asked]
    took = times(search.search, texts)
    row["search p50, ms"], row["search p95, ms"] = took[len(took) // 2], took[int(len(took) * 0.95)]
    row["renew, s"] = renew(everything, search, ranker)
    took = times(parser(model, search), texts)
    row["parse p50, ms"], row["parse p95, ms"] = took[len(took) // 2], took[int(len(took) * 0.95)]
    return row


def renew(everything: Snapshot, search: KnowledgeSearch, ranker: Any) -> float:
    """Seconds until the search is renewed after one entry got other lines."""
    edited = list(everything.entries.values())[-1]
    edited = replace(edited, questions={"en": (NEW_QUESTION,)})
    later = replace(everything, entries={**everything.entries, edited.id: edited})
    started = time.perf_counter()
    renewed = KnowledgeSearch(later, ranker, search)
    seconds = time.perf_counter() - started
    if renewed.search(NEW_QUESTION).hits[0].id != edited.id:
        raise RuntimeError("the edited entry is not found")
    return seconds


def parser(model: Model, search: KnowledgeSearch) -> Callable[[str], Any]:
    """Rasa's whole parse: language, intent and knowledge."""
    from bot.environment import prepare

    prepare()
    from rasa.core.agent import Agent

    from bot.rasa_glue.patches import apply_patches
    from nlu.components import live

    apply_patches()
    live.use(model.identifier(), lambda: search)
    agent = Agent.load(str(model.rasa_archive))
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def table(rows: Sequence[Row]) -> Table:
    """One column a size; targets that are missed in red."""
    made = Table("what", *(f"{row['entries']:,.0f} entries" for row in rows))
    limited = ("search p95, ms", "parse p95, ms", "renew, s")
    for name in [name for name in rows[0] if name != "entries"]:
        cells = []
        for row in rows:
            limits = dict(zip(limited, TARGETS.get(int(row["entries"]), ())))
            cell = f"{row[name]:,.2f}" if row[name] < 100 else f"{row[name]:,.0f}"
            if name in limits:
                colour = "green" if row[name] <= limits[name] else "red"
                cell += f" [{colour}](≤ {limits[name]})[/{colour}]"
            cells.append(cell)
        made.add_row(name, *cells)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(TARGETS))
    parser.add_argument("--lines", type=int, help="of a made-up entry in each language")
    wanted, console, rows = parser.parse_args(), Console(), []
    for size in wanted.sizes:
        with console.status(f"{size:,} entries"):
            # A process for each, so that its memory is its own.
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                rows.append(
                    pool.submit(measure, size, wanted.lines or lines_of_size(size)).result()
                )
    console.print(table(rows))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1))
    console.print(f"Written to {RESULTS.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

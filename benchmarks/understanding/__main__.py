"""Measures how well the assistant understands.

Our own test set (tests/nlu/unseen) goes through the whole conversation core with the trained
model. Then, where their data is found, public test sets: MASSIVE zh-CN, with stock Rasa trained
and tested beside our classifier, and Cantonese against Mandarin. Everything that is measured is
also written to var/benchmarks-nlu.json.

Stock Rasa with DIET trains for about eleven minutes on two cores; --skip-diet or --epochs 1 is for
quick runs.

Example: python -m benchmarks.understanding --skip-diet
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any, Dict, List

from rich.console import Console
from rich.table import Table

from bot.environment import prepare
from core.settings import ROOT, load_settings

prepare()  # before anything imports Rasa

from benchmarks.understanding import languages, massive, own_report, own_set, stock  # noqa: E402
from nlu.model import newest_model  # noqa: E402

RESULTS = ROOT / "var" / "benchmarks-nlu.json"


def _own_set(console: Console) -> Dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(own_set.read(load_settings(), Path(folder)))
    own_report.show(console, outcomes)
    return own_report.as_data(outcomes)


def _massive(console: Console, folder: Path, epochs: int) -> List[massive.Result]:
    try:
        data = massive.load(folder)
    except FileNotFoundError as missing:
        console.print(
            f"MASSIVE was not found ({missing.filename}); --massive DIR says where it is."
        )
        return []
    console.print(
        f"MASSIVE zh-CN: {len(data.train)} lines to train on, {len(data.test)} to test on. "
        f"{data.repeated()} short test lines are also training lines, as Amazon publishes them."
    )
    results = []
    with console.status("training ours, on zh-CN, zh-TW and en together and on zh-CN alone"):
        results.append(massive.ours("ours, joint", data.joint, data.test))
        results.append(massive.ours("ours, zh-CN only", data.train, data.test))
    with console.status("training stock Rasa with logistic regression"):
        plain = stock.logistic_regression()
        results.append(stock.stock("stock, linear", plain, data.train, data.test))
    if epochs:
        console.print(f"training stock Rasa with DIET, {epochs} epochs")
        diet = stock.diet(epochs)
        results.append(stock.stock(f"stock, DIET {epochs} epochs", diet, data.train, data.test))
    table = Table(
        "model", "right, %", "training, s", "p50, ms", "p95, ms", "MB", title="MASSIVE zh-CN"
    )
    for r in results:
        numbers = (r.accuracy, r.training_s, r.p50_ms, r.p95_ms, r.size_mb)
        table.add_row(r.name, *(f"{number:.1f}" for number in numbers))
    console.print(table)
    return results


def _languages(console: Console, folder: Path) -> Dict[str, Any]:
    found = languages.measure(newest_model(load_settings()).identifier(), folder)
    table = Table(*found, title="Cantonese against Mandarin, a public test; %")
    table.add_row(*(f"{value:.2f}" if isinstance(value, float) else str(value)
                    for value in found.values()))  # fmt: skip
    console.print(table)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.understanding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--massive", type=Path, default=massive.FOLDER, metavar="DIR",
                        help="where MASSIVE lies (default: ../shared/data/massive)")  # fmt: skip
    parser.add_argument("--epochs", type=int, default=15, help="epochs of DIET (default: 15)")
    parser.add_argument("--skip-diet", action="store_true", help="leave the slowest part out")
    parser.add_argument("--skip-massive", action="store_true", help="leave MASSIVE out")
    parser.add_argument("--language-test", type=Path, metavar="DIR",
                        help="where test.text.txt and test.label.txt lie")  # fmt: skip
    options = parser.parse_args()
    console = Console()
    results: Dict[str, Any] = {"our test set": _own_set(console)}
    if options.language_test:
        results["yue and cmn"] = _languages(console, options.language_test)
    if not options.skip_massive:
        epochs = 0 if options.skip_diet else options.epochs
        results["MASSIVE zh-CN"] = massive.as_data(_massive(console, options.massive, epochs))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1))
    console.print(f"Written to {RESULTS.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

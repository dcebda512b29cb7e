"""Measures how well the assistant understands.

Our own test set (tests/nlu/unseen) goes through the whole conversation core with the trained
model. Everything that is measured is also written to var/benchmarks-nlu.json.

Example: python -m benchmarks.understanding
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any, Dict

from rich.console import Console

from bot.environment import prepare
from core.settings import ROOT, load_settings

prepare()  # before anything imports Rasa

from benchmarks.understanding import own_report, own_set  # noqa: E402

RESULTS = ROOT / "var" / "benchmarks-nlu.json"


def _own_set(console: Console) -> Dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(own_set.read(load_settings(), Path(folder)))
    own_report.show(console, outcomes)
    return own_report.as_data(outcomes)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.understanding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    console = Console()
    results = {"our test set": _own_set(console)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1))
    console.print(f"Written to {RESULTS.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

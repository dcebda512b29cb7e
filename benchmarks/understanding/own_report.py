"""The tables about our own test set, and the same as data."""

from dataclasses import asdict
from typing import Any, Dict, List, Optional, Sequence, Tuple

from rich.console import Console
from rich.table import Table

from benchmarks.understanding.measures import (
    EVENLY,
    GAP,
    LOW_IS_GOOD,
    MEASURES,
    TARGETS,
    confused_entries,
    confused_intents,
    gap,
    grouped,
    latency,
    met,
    share,
    shares,
)
from benchmarks.understanding.own_set import Outcome


def show(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Prints what our own test set says."""
    by_language = grouped(outcomes, lambda o: o.language)
    by_style = grouped(outcomes, lambda o: o.style)
    console.print(_by_language(by_language, outcomes))
    console.print(_by_style(by_style))
    console.print(_pairs("intents most often confused", confused_intents(outcomes)))
    console.print(_pairs("entries most often confused", confused_entries(outcomes)))
    spent = ", ".join(f"{name} {value:.1f} ms" for name, value in latency(outcomes).items())
    console.print(f"{len(outcomes)} lines; one parse: {spent}")


def as_data(outcomes: Sequence[Outcome]) -> Dict[str, Any]:
    """Everything that was measured, with every line that was misunderstood."""
    by_language = grouped(outcomes, lambda o: o.language)
    return {
        "lines": len(outcomes),
        "targets": {**TARGETS, "gap": GAP},
        "all": shares(outcomes),
        "languages": {name: shares(group) for name, group in by_language.items()},
        "gaps": {name: gap(name, by_language) for name in EVENLY},
        "styles": {n: shares(g) for n, g in grouped(outcomes, lambda o: o.style).items()},
        "confused intents": confused_intents(outcomes),
        "confused entries": confused_entries(outcomes),
        "latency, ms": latency(outcomes),
        "misunderstood": [asdict(o) for o in outcomes if _misunderstood(o)],
    }


def _misunderstood(outcome: Outcome) -> bool:
    return any(MEASURES[name](outcome) is (name in LOW_IS_GOOD) for name in (*EVENLY, *LOW_IS_GOOD))


def _by_language(groups: Dict[str, List[Outcome]], outcomes: Sequence[Outcome]) -> Table:
    table = Table(
        "%", *groups, "all", "lines", "target", "spread", title="our test set by language"
    )
    for name in MEASURES:
        percent, lines = share(name, outcomes)
        spread = gap(name, groups) if name in EVENLY else None
        table.add_row(
            name,
            *(_judged(name, share(name, group)[0]) for group in groups.values()),
            _judged(name, percent),
            str(lines),
            f"{'≤' if name in LOW_IS_GOOD else '≥'} {TARGETS[name]:g}",
            "" if spread is None else _coloured(f"{spread:.1f} (≤ {GAP:g})", spread <= GAP),
        )
    return table


def _by_style(groups: Dict[str, List[Outcome]]) -> Table:
    names = ("language", "intent", "first entry", "first three")
    table = Table("style", "lines", *names, title="our test set by style, %")
    for style, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        table.add_row(style, str(len(group)), *(_plain(share(name, group)[0]) for name in names))
    return table


def _pairs(title: str, confused: "List[Tuple[Tuple[str, str], int]]") -> Table:
    table = Table("expected", "understood", "times", title=title)
    for (expected, got), times in confused:
        table.add_row(expected, got, str(times))
    return table


def _judged(name: str, percent: Optional[float]) -> str:
    return "–" if percent is None else _coloured(f"{percent:.1f}", met(name, percent))


def _coloured(text: str, good: bool) -> str:
    return f"[{'green' if good else 'red'}]{text}[/]"


def _plain(percent: Optional[float]) -> str:
    return "–" if percent is None else f"{percent:.1f}"

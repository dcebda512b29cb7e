"""What is measured on our own test set, and what each measure should reach."""

from collections import Counter
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np

from benchmarks.understanding.own_set import Outcome

#: Percent to reach in each language.
TARGETS = {
    "language": 98.0,
    "intent": 95.0,
    "first entry": 95.0,
    "first three": 99.0,
    "asr intent": 88.0,
    "out of scope answered": 5.0,
}
#: The best language minus the worst, in points.
GAP = 3.0
EVENLY = ("language", "intent", "first entry", "first three")
#: Where little is good.
LOW_IS_GOOD = frozenset({"out of scope answered"})

Verdict = Optional[bool]


def _of_entries(judge: Callable[[Outcome], bool]) -> Callable[[Outcome], Verdict]:
    return lambda outcome: judge(outcome) if outcome.entries else None


#: Says of a line whether it counts, or None when the measure does not concern it.
MEASURES: Dict[str, Callable[[Outcome], Verdict]] = {
    "language": lambda o: o.got_language == o.language,
    "intent": lambda o: o.got_intent == o.intent,
    "first entry": _of_entries(lambda o: bool(o.hits) and o.hits[0] in o.entries),
    "first three": _of_entries(lambda o: bool(set(o.hits[:3]) & set(o.entries))),
    "asr intent": lambda o: o.got_intent == o.intent if o.style == "asr" else None,
    "out of scope answered": lambda o: o.answered if o.intent == "out_of_scope" else None,
}


def share(name: str, outcomes: Iterable[Outcome]) -> "Tuple[Optional[float], int]":
    """A measure in percent, or None when it concerns no line; and how many it concerns."""
    judged = [v for v in map(MEASURES[name], outcomes) if v is not None]
    return (100 * sum(judged) / len(judged) if judged else None), len(judged)


def grouped(outcomes: Sequence[Outcome], by: Callable[[Outcome], str]) -> Dict[str, List[Outcome]]:
    groups: Dict[str, List[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(by(outcome), []).append(outcome)
    return groups


def shares(outcomes: Sequence[Outcome]) -> Dict[str, Optional[float]]:
    return {name: share(name, outcomes)[0] for name in MEASURES}


def met(name: str, percent: float) -> bool:
    return percent <= TARGETS[name] if name in LOW_IS_GOOD else percent >= TARGETS[name]


def gap(name: str, groups: Dict[str, List[Outcome]]) -> float:
    """The best group's share minus the worst one's."""
    found = [share(name, group)[0] for group in groups.values()]
    known = [percent for percent in found if percent is not None]
    return max(known, default=0.0) - min(known, default=0.0)


def confused_intents(outcomes: Iterable[Outcome]) -> "List[Tuple[Tuple[str, str], int]]":
    """The ten most frequent pairs of expected and understood intent."""
    wrong = Counter((o.intent, o.got_intent) for o in outcomes if o.got_intent != o.intent)
    return wrong.most_common(10)


def confused_entries(outcomes: Iterable[Outcome]) -> "List[Tuple[Tuple[str, str], int]]":
    """The ten most frequent pairs of expected and found entry."""
    wrong = Counter(
        (o.entries[0], o.hits[0] if o.hits else "nothing")
        for o in outcomes
        if o.entries and not set(o.hits[:1]) & set(o.entries)
    )
    return wrong.most_common(10)


def latency(outcomes: Sequence[Outcome]) -> Dict[str, float]:
    """Milliseconds of one parse."""
    spent = [o.milliseconds for o in outcomes]
    return {f"p{p}": float(np.percentile(spent, p)) for p in (50, 95, 99)}

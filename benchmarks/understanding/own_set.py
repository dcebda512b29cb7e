"""Our own test set, read through the real conversation core, and what became of each line."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from rich.progress import track
from ruamel.yaml import YAML

from actions.enquiry.service import Answer, decide
from bot import wiring
from core.cache import RedisServer
from core.settings import ROOT, Settings
from knowledge.model import Snapshot
from nlu.components import live
from nlu.model import LANGUAGES, newest_model

FOLDER = ROOT / "tests" / "nlu" / "unseen"
#: Lines read before the clock runs, so that nothing is loaded while it does.
_WARMING = 30


@dataclass(frozen=True)
class Outcome:
    """One line of the test set, what was expected of it, and what was understood."""

    text: str
    language: str
    intent: str
    entries: Tuple[str, ...]
    style: str
    got_language: Optional[str]
    got_intent: str
    hits: Tuple[str, ...]
    answered: bool
    milliseconds: float


def lines() -> List[Tuple[str, Mapping[str, Any]]]:
    """The language and the fields of each line."""
    return [
        (language, item)
        for language in LANGUAGES
        for item in YAML(typ="safe").load(FOLDER / f"{language}.yml")
    ]


async def read(settings: Settings, folder: Path) -> List[Outcome]:
    """Reads every line with the trained model.

    Args:
        folder: where the assistant may keep its data while it reads.
    """
    own = settings.copy(update={"data_dir": folder})
    with RedisServer(own) as redis:
        assistant = wiring.build(own, redis.url, newest_model(settings))
        understand = assistant.conversation.understand
        outcomes = []
        try:
            items = lines()
            for _, item in items[:_WARMING]:
                await understand(item["text"])
            for language, item in track(items, description="our test set"):
                started = time.perf_counter()
                parsed = await understand(item["text"])
                spent = (time.perf_counter() - started) * 1000
                outcomes.append(
                    _outcome(language, item, parsed, assistant.knowledge.current, spent)
                )
        finally:
            await assistant.close()
    return outcomes


def _outcome(
    language: str,
    item: Mapping[str, Any],
    parsed: Dict[str, Any],
    snapshot: Snapshot,
    milliseconds: float,
) -> Outcome:
    intent, knowledge = parsed["intent"]["name"], parsed.get("knowledge") or {}
    guessed = parsed.get("language") or live.identifier().identify(item["text"]).language
    return Outcome(
        text=item["text"],
        language=language,
        intent=item["intent"],
        entries=tuple(item.get("entries", ())),
        style=item.get("style", "plain"),
        got_language=guessed,
        # No words at all: said to be unusable, and that is out of scope by another name.
        got_intent="out_of_scope" if intent == "unusable_input" else intent,
        hits=tuple(hit["id"] for hit in knowledge.get("hits", ())),
        answered=intent == "enquire" and isinstance(decide(snapshot, knowledge), Answer),
        milliseconds=milliseconds,
    )

"""The verbs that show what is understood, without a conversation."""

import asyncio
import json
from typing import Any, Dict, Iterable, List

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.environment import prepare
from bot.terminal import printable
from core.cache import RedisServer
from core.errors import ModelMissingError
from core.settings import Settings
from knowledge.store import KnowledgeStore
from nlu.components import live
from nlu.model import newest_model
from nlu.retrieval.contested import contested as contested_lines
from nlu.retrieval.lines import training_lines
from nlu.retrieval.ranker import EntryRanker
from nlu.retrieval.search import KnowledgeSearch
from nlu.text.normalise import origins


def run(settings: Settings, texts: Iterable[str], jsonl: bool) -> None:
    """Writes what is understood of each text."""
    model = newest_model(settings)
    prepare()
    from bot import wiring

    async def read_all() -> None:
        assistant = wiring.build(settings, redis.url, model)
        try:
            for text in texts:
                understood = _shape(text, await assistant.conversation.understand(text))
                click.echo(printable(understood, None if jsonl else 2))
        finally:
            await assistant.close()

    with RedisServer(settings) as redis:
        asyncio.run(read_all())


def _shape(text: str, parsed: Dict[str, Any]) -> Dict[str, Any]:
    """The parse result in the form of the contract."""
    if "language" not in parsed:  # no words that could be understood
        guess = live.identifier().identify(text)
        parsed = {**parsed, "language": guess.language, "script": guess.script}
    intent = parsed["intent"]["name"]
    hits = parsed.get("knowledge", {}).get("hits", []) if intent == "enquire" else []
    return {
        "text": text,
        "language": parsed.get("language"),
        "script": parsed.get("script"),
        "intent": "out_of_scope" if intent == "unusable_input" else intent,
        "confidence": round(parsed["intent"]["confidence"], 4),
        "entities": _placed(text, parsed),
        "knowledge": hits,
    }


def _placed(text: str, parsed: Dict[str, Any]) -> List[Dict[str, Any]]:
    """The entities, with their places in the text as it was sent and not as it was cleaned."""
    found = [dict(e) for e in parsed["entities"] if e["entity"] not in ("reason", "limit")]
    places = origins(text, parsed["text"])
    for entity in found:
        if places and "start" in entity:
            entity["start"] = places[entity["start"]]
            entity["end"] = places[entity["end"] - 1] + 1
    return found


def search(settings: Settings, text: str, as_json: bool) -> None:
    """Prints the entries that would answer ``text``. Works without a trained model, less well."""
    knowledge = KnowledgeStore(settings.knowledge_dir).current
    try:
        ranker = newest_model(settings).ranker()
    except ModelMissingError:
        ranker = EntryRanker()
    hits = KnowledgeSearch(knowledge, ranker).search(text).hits
    if as_json:
        click.echo(json.dumps([{"id": h.id, "score": h.score} for h in hits]))
        return
    table = Table("score", "id", "name")
    for hit in hits:
        name = knowledge.entries[hit.id].name
        table.add_row(f"{hit.score:.2f}", hit.id, f"{name.zh_hant} · {name.en}")
    Console().print(table)


def contested(settings: Settings) -> None:
    """Prints the lines that an unrelated entry wins from the one in whose file they stand."""
    knowledge = KnowledgeStore(settings.knowledge_dir).current
    lines = track(training_lines(knowledge), description="reading every question")
    table = Table("question, as it is matched", "stands in", "leads to")
    for found in contested_lines(knowledge, newest_model(settings).ranker(), lines):
        table.add_row(found.text, found.entry, found.winner)
    Console().print(table)
    Console().print(f"{table.row_count} questions lead elsewhere.")

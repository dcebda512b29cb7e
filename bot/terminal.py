"""A conversation on the terminal, through the same core as the channels."""

import asyncio
import json
import sys
from typing import Any, Dict, Optional

import click

from bot.environment import prepare
from core.cache import RedisServer
from core.errors import OneStopError
from core.settings import Settings
from nlu.model import newest_model

_VARIANTS = {"yue": "yue", "cmn": "zh_hans", "en": "en"}
_CHANNEL = "terminal"


def run(settings: Settings, as_json: bool, jsonl: bool, user: str, language: Optional[str]) -> None:
    """Reads a line a turn from standard input until it ends."""
    model = newest_model(settings)
    prepare()
    from bot import wiring

    async def talk() -> None:
        assistant = wiring.build(settings, redis.url, model)
        try:
            await _talk(assistant.conversation, as_json, jsonl, user, language)
        finally:
            await assistant.close()

    with RedisServer(settings) as redis:
        asyncio.run(talk())


async def _talk(
    conversation: Any, as_json: bool, jsonl: bool, user: str, language: Optional[str]
) -> None:
    chosen: Dict[str, str] = {}
    interactive = sys.stdin.isatty()
    number = 0
    while True:
        if interactive and not as_json:
            click.secho("> ", nl=False, bold=True)
        line = await asyncio.to_thread(sys.stdin.buffer.readline)
        if not line:
            return
        number += 1
        text = line.decode("utf-8-sig", "replace").rstrip("\r\n")
        speaker, wanted = user, language
        if jsonl:
            if not text.strip():
                continue
            speaker, text, wanted = _spoken(text, number, user, language)
        sender = f"{_CHANNEL}-{speaker}"
        if wanted and chosen.get(sender) != wanted:
            await conversation.choose_language(sender, _VARIANTS[wanted])
            chosen[sender] = wanted
        turn = await conversation.turn(sender, text, _CHANNEL)
        print_json(speaker, turn) if as_json else print_text(turn)


def _spoken(
    line: str, number: int, user: str, language: Optional[str]
) -> "tuple[str, str, Optional[str]]":
    try:
        said = json.loads(line)
        speaker, text = str(said.get("user", user)), said["text"]
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise OneStopError(f'Line {number} is not an object with "user" and "text".') from None
    wanted = said.get("language") or language
    if not isinstance(text, str) or wanted not in (None, *_VARIANTS):
        raise OneStopError(f'Line {number}: "text" or "language" does not fit.')
    return speaker, text, wanted


def print_json(speaker: str, turn: Any) -> None:
    """One object a turn, at once, in the form of the contract."""
    written = {
        "user": speaker,
        "language": turn.reader.language,
        "script": turn.reader.script,
        "intent": turn.intent,
        "knowledge": turn.knowledge,
        "asks": turn.asks,
        "replies": [{k: reply[k] for k in ("text", "buttons", "link")} for reply in turn.replies],
    }
    click.echo(printable(written))


def print_text(turn: Any) -> None:
    """The reply as a person reads it, with its choices numbered."""
    for reply in turn.replies:
        click.echo(reply["text"])
        if reply["source_url"]:
            click.secho(f"  {reply['source_url']}", dim=True)
        if reply["link"]:
            click.echo(f"  {reply['link']['title']}: {reply['link']['url']}")
        for number, button in enumerate(reply["buttons"], 1):
            click.secho(f"  {number}. {button['title']}", fg="cyan")
    click.echo()


def printable(data: Any, indent: Optional[int] = None) -> str:
    """JSON that any terminal takes: what cannot be encoded, such as half a surrogate, becomes ?."""
    written = json.dumps(data, ensure_ascii=False, indent=indent)
    return written.encode("utf-8", "replace").decode("utf-8")

"""Finds the words of every reply in the live knowledge, in the person's language and script."""

import logging
from typing import Any, Callable, Dict, Optional

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from core import reader as readers
from core.reader import Guess, Reader
from core.script import cantonese_in_simplified
from knowledge.compose import compose
from knowledge.model import Snapshot

logger = logging.getLogger(__name__)


class KnowledgeNLG(NaturalLanguageGenerator):
    """Rasa's language generator over a knowledge snapshot."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Optional[Dict[str, Any]]:
        """The message for a reply. Never raises: Rasa would say nothing at all."""
        args = kwargs.get("args") or {}
        reader = reader_of(tracker, args)
        snapshot = self._snapshot()
        try:
            reply = compose(snapshot, utter_action, args, reader.variant)
        except Exception:
            logger.exception("reply %s could not be worded", utter_action)
            utter_action, args = "utter_error", {}
            reply = compose(snapshot, utter_action, args, reader.variant)
        if reader.wants_simplified_cantonese:
            reply = reply.map(cantonese_in_simplified)
        return {
            "text": reply.text,
            "custom": reply.as_dict(),
            "utter_action": utter_action,
            "args": args,
            "reader": str(reader),
        }


def reader_of(tracker: DialogueStateTracker, args: Dict[str, Any]) -> Reader:
    """Who reads the next reply (core.reader.resolve says in which order of precedence)."""
    chosen = args.get("reader") or tracker.get_slot("language")
    message = tracker.latest_message
    parsed = message.parse_data if message else {}
    guess = None
    if parsed and parsed.get("language"):
        guess = Guess(parsed["language"], parsed.get("script"), parsed["language_strength"])
    default = (message.metadata or {}).get("reader") if message else None
    return readers.resolve(
        Reader.parse(chosen) if chosen else None,
        guess,
        _last_reader(tracker),
        Reader.parse(default) if default else None,
    )


def _last_reader(tracker: DialogueStateTracker) -> Optional[Reader]:
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get("reader"):
            return Reader.parse(event.metadata["reader"])
    return None

"""The base of every action: it never fails silently.

Rasa swallows an exception in an action and says nothing. Here it is logged, the person gets an
apology, and the conversation stays usable.
"""

import logging
from abc import ABC, abstractmethod
from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from core import reader as readers
from core.reader import Guess, Reader

logger = logging.getLogger(__name__)

Events = List[Dict[str, Any]]


class AssistantAction(Action, ABC):
    """An action whose ``act`` may raise."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> Events:
        try:
            return await self.act(dispatcher, tracker)
        except Exception:
            logger.exception("%s failed", self.name())
            dispatcher.messages.clear()
            say(dispatcher, "utter_error")
            return []

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Does the work: says what there is to say and returns the events."""


def say(dispatcher: CollectingDispatcher, reply: str, **args: Any) -> None:
    """Says a reply by its name; KnowledgeNLG finds the words in the person's language.

    Args:
        reply: the key of a phrase, or one of the composed replies (bot.rasa_glue.nlg).
        args: JSON data that the reply is made from.
    """
    dispatcher.utter_message(response=reply, args=args)


def last_reply(tracker: Tracker) -> "tuple[str, dict[str, Any]] | None":
    """The name and the arguments of what the assistant said last, if it said anything."""
    for event in reversed(tracker.events):
        metadata = event.get("metadata") or {}
        if event.get("event") == "bot" and metadata.get("utter_action"):
            return metadata["utter_action"], metadata.get("args") or {}
    return None


def reader_of(tracker: Tracker) -> Reader:
    """Who reads what the assistant says later by itself, as KnowledgeNLG decides it for a reply."""
    message = tracker.latest_message
    chosen = tracker.get_slot("language")
    guess = None
    if message.get("language"):
        guess = Guess(message["language"], message.get("script"), message["language_strength"])
    last, default = _reader_in(tracker, "bot"), _reader_in(tracker, "user")
    return readers.resolve(Reader.parse(chosen) if chosen else None, guess, last, default)


def last_reader(tracker: Tracker) -> Optional[Reader]:
    """Who read the last reply."""
    return _reader_in(tracker, "bot")


def _reader_in(tracker: Tracker, kind: str) -> Optional[Reader]:
    found = (
        (event.get("metadata") or {}).get("reader")
        for event in reversed(tracker.events)
        if event.get("event") == kind
    )
    written = next(filter(None, found), None)
    return Reader.parse(written) if written else None

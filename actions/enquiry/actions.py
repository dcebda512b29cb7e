"""Rasa adapters of the enquiry."""

from typing import Callable

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AssistantAction, Events, say
from actions.enquiry import service
from knowledge.model import Snapshot


class ActionAnswer(AssistantAction):
    """Answers a question, asks back, or says that nobody here knows."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    def name(self) -> str:
        return "action_answer"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        found = tracker.latest_message.get("knowledge") or {}
        outcome = service.decide(self._snapshot(), found)
        if isinstance(outcome, service.Unknown):
            misses = (tracker.get_slot("misses") or 0) + 1
            if misses > 1:
                say(dispatcher, "utter_not_understood_again")
                return [SlotSet("misses", 0)]
            say(dispatcher, "not_understood", entries=list(outcome.suggestions))
            return [SlotSet("misses", misses)]
        if isinstance(outcome, service.Answer):
            say(dispatcher, "answer", entry=outcome.entry, facts=list(outcome.facts))
        elif isinstance(outcome, service.Listing):
            say(dispatcher, "listing", entries=list(outcome.entries), city=outcome.city)
        elif isinstance(outcome, service.Choose):
            say(dispatcher, "choices", entries=list(outcome.entries), facts=list(outcome.facts))
        else:
            say(dispatcher, "ambiguity", ambiguity=outcome.ambiguity, facts=list(outcome.facts))
        return [SlotSet("misses", 0)]


class ActionChoose(AssistantAction):
    """Answers with the entry that the person chose."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    def name(self) -> str:
        return "action_choose"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        entry = next(tracker.get_latest_entity_values("entry"), None)
        facts = list(tracker.get_latest_entity_values("fact"))
        if entry in self._snapshot().entries:
            say(dispatcher, "answer", entry=entry, facts=facts)
        else:  # taken out of the knowledge since it was offered
            say(dispatcher, "not_understood", entries=[])
        return [SlotSet("misses", 0)]

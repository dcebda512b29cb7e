"""Rasa adapter of the feedback."""

import asyncio

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AssistantAction, Events, say
from actions.feedback.service import FeedbackService


class ActionGiveFeedback(AssistantAction):
    """Writes the person's words down and says so."""

    def __init__(self, service: FeedbackService) -> None:
        self._service = service

    def name(self) -> str:
        return "action_give_feedback"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        text = tracker.latest_message.get("text") or ""
        await asyncio.to_thread(self._service.leave, tracker.sender_id, text)
        say(dispatcher, "utter_give_feedback")
        return []

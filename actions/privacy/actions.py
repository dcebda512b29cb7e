"""Rasa adapter of forgetting."""

from rasa_sdk import Tracker
from rasa_sdk.events import AllSlotsReset, Restarted
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AssistantAction, Events, say
from actions.privacy.service import PrivacyService


class ActionDeleteMyData(AssistantAction):
    """Deletes what is kept about the sender; the tracker forgets with the restart."""

    def __init__(self, service: PrivacyService) -> None:
        self._service = service

    def name(self) -> str:
        return "action_delete_my_data"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        await self._service.forget(tracker.sender_id)
        say(dispatcher, "utter_delete_my_data")
        return [AllSlotsReset(), Restarted()]

"""Rasa adapter of a person's own data.

The question whether to delete is a loop in Rasa's sense: that it was asked stands in the tracker,
where no message can put it. It stands for one message. Anything but a yes to it deletes nothing and
is answered as it would be anywhere else.
"""

from typing import Optional

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, Restarted
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments.actions import NAME as APPOINTMENT
from actions.appointments.draft import STARTS
from actions.appointments.say import Say, phrase
from actions.appointments.steering import ASIDES
from actions.base import AssistantAction, Events, say
from actions.privacy.service import PrivacyService
from nlu.text.agreement import agrees

NAME = "action_delete_my_data"
#: What makes the question be asked again instead of answering it.
_AGAIN = ("delete_my_data", "repeat_last", "simplify_last", "unusable_input")
#: From this confidence an intent counts as what a person means.
_SURE = 0.5


class ActionDeleteMyData(AssistantAction):
    """Deletes what is kept about the sender; asks first when appointments would go with it."""

    def __init__(self, service: PrivacyService) -> None:
        self._service = service

    def name(self) -> str:
        return NAME

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        asked = (tracker.active_loop or {}).get("name") == NAME
        if asked and _intent(tracker) not in _AGAIN:
            if _agrees(tracker):
                return await self._delete(dispatcher, tracker.sender_id)
            say(dispatcher, "appointments.delete_kept")
            action = _meant_instead(tracker)
            return [ActiveLoop(None), *([FollowupAction(action)] if action else [])]
        booked = await self._service.booked(tracker.sender_id)
        if asked or booked:
            say(dispatcher, "dialogue", **_question(booked).data)
            return [ActiveLoop(NAME)]
        return await self._delete(dispatcher, tracker.sender_id)

    async def _delete(self, dispatcher: CollectingDispatcher, sender: str) -> Events:
        receipt = await self._service.hand_over(sender)
        told = Say(lines=[("utter_delete_my_data", {})], link=("delete_export", receipt.export))
        told.line(
            "delete_receipt",
            moment={"moment": receipt.moment.isoformat()},
            receipt=receipt.number,
            **{
                name: receipt.deleted.get(name, 0) for name in ("appointments", "drafts", "waiting")
            },
        )
        if self._service.elsewhere:
            told.line("delete_elsewhere")
        say(dispatcher, "dialogue", **told.data)
        return [AllSlotsReset(), Restarted()]  # the tracker forgets with the restart


def _question(booked: int) -> Say:
    asked = Say().ask("confirm", "delete_ask", count=booked)
    # a slot of its own: no other yes that was ever offered can be this one
    asked.choice(phrase("yes"), "delete", "yes")
    asked.choice(phrase("no"), "delete", "no")
    return asked


def _agrees(tracker: Tracker) -> bool:
    if _intent(tracker) == "answer":
        return _tapped(tracker) == ("delete", "yes")
    said = agrees(tracker.latest_message.get("text") or "")
    return _intent(tracker) == "affirm" if said is None else said


def _meant_instead(tracker: Tracker) -> Optional[str]:
    """The action that answers what was said instead of yes or no."""
    intent = _intent(tracker)
    if intent in STARTS or (intent == "answer" and _tapped(tracker)[0] != "delete"):
        return APPOINTMENT
    return ASIDES.get(intent)


def _intent(tracker: Tracker) -> str:
    """What is meant; nothing when that is not sure."""
    intent = tracker.latest_message.get("intent") or {}
    return str(intent.get("name")) if intent.get("confidence", 0) >= _SURE else ""


def _tapped(tracker: Tracker) -> "tuple[str, str]":
    slot, value = (next(tracker.get_latest_entity_values(name), "") for name in ("slot", "value"))
    return str(slot), str(value)

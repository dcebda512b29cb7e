"""Rasa adapter of the appointments: one action that is the form.

It is a loop in Rasa's sense: while it is active, RulePolicy gives it every message. What it does
not answer itself it leaves to another action, and says its question again after it.
"""

from typing import Any, Callable, Mapping, Optional

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments.answering import reader_in_form
from actions.appointments.draft import STARTS
from actions.appointments.message import Message
from actions.appointments.service import ASIDES, AppointmentService
from actions.base import AssistantAction, Events, last_reader, last_reply, reader_of, say
from core.reader import Reader

NAME = "action_appointment"
#: What the assistant itself sends about a sign-in: never an answer to the form.
_ABOUT_SIGN_IN = ("signed_in", "sign_in_waiting", "confirm_sign_in", "sign_in_refused")
#: After these the form waits: for its task, which the assistant itself sends next, or for a code.
_FIRST = ("signed_in", "sign_in_waiting")
#: So it does when these handed out a link, until the person is back from it.
_LEADS_AWAY = ("action_sign_in", "action_check_application_status")


class ActionAppointment(AssistantAction):
    """Takes a person through booking, viewing, moving or cancelling an appointment."""

    def __init__(self, service: AppointmentService, has_centres: Callable[[], bool]) -> None:
        self._service = service
        self._has_centres = has_centres

    def name(self) -> str:
        return NAME

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        message = _message(tracker)
        if not self._has_centres():  # say where it can be done today
            intent = message.intent if message.intent in STARTS else "book_appointment"
            say(dispatcher, f"utter_{intent}")
            return [ActiveLoop(None)]
        aside = _answered_aside(tracker) if _is_open(tracker) else None
        away = aside in _LEADS_AWAY and _hands_out_link(tracker)
        if aside and (away or message.intent in _FIRST):
            return [ActiveLoop(NAME)]
        if not aside and message.intent in _ABOUT_SIGN_IN:
            return [ActiveLoop(NAME), FollowupAction(ASIDES[message.intent])]
        if aside:
            said = await self._service.ask_again(message)
        else:
            said = await self._service.take(message, _is_open(tracker))
        if said.aside:
            return [ActiveLoop(NAME), FollowupAction(said.aside)]
        if said.answer:
            say(dispatcher, "answer", **said.answer, reader=message.reader)
        for part in (said, *said.further):
            say(dispatcher, "dialogue", **part.data, reader=message.reader)
        return [ActiveLoop(None if said.over else NAME)]


def _message(tracker: Tracker) -> Message:
    heard = tracker.latest_message
    intent = heard.get("intent") or {}
    entities = heard.get("entities") or []
    return Message(
        sender=tracker.sender_id,
        text=heard.get("text") or "",
        intent=intent.get("name") or "",
        confidence=intent.get("confidence") or 0.0,
        entities=tuple(entities),
        tapped=_tapped(entities) if intent.get("name") == "answer" else None,
        channel=tracker.get_latest_input_channel() or "",
        reader=str(reader_of_form(tracker)),
        asks_for=tuple((heard.get("knowledge") or {}).get("facts", ())),
    )


def reader_of_form(tracker: Tracker) -> Reader:
    """Who reads the form's reply to the latest message."""
    heard, said, now = tracker.latest_message, last_reply(tracker), reader_of(tracker)
    if tracker.get_slot("language"):
        return now
    return reader_in_form(
        now,
        last_reader(tracker),
        said[1].get("asks") if said else None,
        (heard.get("intent") or {}).get("name") or "",
        heard.get("text") or "",
        heard.get("language_strength") == "sure",
    )


def _tapped(entities: "list[Mapping[str, Any]]") -> "Optional[tuple[str, str]]":
    values = {entity["entity"]: str(entity["value"]) for entity in entities}
    return (values["slot"], values["value"]) if {"slot", "value"} <= values.keys() else None


def _is_open(tracker: Tracker) -> bool:
    return bool((tracker.active_loop or {}).get("name") == NAME)


def _answered_aside(tracker: Tracker) -> Optional[str]:
    """The other action that has just answered in the middle of the form, if one has."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return None
        if event.get("event") == "action" and event.get("name") in ASIDES.values():
            return str(event["name"])
    return None


def _hands_out_link(tracker: Tracker) -> bool:
    """Whether the person was just sent elsewhere: a question now would be in the way."""
    said = last_reply(tracker)
    return bool(said and said[1].get("link"))

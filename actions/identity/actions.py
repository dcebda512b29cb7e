"""Rasa adapters of signing in and out, and of what only who is signed in is told.

None of them reads or writes a slot: who somebody is stands on the server alone.
"""

from abc import abstractmethod
from typing import Awaitable, Callable, Optional

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments.actions import NAME as APPOINTMENT
from actions.appointments.draft import STARTS
from actions.appointments.say import Say
from actions.base import AssistantAction, Events, reader_of, say
from actions.identity.accounts import Accounts, Asking

STATUS = "check_application_status"
#: The intent of the task in hand of somebody in the middle of the form, if there is one.
TaskOf = Callable[[str], Awaitable[Optional[str]]]


class _AccountAction(AssistantAction):
    """Says what ``Accounts`` says, or where it can be done when nobody can sign in here.

    Args:
        accounts: None where nobody can sign in.
    """

    intent: str
    unavailable = "utter_sign_in"

    def __init__(self, accounts: Optional[Accounts]) -> None:
        self._accounts = accounts

    def name(self) -> str:
        return f"action_{self.intent}"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        if self._accounts is None:
            say(dispatcher, self.unavailable)
            return []
        return await self._tell(self._accounts, dispatcher, tracker)

    @abstractmethod
    async def _tell(
        self, accounts: Accounts, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events:
        """Says it, and returns the events."""


class ActionSignIn(_AccountAction):
    """Hands out a link; what was being done in the form goes on afterwards."""

    intent = "sign_in"

    def __init__(self, accounts: Optional[Accounts], task_of: TaskOf) -> None:
        super().__init__(accounts)
        self._task_of = task_of

    async def _tell(
        self, accounts: Accounts, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events:
        task = await self._task_of(tracker.sender_id) if _in_form(tracker) else None
        return _said(dispatcher, await accounts.sign_in(_asking(tracker, task or self.intent)))


class ActionSignOut(_AccountAction):
    intent = "sign_out"
    unavailable = "utter_sign_out"

    async def _tell(
        self, accounts: Accounts, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events:
        return _said(dispatcher, await accounts.sign_out(tracker.sender_id))


class ActionCheckApplicationStatus(_AccountAction):
    intent = STATUS
    unavailable = f"utter_{STATUS}"

    async def _tell(
        self, accounts: Accounts, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events:
        if not accounts.knows_applications:
            say(dispatcher, self.unavailable)
            return []
        asking = _asking(tracker, self.intent)
        return _said(dispatcher, await accounts.application_status(asking))


class ActionSignedIn(_AccountAction):
    """Says that the chat is signed in; the assistant itself sends the task that goes on then."""

    intent = "signed_in"

    async def _tell(
        self, accounts: Accounts, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events:
        return _said(dispatcher, await accounts.signed_in(tracker.sender_id))


class ActionConfirmSignIn(_AccountAction):
    """Asks for the code on the page of another device, takes it, and goes on with the task.

    What is typed reaches it as a code only while a login waits (channels.common.conversation).
    """

    intent = "confirm_sign_in"

    async def _tell(
        self, accounts: Accounts, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events:
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        if intent == "sign_in_waiting":
            return _said(dispatcher, accounts.waiting())
        if intent == "sign_in_refused":
            return _said(dispatcher, await accounts.refuse(tracker.sender_id))
        code = str(next(tracker.get_latest_entity_values("number"), ""))
        told, task = await accounts.confirm(tracker.sender_id, code)
        if task in STARTS and not _in_form(tracker):  # an open form goes on by itself
            told.choices.insert(0, ({"phrase": "appointments.button_go_on"}, f"/{task}"))
        _said(dispatcher, told)
        return [FollowupAction(f"action_{task}")] if task == STATUS else []


def _said(dispatcher: CollectingDispatcher, told: Say) -> Events:
    say(dispatcher, "dialogue", **told.data)
    return []


def _in_form(tracker: Tracker) -> bool:
    return bool((tracker.active_loop or {}).get("name") == APPOINTMENT)


def _asking(tracker: Tracker, task: str) -> Asking:
    return Asking(
        tracker.sender_id, tracker.get_latest_input_channel() or "", str(reader_of(tracker)), task
    )

"""Actions on the conversation itself."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AssistantAction, Events, last_reply, say
from knowledge.model import VARIANTS

#: Replies that a person who changes the language wants to have in the new one.
_WORTH_SAYING_AGAIN = ("answer", "listing", "choices", "ambiguity")
_UNUSABLE = (
    "empty",
    "no_words",
    "too_long",
    "too_fast",
    "no_such_choice",
    "voice",
    "picture",
    "card",
    "over",
)


class ActionRepeatLast(AssistantAction):
    """Says the last reply again, in whatever language is now wanted."""

    def name(self) -> str:
        return "action_repeat_last"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        reply, args = last_reply(tracker) or ("utter_nothing_to_repeat", {})
        say(dispatcher, reply, **args)
        return []


class ActionSimplifyLast(AssistantAction):
    """Says the last reply again in its short form."""

    def name(self) -> str:
        return "action_simplify_last"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        reply, args = last_reply(tracker) or ("utter_nothing_to_repeat", {})
        say(dispatcher, reply, **{**args, "simple": True})
        return []


class ActionChangeLanguage(AssistantAction):
    """Takes the language that was named, or asks which."""

    def name(self) -> str:
        return "action_change_language"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        named = next(tracker.get_latest_entity_values("language"), None)
        if named not in VARIANTS:
            say(dispatcher, "utter_ask_language")
            return []
        say(dispatcher, "utter_language_changed", reader=named)
        reply, args = last_reply(tracker) or ("", {})
        if reply in _WORTH_SAYING_AGAIN:
            say(dispatcher, reply, **{**args, "reader": named})
        return [SlotSet("language", named)]


class ActionOutOfScope(AssistantAction):
    """Says what it knows about; the second time in a row, who else can help."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        said, _ = last_reply(tracker) or ("", {})
        if tracker.latest_message.get("other_language"):
            say(dispatcher, "utter_other_language")
        elif said == "utter_out_of_scope":
            say(dispatcher, "utter_not_understood_again")
        else:
            say(dispatcher, "utter_out_of_scope")
        return []


class ActionUnusableInput(AssistantAction):
    """Says kindly why the input could not be used."""

    def name(self) -> str:
        return "action_unusable_input"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        reason = next(tracker.get_latest_entity_values("reason"), None)
        limit = next(tracker.get_latest_entity_values("limit"), None)
        args = {"limit": limit} if limit is not None else {}
        say(dispatcher, f"input.{reason if reason in _UNUSABLE else 'malformed'}", **args)
        return []

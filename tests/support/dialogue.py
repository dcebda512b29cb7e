"""What an action sees of a conversation."""

from typing import Any, Dict, List, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher


def tracker(
    text: str = "",
    entities: Optional[Dict[str, Any]] = None,
    events: Optional[List[Dict[str, Any]]] = None,
    slots: Optional[Dict[str, Any]] = None,
    **parsed: Any,
) -> Tracker:
    """A conversation at its latest message."""
    found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
    message = {"text": text, "entities": found, **parsed}
    return Tracker("someone", slots or {}, message, events or [], False, None, {}, "action_listen")


def said(name: str, **args: Any) -> Dict[str, Any]:
    """The event of a reply."""
    return {"event": "bot", "text": "…", "metadata": {"utter_action": name, "args": args}}


async def act(action: Any, seen: Tracker) -> "tuple[list[tuple[str, dict]], list[dict]]":
    """Runs an action. Returns the replies as pairs of name and arguments, and the events."""
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, seen, {})
    return [(m["response"], m["args"]) for m in dispatcher.messages], events

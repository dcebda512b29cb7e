"""What one turn of a conversation brought, in the terms of the channels."""

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from rasa.core.channels.channel import OutputChannel

from core.reader import Reader

#: Replies that ask for something, and the slot that they ask for.
_ASKING = {"utter_ask_language": "language"}
#: What an intent that the assistant sends itself stands for.
_TAPPED = {
    "unusable_input": None, "choose": "enquire", "answer": "inform", "confirm_sign_in": "inform",
}  # fmt: skip


class Collector(OutputChannel):
    """Collects the worded replies of one turn. Never raises: Rasa would lose the turn."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: List[Dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        return self._channel

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        self.messages.append(message)


@dataclass(frozen=True)
class Turn:
    """What a turn brought: what was understood, and the replies as ``Reply.as_dict`` data."""

    reader: Reader
    intent: Optional[str]
    knowledge: List[str]
    asks: Optional[str]
    replies: List[Dict[str, Any]]


def _entries(message: Dict[str, Any]) -> "List[str]":
    """The entries that a reply was made from."""
    args = message.get("args") or {}
    return list(args.get("entries") or ([args["entry"]] if "entry" in args else []))


def turn_of(parsed: Dict[str, Any], messages: List[Dict[str, Any]], default: Reader) -> Turn:
    """The turn that brought these messages.

    Args:
        parsed: what was understood.
        default: who reads when nothing was said.
    """
    last = messages[-1] if messages else {}
    args = last.get("args") or {}
    known = next(filter(None, map(_entries, messages)), [])
    intent = parsed["intent"]["name"]
    return Turn(
        reader=Reader.parse(last["reader"]) if last else default,
        intent=_TAPPED.get(intent, intent),
        knowledge=known,
        asks=args.get("asks") or _ASKING.get(last.get("utter_action", "")),
        replies=[said["custom"] for said in messages],
    )

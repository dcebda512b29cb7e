"""Keeps the present session of a conversation in Redis: its slots and the assistant's last words.

Rasa's stores read and write the whole history at every turn, so that turn 600 costs fifty times
turn 1. What the rules need is the slots, the active form and the present turn; of what was said,
the last replies are kept for repeating. What people say is not kept at all: a name would pass any
mask. The rest is masked before it is written, sealed, because a reply may hold a link that is for
one person alone, and leaves with the time to live.
"""

import json
import logging
from typing import Any, Dict, Iterable, List, Optional

import redis.asyncio
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from core.privacy import mask_all
from core.sealing import seal, unseal
from core.vault import Vault, VaultError

logger = logging.getLogger(__name__)

_START = (
    ActionExecuted(ACTION_SESSION_START_NAME),
    SessionStarted(),
    ActionExecuted(ACTION_LISTEN_NAME),
)
#: Seconds after the last turn at which a conversation is forgotten.
LIFETIME_S = 3600


class SessionTrackerStore(TrackerStore):
    """Rasa's tracker store over an asynchronous Redis client."""

    def __init__(
        self, client: "redis.asyncio.Redis[str]", vault: Vault, domain: Optional[Domain] = None
    ) -> None:
        super().__init__(domain)
        self._client = client
        self._vault = vault

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes slots, active form and the last replies, masked."""
        kept = {
            "slots": {
                name: slot.value
                for name, slot in tracker.slots.items()
                if slot.value != slot.initial_value
            },
            "loop": tracker.active_loop_name,
            "message": _message_id(tracker),
            "replies": [_slim(reply) for reply in _last_replies(tracker)],
        }
        kept["slots"] = mask_all(kept["slots"])
        key = _key(tracker.sender_id)
        sealed = seal(self._vault, json.dumps(kept, ensure_ascii=False), key)
        await self._client.set(key, sealed, ex=LIFETIME_S)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker as it was saved; for an unknown or forgotten sender a fresh session.

        A fresh one is never None: Rasa would save an empty tracker and run an action to start the
        session, which makes a person's first turn the slowest one.
        """
        kept = await self._kept(sender_id)
        if kept is None:
            return DialogueStateTracker.from_dict(
                sender_id, [event.as_dict() for event in _START], list(self.domain.slots)
            )
        events: List[Dict[str, Any]] = [ActionExecuted(ACTION_LISTEN_NAME).as_dict()]
        events += [SlotSet(name, value).as_dict() for name, value in kept["slots"].items()]
        if kept["loop"]:
            events.append(ActiveLoop(kept["loop"]).as_dict())
        return DialogueStateTracker.from_dict(
            sender_id, events + kept["replies"], list(self.domain.slots)
        )

    async def told(self, sender_id: str, message_id: str) -> Optional[List[Dict[str, Any]]]:
        """The last replies by name, arguments and reader, if they answered this very message."""
        kept = await self._kept(sender_id)
        if kept is None or kept["message"] != message_id:
            return None
        return [reply["metadata"] for reply in kept["replies"]]

    async def _kept(self, sender_id: str) -> Optional[Dict[str, Any]]:
        """What is kept of a conversation, if anything is that can be read."""
        key = _key(sender_id)
        sealed = await self._client.get(key)
        if sealed is None:
            return None
        try:
            kept: Dict[str, Any] = json.loads(unseal(self._vault, sealed, key))
        except VaultError:  # its encryption key was taken out of use: the session has ended with it
            logger.warning("a conversation cannot be read")
            return None
        return kept

    async def keys(self) -> Iterable[str]:
        """The senders that are known at the moment."""
        return [key[len(_key("")) :] async for key in self._client.scan_iter(_key("*"))]

    async def delete(self, sender_id: str) -> None:
        """Forgets a sender."""
        await self._client.delete(_key(sender_id))


def _key(sender_id: str) -> str:
    return f"tracker:{sender_id}"


def _last_replies(tracker: DialogueStateTracker) -> List[BotUttered]:
    """What the assistant said since the person's last message, after the last restart."""
    replies: List[BotUttered] = []
    for event in reversed(tracker.events):
        if isinstance(event, (Restarted, UserUttered)):
            break
        if isinstance(event, BotUttered):
            replies.insert(0, event)
    return replies


def _message_id(tracker: DialogueStateTracker) -> Optional[str]:
    """The id of the message that was answered last."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return event.message_id
    return None


def _slim(reply: BotUttered) -> Dict[str, Any]:
    """A reply by its name and arguments: the words are found anew when it is said again."""
    kept = {k: v for k, v in reply.metadata.items() if k in ("utter_action", "args", "reader")}
    return {
        "event": reply.type_name,
        "timestamp": reply.timestamp,
        "text": None,
        "data": {},
        "metadata": mask_all(kept),
    }

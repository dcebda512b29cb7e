"""The conversation core: one turn of one person, the same for every channel and the terminal."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, List, Optional, Sequence
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from actions.appointments.draft import PERSONAL
from channels.common import guard
from channels.common.choices import Choices, Offered, looks_tapped
from core.reader import DEFAULT, Reader
from nlu.components import live

logger = logging.getLogger(__name__)

#: Replies that ask for something, and the slot that they ask for.
_ASKING = {"utter_ask_language": "language"}


class Collector(OutputChannel):
    """Collects the worded replies of one turn. Never raises: Rasa would lose the turn."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: List[Dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        return self._channel

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        self.messages.append(message)


#: What an intent that the assistant sends itself stands for.
_TAPPED = {"unusable_input": None, "choose": "enquire", "answer": "inform"}


@dataclass(frozen=True)
class Turn:
    """What a turn brought: what was understood, and the replies as ``Reply.as_dict`` data."""

    reader: Reader
    intent: Optional[str]
    knowledge: List[str]
    asks: Optional[str]
    replies: List[Dict[str, Any]]


class Conversation:
    """Takes people's messages to the agent and its replies back."""

    def __init__(
        self, agent: Agent, choices: Choices, forget_tracker: Callable[[str], Awaitable[None]]
    ) -> None:
        self._agent = agent
        self._choices = choices
        self._forget_tracker = forget_tracker
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def turn(
        self,
        sender: str,
        text: str,
        channel: str,
        default: Optional[Reader] = None,
        heard: Optional[Callable[[bool], Awaitable[None]]] = None,
    ) -> Turn:
        """One turn. Turns of one sender run one after another, in the order in which they came.

        Args:
            sender: who speaks, in the channel's own pseudonym.
            text: what came in, unchecked.
            channel: the channel's name.
            default: the language that the channel expects, when the text tells none.
            heard: called before the turn is taken, with whether the text answers a personal
                question and must not be kept as it is.

        Raises:
            Exception: the agent could not take the message; nothing was said.
        """
        queue = self._queues.setdefault(sender, asyncio.Lock())
        async with queue:  # what “1” means depends on the turn before it
            offered = await self._choices.offered(sender)
            if heard:
                await heard(offered.asks in PERSONAL)
            return await self._take(sender, text, channel, default, offered)

    async def _take(
        self, sender: str, text: str, channel: str, default: Optional[Reader], offered: Offered
    ) -> Turn:
        reason = None
        message = offered.payload_for(text)
        if message is None:
            admitted, reason = guard.admit(text)
            if reason == "malformed" and looks_tapped(text):
                reason = "over"
            message = guard.unusable(reason) if reason else admitted or ""
        collector = Collector(channel)
        metadata = {"reader": str(default)} if default else {}
        user_message = UserMessage(message, collector, sender, None, channel, None, metadata)
        user_message.parse_data = await self._parse(user_message)
        if reason == "malformed":  # answered in the language that it was in, if that is plain
            guess = live.identifier().identify(text)
            if guess.script:
                user_message.parse_data.update(
                    language=guess.language, script=guess.script, language_strength="weak"
                )
        await self._agent.handle_message(user_message)
        if not collector.messages:  # a fault inside Rasa; never leave a person without an answer
            logger.error("nothing was said to intent %s", user_message.parse_data["intent"])
            await self._apologise(sender, collector)
        replies = [said["custom"] for said in collector.messages]
        buttons = replies[-1]["buttons"] if replies else []
        turn = _turn(user_message.parse_data, collector.messages, default or DEFAULT)
        # what was offered before is read anew: the person may have been forgotten in this turn
        await self._choices.remember(sender, buttons, asks=turn.asks)
        return turn

    async def _parse(self, message: UserMessage) -> Dict[str, Any]:
        """What is understood; a text that breaks the understanding is one that cannot be used."""
        processor = self._agent.processor
        try:
            return await processor.parse_message(message)
        except Exception:
            logger.exception("a message could not be understood")
            message.text = guard.unusable("malformed")
            return await processor.parse_message(message)

    async def _apologise(self, sender: str, collector: Collector) -> None:
        nobody = DialogueStateTracker.from_events(sender, [])
        said = await self._agent.nlg.generate("utter_error", nobody, collector.name())
        collector.messages.append(said)

    async def offer(self, sender: str, texts: Sequence[str]) -> None:
        """Lets a person choose by number among questions that the channel shows by itself."""
        await self._choices.remember(sender, [{"title": t, "payload": t} for t in texts])

    async def choose_language(self, sender: str, variant: str) -> None:
        """Sets the language of all further replies, without saying anything."""
        async with self._agent.lock_store.lock(sender):
            processor = self._agent.processor
            tracker = await processor.fetch_tracker_and_update_session(sender, Collector("quiet"))
            tracker.update(SlotSet("language", variant), processor.domain)
            await processor.save_tracker(tracker)

    async def forget(self, sender: str) -> None:
        """Forgets the conversation with a sender."""
        queue = self._queues.setdefault(sender, asyncio.Lock())
        async with queue, self._agent.lock_store.lock(sender):
            await self._forget_tracker(sender)
            await self._choices.forget(sender)

    async def understand(self, text: str) -> Dict[str, Any]:
        """What is understood of a text, without a conversation."""
        admitted, reason = guard.admit(text)
        message = admitted if reason is None else guard.unusable(reason)
        return await self._agent.processor.parse_message(UserMessage(message))


def _entries(message: Dict[str, Any]) -> "List[str]":
    """The entries that a reply was made from."""
    args = message.get("args") or {}
    return list(args.get("entries") or ([args["entry"]] if "entry" in args else []))


def _turn(parsed: Dict[str, Any], messages: List[Dict[str, Any]], default: Reader) -> Turn:
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

"""The conversation core: one turn of one person, the same for every channel and the terminal."""

import asyncio
import json
import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional, Protocol, Sequence
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from actions.appointments.draft import PERSONAL
from actions.identity.numbers import code_in
from channels.common import guard
from channels.common.choices import Choices, looks_tapped
from channels.common.turn import Collector, Turn, turn_of
from core.reader import DEFAULT, Reader
from nlu.components import live

logger = logging.getLogger(__name__)


class Told(Protocol):
    """What a message of a person was answered with, kept with the state of the conversation."""

    async def told(self, sender: str, message_id: str) -> Optional[List[Dict[str, Any]]]:
        """The replies to the last message by name, arguments and reader, if that was its id."""

    async def delete(self, sender: str) -> None:
        """Forgets the conversation."""


class Codes(Protocol):
    """Sign-ins on another device, which a chat confirms with the code that stands there."""

    async def awaits_confirmation(self, sender: str) -> bool:
        """Whether a code of this chat is waited for."""


class Conversation:
    """Takes people's messages to the agent and its replies back.

    Args:
        codes: without, nobody signs in.
    """

    def __init__(
        self, agent: Agent, choices: Choices, trackers: Told, codes: Optional[Codes] = None
    ) -> None:
        self._agent = agent
        self._choices = choices
        self._trackers = trackers
        self._codes = codes
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def turn(
        self,
        sender: str,
        text: str,
        channel: str,
        default: Optional[Reader] = None,
        heard: Optional[Callable[[bool], Awaitable[None]]] = None,
        choice: Optional[str] = None,
        message_id: Optional[str] = None,
    ) -> Turn:
        """One turn. Turns of one sender run one after another, in the order in which they came.

        Args:
            sender: who speaks, in the channel's own pseudonym.
            text: what came in, unchecked.
            channel: the channel's name.
            default: the language that the channel expects, when the text tells none.
            heard: called before the turn is taken, with whether the text answers a personal
                question and must not be kept as it is.
            choice: the digest of the payload that was tapped, where a channel sends that.
            message_id: names the message. When the last turn was this message's, because a
                process died before its replies were handed on, they are told again and nothing
                is done twice.

        Raises:
            Exception: the agent could not take the message; nothing was said.
        """
        queue = self._queues.setdefault(sender, asyncio.Lock())
        async with queue:  # what “1” means depends on the turn before it
            offered = await self._choices.offered(sender)
            if heard:
                await heard(offered.asks in PERSONAL)
            reason = None
            message = await self._code(sender, text) or offered.payload_for(text, choice)
            if message is None:
                admitted, reason = guard.admit(text)
                if reason == "malformed" and looks_tapped(text):
                    reason = "over"
                message = guard.unusable(reason) if reason else admitted or ""
            collector = Collector(channel)
            metadata = {"reader": str(default)} if default else {}
            said = UserMessage(message, collector, sender, None, channel, message_id, metadata)
            said.parse_data = await self._parse(said)
            if reason == "malformed":  # answered in the language that it was in, if that is plain
                guess = live.identifier().identify(text)
                if guess.script:
                    said.parse_data.update(
                        language=guess.language, script=guess.script, language_strength="weak"
                    )
            return await self._take(said, collector, message_id, default)

    async def prompt(
        self,
        sender: str,
        intent: str,
        channel: str,
        message_id: Optional[str] = None,
        default: Optional[Reader] = None,
        **given: Any,
    ) -> Turn:
        """One turn that no words of the person began: somebody followed, or came back signed in.

        Args:
            intent: what Rasa is told.
            default: who reads the reply, when the conversation does not tell.
            given: the intent's entities.
        """
        queue = self._queues.setdefault(sender, asyncio.Lock())
        async with queue:
            collector = Collector(channel)
            text = f"/{intent}{json.dumps(given) if given else ''}"
            metadata = {"reader": str(default)} if default else {}
            said = UserMessage(text, collector, sender, None, channel, message_id, metadata)
            said.parse_data = await self._agent.processor.parse_message(said)
            return await self._take(said, collector, message_id, default)

    async def apology(self, sender: str, channel: str) -> Turn:
        """What is said when a turn failed."""
        collector = Collector(channel)
        await self._apologise(sender, collector)
        return turn_of({"intent": {"name": None}}, collector.messages, DEFAULT)

    async def _take(
        self,
        said: UserMessage,
        collector: Collector,
        message_id: Optional[str],
        default: Optional[Reader],
    ) -> Turn:
        """Hands a parsed message to the agent, unless it has been answered before."""
        sender, parsed = said.sender_id, said.parse_data
        told = await self._trackers.told(sender, message_id) if message_id else None
        if told is not None:
            await self._tell_again(sender, told, collector)
        else:
            await self._agent.handle_message(said)
        if not collector.messages:  # a fault inside Rasa; never leave a person without an answer
            logger.error("nothing was said to intent %s", parsed["intent"])
            await self._apologise(sender, collector)
        replies = [said["custom"] for said in collector.messages]
        buttons = replies[-1]["buttons"] if replies else []
        turn = turn_of(parsed, collector.messages, default or DEFAULT)
        # what was offered before is read anew: the person may have been forgotten in this turn
        await self._choices.remember(sender, buttons, asks=turn.asks)
        return turn

    async def _code(self, sender: str, text: str) -> Optional[str]:
        """The message of a typed code, if one is waited for: it is no choice's number."""
        code = code_in(text)
        if not code or not self._codes:
            return None
        waits = await self._codes.awaits_confirmation(sender)
        return f"/confirm_sign_in{json.dumps({'number': code})}" if waits else None

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
        await self._tell_again(sender, [{"utter_action": "utter_error"}], collector)

    async def _tell_again(
        self, sender: str, told: Sequence[Dict[str, Any]], collector: Collector
    ) -> None:
        """Words replies anew, in the language that each was in."""
        nobody = DialogueStateTracker.from_events(sender, [])
        for reply in told:
            args = reply.get("args") or {}
            if reply.get("reader"):
                args = {**args, "reader": reply["reader"]}
            said = await self._agent.nlg.generate(
                reply["utter_action"], nobody, collector.name(), args=args
            )
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
            await self._trackers.delete(sender)
            await self._choices.forget(sender)

    async def understand(self, text: str) -> Dict[str, Any]:
        """What is understood of a text, without a conversation."""
        admitted, reason = guard.admit(text)
        message = admitted if reason is None else guard.unusable(reason)
        return await self._agent.processor.parse_message(UserMessage(message))

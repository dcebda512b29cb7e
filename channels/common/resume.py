"""Back in the chat after a sign-in: says so there, and goes on with what needed it."""

import secrets
from dataclasses import replace
from typing import Mapping, Protocol

from actions.identity.journey import Linked
from channels.common.conversation import Conversation
from channels.common.turn import Turn
from core.reader import Reader

#: Who only wanted to sign in has nothing to go on with.
_NO_TASK = "sign_in"


class Speaker(Protocol):
    """A channel's way to say a turn that no message of the person's began."""

    async def say(self, sender: str, turn: Turn, key: str) -> None:
        """Says it once for a key, now or when the platform allows it."""


class ChatResume:
    """Implements ``channels.common.proof.Resume``.

    Args:
        speakers: by the channels' names.
    """

    def __init__(self, conversation: Conversation, speakers: Mapping[str, Speaker]) -> None:
        self._conversation = conversation
        self._speakers = speakers

    async def resumed(self, linked: Linked) -> None:
        """Says who is linked, and the next of the task in the same breath: one message."""
        said = await self._prompt(linked.sender, linked.channel, linked.reader, "signed_in")
        if linked.task != _NO_TASK:
            then = await self._prompt(linked.sender, linked.channel, linked.reader, linked.task)
            said = replace(then, replies=said.replies + then.replies)
        await self._say(linked.sender, linked.channel, said, f"signed-in/{linked.who.reference}")

    async def asked(self, sender: str, channel: str, account: str, reader: str) -> None:
        said = await self._prompt(sender, channel, reader, "sign_in_waiting")
        await self._say(sender, channel, said, f"sign-in-waiting/{secrets.token_hex(8)}")

    async def _prompt(self, sender: str, channel: str, reader: str, intent: str) -> Turn:
        return await self._conversation.prompt(
            sender, intent, channel, default=Reader.parse(reader)
        )

    async def _say(self, sender: str, channel: str, turn: Turn, key: str) -> None:
        await self._speakers[channel].say(sender, turn, key)

"""One person's talk with the real assistant, and what it leaves in the database."""

import json
import re
from typing import Any, Dict, List, Optional
from uuid import uuid4

from sqlalchemy import text

from core.clock import system_clock
from core.database import METADATA
from core.privacy import hide

_REFERENCE = re.compile(r"[A-Z]\d[A-Z]-[A-Z]\d[A-Z]-[A-Z]\d[A-Z]")
_TAP = re.compile(r"tap (\d)")


class Talk:
    """Says things and keeps the last turn.

    ``values`` fill the placeholders of what is said; the reference of a made appointment is added
    to them when a reply names it.
    """

    def __init__(self, assistant: Any, sender: str, **values: str) -> None:
        self._assistant = assistant
        self.sender = sender
        self.values = values
        self.turn: Any = None

    async def say(self, words: str, asks: "Optional[str]" = "anything") -> Any:
        """Says something, or taps a choice (“tap 2”). Checks what is asked for then."""
        said = self._said(words)
        self.turn = await self._assistant.conversation.turn(self.sender, said, "web")
        done = self.turn.asks is None and _REFERENCE.search(self.text)
        if done:
            self.values["reference"] = done[0]
        if asks != "anything":
            assert self.turn.asks == asks, f"after {said!r}: {self.turn.asks!r} in {self.text!r}"
        return self.turn

    def _said(self, words: str) -> str:
        tap = _TAP.fullmatch(words)
        return self.choices[int(tap[1]) - 1]["payload"] if tap else words.format(**self.values)

    async def say_on_the_page(self, words: str) -> None:
        """Says something as the page's channel takes it, history included (channels.web.input)."""
        said, history, now = self._said(words), self._assistant.history, system_clock()

        async def heard(private: bool) -> None:
            await history.add_user(self.sender, hide(said) if private else said, str(uuid4()), now)

        conversation = self._assistant.conversation
        self.turn = await conversation.turn(self.sender, said, "web", None, heard)
        for reply in self.turn.replies:
            await history.add_bot(self.sender, reply, self.turn.reader.variant, now)

    async def say_all(self, pairs: "List[Dict[str, Optional[str]]]") -> None:
        for pair in pairs:
            for words, asks in pair.items():
                await self.say(str(words), asks)

    async def forget(self) -> None:
        """As when the conversation is long over."""
        await self._assistant.conversation.forget(self.sender)

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.turn.replies)

    @property
    def choices(self) -> "List[Dict[str, str]]":
        return self.turn.replies[-1]["buttons"]

    @property
    def titles(self) -> "List[str]":
        return [choice["title"] for choice in self.choices]

    def rows(self) -> "List[Any]":
        """This person's appointments and holds, the oldest first."""
        query = text(
            "SELECT a.*, s.centre, s.starts_at, s.taken, s.capacity FROM appointments a"
            " JOIN slots s ON s.id = a.slot WHERE a.sender = :sender ORDER BY a.id"
        )
        with self._assistant.database.connect() as connection:
            return list(connection.execute(query, {"sender": self.sender}))


def everything_written(database: Any) -> str:
    """All rows of all tables, as text."""
    with database.connect() as connection:
        rows = [
            [str(value) for value in row]
            for table in METADATA.sorted_tables
            for row in connection.execute(table.select())
        ]
    return json.dumps(rows, ensure_ascii=False)

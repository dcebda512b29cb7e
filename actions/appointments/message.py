"""What a person sent, as the appointments read it: nothing of Rasa, nothing trusted."""

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from core.reader import Reader
from knowledge.model import Variant

#: From this confidence an intent counts as what a person means.
_SURE = 0.5


@dataclass(frozen=True)
class Message:
    """One message.

    ``tapped`` is the slot and the value of a choice that the assistant offered; there is no other
    way to it. ``channel`` and ``reader`` say where and how to reach the person later. ``asks_for``
    are the facts that a question is about, such as the fee.
    """

    sender: str
    text: str
    intent: str
    confidence: float = 1.0
    entities: tuple[Mapping[str, Any], ...] = ()
    tapped: Optional[tuple[str, str]] = None
    channel: str = "web"
    reader: str = "yue-Hant"
    asks_for: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the intent can be relied on."""
        return self.confidence >= _SURE

    @property
    def variant(self) -> Variant:
        """The variant of the texts in which the person is written to."""
        return Reader.parse(self.reader).variant

    def values(self, entity: str) -> "list[Any]":
        """The values of an entity, in the order in which they were said."""
        return [found["value"] for found in self.entities if found["entity"] == entity]

    def found(self, *names: str) -> "list[Mapping[str, Any]]":
        return [entity for entity in self.entities if entity["entity"] in names]

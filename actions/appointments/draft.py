"""An appointment in the making: what was answered so far, and what is asked now."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Literal, Mapping, Optional

Task = Literal["book", "view", "reschedule", "cancel"]
#: ``ordered``: the book was asked for the appointment, and what it answered was not said yet;
#: ``booked``: it was said, unless the process died before the words went out.
State = Literal["open", "ordered", "booked"]
#: Which intent begins which task.
STARTS: Mapping[str, Task] = {
    "book_appointment": "book",
    "view_appointment": "view",
    "reschedule_appointment": "reschedule",
    "cancel_appointment": "cancel",
}

#: The questions of a booking in their order.
BOOKING = (
    "permit", "application_type", "applicant_side", "birth_date", "centre", "date", "time",
    "name", "document_number", "phone", "guardian_name", "guardian_document_number",
    "consent", "confirm",
)  # fmt: skip
#: Answers that say who somebody is. What a person types while one of them is asked is not kept.
PERSONAL = frozenset(
    ("birth_date", "name", "document_number", "phone", "guardian_name", "guardian_document_number")
)
#: What an answer carries away with it when it changes.
_DEPENDENT = {
    "permit": (*BOOKING[1:3], "centre", "date", "time", "document_number", "confirm"),
    "centre": ("date", "time"),
    "date": ("time",),
    "birth_date": ("guardian_name", "guardian_document_number"),
}


@dataclass
class Draft:
    """Kept encrypted between turns. ``values`` maps slots to text; days are ISO dates.

    ``key`` names this one booking towards the appointment book: a repeated message is harmless.
    ``wish`` is the day or the time that was wished for and has not been found yet (wish.py);
    ``nearby`` are the centres among which a named place leaves the choice, the nearest first, and
    ``near`` is that place when there is none in it;
    ``options`` are the titles and payloads that were offered to ``asked``, the best first.
    ``known`` finds an appointment that was shown to be one's own a moment ago; ``proved`` says that
    the one with the reference in ``values`` was found by the number there.
    """

    task: Task
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    values: Dict[str, str] = field(default_factory=dict)
    wish: Dict[str, str] = field(default_factory=dict)
    asked: Optional[str] = None
    trail: List[str] = field(default_factory=list)
    nearby: List[str] = field(default_factory=list)
    near: Optional[str] = None
    options: List[Any] = field(default_factory=list)
    misses: int = 0
    state: State = "open"
    known: Dict[str, str] = field(default_factory=dict)
    proved: bool = False

    @property
    def intent(self) -> str:
        """The intent that begins this task."""
        return next(intent for intent, task in STARTS.items() if task == self.task)

    def get(self, slot: str) -> Optional[str]:
        return self.values.get(slot)

    def set(self, slot: str, value: str) -> None:
        """Keeps an answer; what depended on another answer to the same question goes."""
        if self.values.get(slot) not in (None, value):
            self.clear(slot)
        self.values[slot] = value
        if slot not in self.trail:
            self.trail.append(slot)

    def clear(self, slot: str) -> None:
        """Takes an answer back, and what depended on it."""
        for name in (slot, *_DEPENDENT.get(slot, ())):
            self.values.pop(name, None)
            if name in self.trail:
                self.trail.remove(name)
        if slot in ("permit", "centre", "date", "time"):
            self.values.pop("slot", None)

    def forget_wishes(self) -> None:
        """Drops the day, the time and the place that were wished for and not settled."""
        self.wish, self.nearby, self.near = {}, [], None

    def as_dict(self) -> "dict[str, Any]":
        return asdict(self)

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Draft":
        return Draft(**kept)

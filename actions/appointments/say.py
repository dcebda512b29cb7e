"""What the assistant says in one turn of a form, as data: sentences, details, one question.

The words are found later, by the name of each phrase, in the person's language
(knowledge.dialogue). Nothing here may be personal unless it is masked: it is kept for repeating.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

#: Questions that have a name of their own here only.
_ASKS = {"resume": "confirm", "go_on": "confirm", "change": "confirm", "prefill": "confirm"}

#: A value inside a sentence: plain text, or something to be worded such as {"day": "2026-11-30"}.
Value = Any


@dataclass
class Say:
    """Collects the parts of a reply; ``data`` is what ``knowledge.dialogue`` words.

    ``aside`` is an action that answers first, before the question is said again; ``answer`` is an
    entry with the facts of it that are said first. ``over`` says that the form is closed, ``keeps``
    that its draft stays for later, ``missed`` that what was said could not be used.
    """

    lines: List[Tuple[str, Mapping[str, Value]]] = field(default_factory=list)
    details: List[Tuple[str, Value]] = field(default_factory=list)
    question: Optional[Tuple[str, Mapping[str, Value]]] = None
    asks: Optional[str] = None
    choices: List[Tuple[Value, str]] = field(default_factory=list)
    link: Optional[Tuple[str, str]] = None
    further: "List[Say]" = field(default_factory=list)
    aside: Optional[str] = None
    answer: Optional[Mapping[str, Any]] = None
    over: bool = False
    keeps: bool = False
    missed: bool = False

    def line(self, phrase: str, **values: Value) -> "Say":
        """Adds a sentence by the second half of its phrase's name, or by all of it."""
        self.lines.append((_whole(phrase), values))
        return self

    def detail(self, label: str, value: Value) -> None:
        self.details.append((_whole(label if "." in label else f"label_{label}"), value))

    def ask(self, slot: str, phrase: Optional[str] = None, **values: Value) -> "Say":
        """Asks for a slot; one question a turn, so a later one replaces an earlier one."""
        self.question = (_whole(phrase or f"ask_{slot}"), values)
        self.asks = slot
        self.choices = []
        return self

    def choice(self, title: Value, slot: str, value: str) -> None:
        """Offers an answer. ``title`` is worded as other values are."""
        self.choices.append((title, payload(slot, value)))

    def command(self, title: str, intent: str) -> None:
        """Offers something else to do, by the name of its intent."""
        self.choices.append((phrase(title), f"/{intent}"))

    @property
    def data(self) -> "Dict[str, Any]":
        return {
            "lines": [[name, dict(values)] for name, values in self.lines],
            "details": [list(detail) for detail in self.details],
            "question": self.question and [self.question[0], dict(self.question[1])],
            "asks": _ASKS.get(self.asks or "", self.asks),
            "choices": [list(choice) for choice in self.choices],
            "link": self.link and list(self.link),
        }


def phrase(name: str) -> Value:
    """A value that is itself a phrase, by the second half of its name or by all of it."""
    return {"phrase": _whole(name)}


def _whole(name: str) -> str:
    return name if "." in name else f"appointments.{name}"


_ANSWER = "/answer"


def payload(slot: str, value: str) -> str:
    """What a tapped choice sends."""
    return _ANSWER + json.dumps({"slot": slot, "value": value}, ensure_ascii=False)


def choice_of(payload: str) -> Optional[Tuple[str, str]]:
    """The slot and the value of a payload; None for that of a command."""
    if not payload.startswith(_ANSWER):
        return None
    sent = json.loads(payload[len(_ANSWER) :])
    return sent["slot"], sent["value"]

"""What a message answers to a question of the form. Pure: no book, no database.

Each reader returns what it heard, the fault that keeps it from being used, or None when the
message says nothing about the question.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Union, get_args

from actions.appointments import references, rules
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from knowledge.appointments import PermitRules, Side, side_of
from knowledge.model import Snapshot
from nlu.text import cues
from nlu.text.agreement import Doing, agrees


@dataclass(frozen=True)
class Heard:
    """A usable answer, as the draft keeps it."""

    value: str = field(repr=False)


@dataclass(frozen=True)
class Fault:
    """Why an answer cannot be used: the second half of a phrase's name, and its values."""

    phrase: str
    values: Mapping[str, Any] = field(default_factory=dict)


_PARTS = re.compile(r"[\n,，、;；/|]+")

Answer = Union[Heard, Fault, None]
Reader = Callable[[Message, Draft, Snapshot, date], Answer]


def permit(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    named = {entry.split(":", 1)[1]: entry for entry in message.values("permit")}
    if len(named) != 1:
        return None
    (key,) = named
    permit_rules = snapshot.permit_rules.get(key)
    if permit_rules and permit_rules.non_chinese and "foreign" in message.values("applicant_side"):
        key = permit_rules.non_chinese
    if key in snapshot.bookable:
        return Heard(key)
    return Fault("not_offered", {"permit": {"permit": key}})


def application_type(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    named = list(dict.fromkeys(message.values("application_type")))
    if len(named) != 1:
        return None
    if draft.get("permit") is None:
        return Heard(named[0])  # whether it fits is seen when the permit is known
    if named[0] in _rules(draft, snapshot).application_types:
        return Heard(named[0])
    return Fault("fault_application_type", {"permit": {"permit": draft.values["permit"]}})


def applicant_side(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    known = [side for side in message.values("applicant_side") if side in get_args(Side)]
    named = list(dict.fromkeys(known))
    if draft.asked == "applicant_side":
        named = named or list(dict.fromkeys(map(side_of, message.values("city"))))
        named = named or list(cues.sides(message.text))
    if len(named) != 1:
        return None
    if named[0] in _rules(draft, snapshot).applicant_sides:
        return Heard(named[0])
    values = {"permit": {"permit": draft.values["permit"]}, "side": {"side": named[0]}}
    return Fault("fault_applicant_side", values)


def birth_date(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    days = message.found("date")
    if not days:
        return None
    if len(days) > 1 or not days[0]["value"] or ".." in days[0]["value"]:
        invalid = any(day.get("kind") == "invalid" for day in days)
        return Fault("fault_date_invalid" if invalid else "fault_birth_date")
    born, permit_rules = date.fromisoformat(days[0]["value"]), _rules(draft, snapshot)
    if fault := rules.check_birth_date(born, today):
        return _fault(fault)
    if fault := rules.check_age(permit_rules, born, today):
        return _fault(fault, age=permit_rules.min_age, ask={"hotline": permit_rules.ask})
    return Heard(born.isoformat())


def name(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    for text in (message.text, *_beside_numbers(message)):
        checked = rules.check_name(text)
        if not checked.fault:
            return Heard(checked.value)
    return Fault("fault_name")


def _beside_numbers(message: Message) -> "list[str]":
    """What stands before, between and after the numbers of a message."""
    rest = message.text
    for number in message.found("document_number", "phone_number", "permit"):
        rest = (
            rest[: number["start"]]
            + "\n" * (number["end"] - number["start"])
            + rest[number["end"] :]
        )
    parts = _PARTS.split(rest) if rest != message.text else []
    return [part for part in map(str.strip, parts) if part]


def guardian_name(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    answer = name(message, draft, snapshot, today)
    same = isinstance(answer, Heard) and answer.value.lower() == draft.values["name"].lower()
    return Fault("fault_guardian_same") if same else answer


def document_number(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    kinds = _rules(draft, snapshot).documents[draft.values["applicant_side"]]
    born = draft.get("birth_date")
    return _document(message, kinds, today, date.fromisoformat(born) if born else None)


def guardian_document_number(
    message: Message, draft: Draft, snapshot: Snapshot, today: date
) -> Answer:
    answer = _document(message, rules.GUARDIAN_DOCUMENTS, today, None)
    same = isinstance(answer, Heard) and answer.value == draft.values["document_number"]
    return Fault("fault_guardian_same") if same else answer


def _document(message: Message, kinds: Sequence[Any], today: date, born: Optional[date]) -> Answer:
    checked = rules.check_document(message.text, kinds, today, born)
    if not checked.fault:
        return Heard(checked.value)
    return _fault(checked.fault, document={"document": checked.kind or "any"})


def phone(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    if len(set(message.values("phone_number"))) > 1:
        return Fault("fault_document_several")
    checked = rules.check_phone(message.text)
    if checked.fault:  # with words around it
        found = [rules.check_phone(number) for number in message.values("phone_number")]
        checked = next((one for one in found if not one.fault), checked)
    return _fault(checked.fault) if checked.fault else Heard(checked.value)


def agreement(draft: Draft, message: Message) -> Optional[bool]:
    """Whether a message says yes or no, and nothing else, to a question that is asked for one."""
    if draft.asked not in _YES_OR_NO:
        return None
    return agrees(message.text, _YES_OR_NO[draft.asked] or _DOING.get(draft.task))


#: The questions for a yes or a no, and what they are about; None is the task itself.
_YES_OR_NO: "Mapping[Optional[str], Optional[Doing]]" = {
    "consent": "consent", "confirm": None, "resume": "resume", "go_on": "resume",
    "prefill": "prefill",
}  # fmt: skip
_DOING: "Mapping[str, Doing]" = {"book": "book", "reschedule": "reschedule", "cancel": "cancel"}


def yes_or_no(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    said = agreement(draft, message)
    if said is None and message.intent in ("affirm", "deny") and message.is_sure:
        said = message.intent == "affirm"
    return None if said is None else Heard("yes" if said else "no")


def reference(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    found = references.find(message.text)
    if found:
        return Heard(found)
    digits = sum(c.isdigit() for c in message.text)
    return Fault("fault_reference") if digits > 1 else None


def proof(message: Message) -> Answer:
    """The document or telephone number that shows whose an appointment is."""
    numbers = message.found("document_number", "phone_number")
    given = list(dict.fromkeys(str(number["value"]) for number in numbers))
    if len(given) > 1:
        return Fault("fault_document_several")
    if given:
        return Heard(given[0])
    digits = sum(c.isdigit() for c in message.text)
    return Fault("fault_document_none") if digits > 1 else None


READERS: Dict[str, Reader] = {
    "permit": permit,
    "application_type": application_type,
    "applicant_side": applicant_side,
    "birth_date": birth_date,
    "name": name,
    "document_number": document_number,
    "phone": phone,
    "guardian_name": guardian_name,
    "guardian_document_number": guardian_document_number,
    "consent": yes_or_no,
    "confirm": yes_or_no,
    "prefill": yes_or_no,
    "reference": reference,
}


def _fault(key: str, **values: Any) -> Fault:
    return Fault(key.split(".", 1)[1], values)


def _rules(draft: Draft, snapshot: Snapshot) -> PermitRules:
    return snapshot.permit_rules[draft.values["permit"]]

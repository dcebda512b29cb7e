"""What a message answers to a question of the form. Pure: no book, no database.

Each reader returns what it heard, the fault that keeps it from being used, or None when the
message says nothing about the question.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Callable, Dict, Mapping, Optional, Union

from actions.appointments import references, rules
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from knowledge.appointments import PermitRules, side_of
from knowledge.model import Snapshot
from nlu.text import cues

#: From this confidence an intent counts as what a person means.
SURE = 0.5


@dataclass(frozen=True)
class Heard:
    """A usable answer, as the draft keeps it."""

    value: str


@dataclass(frozen=True)
class Fault:
    """Why an answer cannot be used: the second half of a phrase's name, and its values."""

    phrase: str
    values: Mapping[str, Any] = field(default_factory=dict)


Answer = Union[Heard, Fault, None]
Reader = Callable[[Message, Draft, Snapshot, date], Answer]


def permit(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    named = {entry.split(":", 1)[1]: entry for entry in message.values("permit")}
    if len(named) != 1:
        return None
    (key,) = named
    served = any(key in centre.permits for centre in snapshot.centres.values())
    if key in snapshot.permit_rules and served:
        return Heard(key)
    return Fault("not_offered", {"permit": {"permit": key}})


def application_type(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    named = list(dict.fromkeys(message.values("application_type")))
    if len(named) != 1:
        return None
    if named[0] in _rules(draft, snapshot).application_types:
        return Heard(named[0])
    return Fault("fault_application_type", {"permit": {"permit": draft.values["permit"]}})


def applicant_side(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    named = list(dict.fromkeys(message.values("applicant_side")))
    named = named or list(dict.fromkeys(map(side_of, message.values("city"))))
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
    born = date.fromisoformat(days[0]["value"])
    if born > today:
        return Fault("fault_birth_future")
    if rules.age_on(born, today) > rules.OLDEST:
        return Fault("fault_birth_too_long_ago")
    permit_rules = _rules(draft, snapshot)
    if permit_rules.min_age is not None and rules.age_on(born, today) < permit_rules.min_age:
        values = {"age": permit_rules.min_age, "ask": {"hotline": permit_rules.ask}}
        return Fault("fault_too_young", values)
    return Heard(born.isoformat())


def name(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    said = cues.without_name_is(message.text)
    if rules.is_name(said):
        return Heard(said)
    return Fault("fault_name") if any(c.isdigit() for c in said) else None


def guardian_name(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    answer = name(message, draft, snapshot, today)
    if isinstance(answer, Heard) and answer.value.lower() == draft.values["name"].lower():
        return Fault("fault_guardian_same")
    return answer


def document_number(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    kinds = _rules(draft, snapshot).documents[draft.values["applicant_side"]]
    born = draft.get("birth_date")
    return _document(message, kinds, date.fromisoformat(born) if born else None)


def guardian_document_number(
    message: Message, draft: Draft, snapshot: Snapshot, today: date
) -> Answer:
    answer = _document(message, (), None)
    if isinstance(answer, Heard) and answer.value == draft.values["document_number"]:
        return Fault("fault_guardian_same")
    return answer


def _document(message: Message, kinds: "tuple[str, ...]", born: Optional[date]) -> Answer:
    numbers = message.found("document_number")
    if not numbers:
        digits = sum(c.isdigit() for c in message.text)
        return Fault("fault_document_none") if digits > 3 else None
    fault = rules.check_document(numbers[0], kinds, born)
    if fault == "fault_document_kind":
        return Fault(fault, {"document": {"document": kinds[0] if kinds else "any"}})
    return Fault(fault) if fault else Heard(rules.plain_number(numbers[0]["value"]))


def phone(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    numbers = message.found("phone_number")
    valid = [number for number in numbers if number.get("valid")]
    if valid:
        return Heard(valid[0]["value"])
    tried = numbers or sum(c.isdigit() for c in message.text) > 3
    return Fault("fault_phone") if tried else None


def yes_or_no(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    said = cues.agrees(message.text)
    if said is None and message.intent in ("affirm", "deny") and message.confidence >= SURE:
        said = message.intent == "affirm"
    return None if said is None else Heard("yes" if said else "no")


def reference(message: Message, draft: Draft, snapshot: Snapshot, today: date) -> Answer:
    found = references.find(message.text)
    if found:
        return Heard(found)
    digits = sum(c.isdigit() for c in message.text)
    return Fault("fault_reference") if digits > 1 else None


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
    "reference": reference,
}


def _rules(draft: Draft, snapshot: Snapshot) -> PermitRules:
    return snapshot.permit_rules[draft.values["permit"]]

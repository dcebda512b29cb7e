"""What an applicant may answer: ages, names, phones and numbers of documents.

Pure. A fault is the key of the phrase that says it; it never repeats what was written.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Mapping, Optional, Sequence, TypeVar

from core.privacy import narrow
from knowledge.appointments import PermitRules
from nlu.text import documents, phones
from nlu.text.documents import Kind
from nlu.text.introductions import is_sentence, without_introduction
from nlu.text.normalise import clean
from nlu.text.spelt_numbers import digits

OLDEST_YEARS = 120
#: What shows who a guardian is: identity cards, and permits that adults of the three sides carry.
GUARDIAN_DOCUMENTS: "tuple[Kind, ...]" = (
    "hkid", "mainland_id", "macao_id", "residence_permit", "hrp", "eep",
)  # fmt: skip

_Choice = TypeVar("_Choice")


@dataclass(frozen=True)
class Checked:
    """An answer that was looked at: its value as it is kept, or its fault.

    ``kind`` is that of a document number; with ``fault_document_kind`` the one that is wanted. The
    value is personal data, and so no part of the printed form.
    """

    value: str = field(default="", repr=False)
    fault: Optional[str] = None
    kind: Optional[Kind] = None


def sole(choices: Sequence[_Choice]) -> Optional[_Choice]:
    """The only choice, which is not asked; None when there are several."""
    return choices[0] if len(choices) == 1 else None


def check_application_type(rules: PermitRules, application_type: str) -> Optional[str]:
    fits = application_type in rules.application_types
    return None if fits else "appointments.fault_application_type"


def check_applicant_side(rules: PermitRules, side: str) -> Optional[str]:
    return None if side in rules.documents else "appointments.fault_applicant_side"


def age_on(birth: date, day: date) -> int:
    """Age in whole years; who was born on 29 February comes of age on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def check_birth_date(birth: date, today: date) -> Optional[str]:
    """Whether anybody alive can be born on that day."""
    if birth > today:
        return "appointments.fault_birth_future"
    if age_on(birth, today) > OLDEST_YEARS:
        return "appointments.fault_birth_too_long_ago"
    return None


def check_age(rules: PermitRules, birth: date, day: date) -> Optional[str]:
    """Whether the applicant is old enough on the day of the appointment."""
    if rules.min_age is not None and age_on(birth, day) < rules.min_age:
        return "appointments.fault_too_young"
    return None


def guardian_needed(rules: PermitRules, birth: date, day: date) -> bool:
    """Whether an adult must come along on the day of the appointment."""
    return rules.guardian_below is not None and age_on(birth, day) < rules.guardian_below


_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_LATIN = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_DOTS = re.compile("[•‧・⋅∙]")
_BRACKETS = re.compile(r"[()]")
#: The spaces in “陳 大 文”, as a recogniser writes it.
_APART = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_HAN_NAME = rf"[{_HAN}][{_HAN}·]{{0,18}}[{_HAN}]"
_LATIN_NAME = rf"[{_LATIN}][ '’.,;-]{{0,3}}[{_LATIN}][{_LATIN} '’.,;-]{{0,58}}"
_NAME = re.compile(
    rf"{_HAN_NAME}|{_LATIN_NAME}|{_HAN_NAME}[ ,]*{_LATIN_NAME}|{_LATIN_NAME}[ ,]{_HAN_NAME}"
)


def check_name(text: str) -> Checked:
    """Reads a name as documents have it: 2 to 20 Han characters, 2 to 60 Latin letters, or both.

    Words of introduction do no harm.
    """
    name = _BRACKETS.sub(" ", _DOTS.sub("·", clean(without_introduction(text))))
    name = _APART.sub("", clean(name))
    fits = _NAME.fullmatch(name) and not is_sentence(name)
    return Checked(name) if fits else Checked(fault="appointments.fault_name")


def check_phone(text: str) -> Checked:
    """Reads one telephone number of Hong Kong, Macao or a Mainland mobile; it is kept as E.164.

    It may be written as it is said.
    """
    phone = phones.check(text) or phones.check(digits(text))
    if phone and (
        phone.region in ("HK", "MO") or (phone.region == "CN" and phone.number.startswith("+861"))
    ):
        return Checked(phone.number)
    return Checked(fault="appointments.fault_phone")


#: The letters before the digits of each kind; the others have none.
_LETTERS: "Mapping[Kind, str]" = {
    "hkid": "[A-Z]{1,2}", "hrp": "[HM]", "eep": "C[A-Z]?|W", "hksar_passport": "[KH]J?",
    "mainland_passport": "G|E[A-Z]?",
}  # fmt: skip
#: Something that was meant as a number: letters, if any, and four digits or more.
_ATTEMPT = re.compile(r"(?<![A-Z0-9])([A-Z]*)[ ./(-]?\d(?:[ ./()-]?\d){3}", re.ASCII)
_FAULTS = {
    "region": "appointments.fault_document_kind",
    "birth_date": "appointments.fault_document_date",
    "check_digit": "appointments.fault_document_check",
}


def check_document(
    text: str, kinds: Sequence[Kind], today: date, birth: Optional[date] = None
) -> Checked:
    """Reads the number of a document of one of ``kinds``; words around it do no harm.

    It may be written as it is said.

    Args:
        kinds: those that will do, the likeliest first.
        today: nobody is born later.
        birth: the date of birth that was given; a number that holds another one is refused.
    """
    read = [documents.check(kind, text, today) for kind in kinds]
    if all(one.fault == "shape" for one in read):
        text = digits(text)
        read = [documents.check(kind, text, today) for kind in kinds]
    # The right form first; of those, the kinds that it can be before those that it cannot.
    read.sort(key=lambda one: (not one.valid, one.fault == "shape", one.fault == "region"))
    best = read[0]
    if best.fault != "shape" and _count(text, best.kinds, today) > 1:
        return Checked(fault="appointments.fault_document_several", kind=kinds[0])
    if best.fault == "shape":
        return Checked(fault=_shape_fault(text, kinds, today), kind=kinds[0])
    if best.fault:
        return Checked(fault=_FAULTS[best.fault], kind=best.kinds[0])
    within = best.number[6:14] if best.kinds[0] in ("mainland_id", "residence_permit") else ""
    if birth and within and within != f"{birth:%Y%m%d}":
        return Checked(fault="appointments.fault_document_birth", kind=best.kinds[0])
    return Checked(best.number, kind=best.kinds[0])


def _count(text: str, kinds: Sequence[Kind], today: date) -> int:
    """How many different numbers of these kinds a text has."""
    found = documents.find(text, today)
    return len({one.number for one in found if not set(kinds).isdisjoint(one.kinds)})


def _shape_fault(text: str, kinds: Sequence[Kind], today: date) -> str:
    """What keeps a text from being a number of any of the kinds."""
    if documents.find(text, today):
        return "appointments.fault_document_kind"
    attempt = _ATTEMPT.search(narrow(text).upper())
    if not attempt:
        return "appointments.fault_document_none"
    if any(re.fullmatch(_LETTERS.get(kind, ""), attempt[1]) for kind in kinds):
        return "appointments.fault_document_length"
    return "appointments.fault_document_letters"

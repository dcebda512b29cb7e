"""Finds document numbers in what people write, and tells whether they can be right.

The shapes are those of the catalogue's ``id_rules`` and, beyond them, of the Mainland passport
(E or G and 8 digits, or E, a letter and 7 digits) and the Macao identity card (1, 5 or 7 at the
front; how its check digit is made is not public). Separators and zeros are read as the masking
reads them (core.privacy), so that whatever is found here is masked when it is written.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Callable, Literal, Mapping, Optional, Sequence

from core.privacy import GAP, LEFT, RIGHT, narrow
from nlu.text import check_digits

Kind = Literal[
    "hkid", "mainland_id", "residence_permit", "hrp", "eep", "hksar_passport",
    "mainland_passport", "macao_id", "br_number",
]  # fmt: skip
#: Why a number cannot be right: it does not have the form of its kind; its first digits name no
#: province, or not the one of its kind; nobody was born on its day; a digit is wrong.
Fault = Literal["shape", "region", "birth_date", "check_digit"]


@dataclass(frozen=True)
class DocumentNumber:
    """A number and what it can be.

    ``kinds`` are those whose rules it keeps or, when it keeps none, whose form it has; H and eight
    digits is a Home Return Permit as well as a passport. ``start`` and ``end`` are its place in the
    text as it was written.
    """

    kinds: tuple[Kind, ...]
    number: str
    start: int
    end: int
    fault: Optional[Fault] = None

    @property
    def valid(self) -> bool:
        return self.fault is None


#: Numbers older than this are not those of a living person.
_OLDEST_YEARS = 130
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)]
)
_RESIDENCE = ("810000", "820000", "830000")


def _hkid(number: str, today: date) -> Optional[Fault]:
    right = check_digits.hong_kong(number[:-3])
    return None if number[-2] == right else "check_digit"


def _mainland(number: str, today: date) -> Optional[Fault]:
    return _person(number, int(number[:2]) in _PROVINCES, today)


def _residence(number: str, today: date) -> Optional[Fault]:
    return _person(number, number.startswith(_RESIDENCE), today)


def _person(number: str, region: bool, today: date) -> Optional[Fault]:
    """The fault of an 18-digit number of either kind."""
    if not region:
        return "region"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "birth_date"
    if not today.year - _OLDEST_YEARS <= born.year or born > today:
        return "birth_date"
    return None if number[-1] == check_digits.mainland(number[:-1]) else "check_digit"


def _nothing(number: str, today: date) -> Optional[Fault]:
    return None


@dataclass(frozen=True)
class _Rules:
    """A kind's form, without separators, what is wrong with a number of it, and how it is written.

    ``written`` puts the brackets around the check digit that people leave out.
    """

    form: "re.Pattern[str]"
    fault: Callable[[str, date], Optional[Fault]] = _nothing
    written: str = r"\g<0>"


def _rules(form: str, *more: "Callable[[str, date], Optional[Fault]] | str") -> _Rules:
    return _Rules(re.compile(form, re.ASCII), *more)  # type: ignore[arg-type]


_KINDS: Mapping[Kind, _Rules] = {
    "hkid": _rules(r"([A-Z]{1,2}\d{6})\(?([0-9A])\)?", _hkid, r"\1(\2)"),
    "residence_permit": _rules(r"[1-9]\d{16}[0-9X]", _residence),
    "mainland_id": _rules(r"[1-9]\d{16}[0-9X]", _mainland),
    "hrp": _rules(r"[HM]\d{8}(?:\d\d)?"),
    "eep": _rules(r"C\d{8}|C[A-Z]\d{7}|W\d{8}"),
    "hksar_passport": _rules(r"[KH]\d{8}|[KH]J\d{7}"),
    "mainland_passport": _rules(r"[EG]\d{8}|E[A-Z]\d{7}"),
    "macao_id": _rules(r"([157])/?(\d{6})[/(]?(\d)\)?", _nothing, r"\1\2(\3)"),
    "br_number": _rules(r"\d{8}"),
}
_PERSONAL: tuple[Kind, ...] = tuple(kind for kind in _KINDS if kind != "br_number")
_DIGITS_8 = rf"\d{{4}}{GAP}\d{{4}}"
#: A letter apart from its digits is a prefix only when it is a capital: “plan c 12345678”.
_SPOTS = [
    rf"[1-9]\d{{5}}{GAP}{_DIGITS_8}{GAP}\d{{3}}[0-9Xx]" + RIGHT,
    rf"[A-Za-z]{{1,2}}{GAP}\d{{3}}{GAP}\d{{3}}{GAP}\({GAP}[0-9Aa]{GAP}\)",
    rf"[157]\d{{6}}{GAP}\({GAP}\d{GAP}\)",
    r"[157]/\d{6}/\d" + RIGHT,
    rf"(?:[HMCWKEGhmcwkeg]|[HMCWKEG]{GAP}){_DIGITS_8}(?:\d\d)?" + RIGHT,
    rf"(?:[CEKHcekh][A-Za-z]|[KH]J{GAP})\d{{3}}{GAP}\d{{4}}" + RIGHT,
    rf"[A-Za-z]{{1,2}}\d{{3}}{GAP}\d{{3}}-?[0-9Aa]" + RIGHT,
]
_SPOT = re.compile("|".join(LEFT + spot for spot in _SPOTS))
#: Eight bare digits are a telephone number unless this stands before them.
_BUSINESS = re.compile(
    r"(?:商[業业]登[記记]|商登|business registration|(?<![a-z])brn?(?![a-z]))\D{0,20}?"
    rf"({_DIGITS_8}){RIGHT}",
    re.I,
)
_SEPARATORS = re.compile(r"[\s.·_~\-‐-―]")
_DIGIT = re.compile(r"\d")


def find(text: str, today: date) -> "list[DocumentNumber]":
    """The document numbers in a text, in its order, those that cannot be right among them.

    Args:
        today: nobody is born later.
    """
    if not _DIGIT.search(text):
        return []
    read = narrow(text)
    found = [_judge(match.span(), read, _PERSONAL, today) for match in _SPOT.finditer(read)]
    found += [
        _judge(match.span(1), read, ("br_number",), today) for match in _BUSINESS.finditer(read)
    ]
    return sorted((one for one in found if one), key=lambda one: one.start)


def _judge(
    span: "tuple[int, int]", read: str, kinds: Sequence[Kind], today: date
) -> Optional[DocumentNumber]:
    """What stands at a place of a text, None when it has the form of none of the kinds."""
    compact = _compact(read[slice(*span)])
    fitting = [one for one in (_as(kind, compact, today) for kind in kinds) if one[2] != "shape"]
    if not fitting:
        return None
    valid = [one for one in fitting if one[2] is None]
    kept = valid or [one for one in fitting if one[2] != "region"] or fitting
    return DocumentNumber(tuple(kind for kind, _, _ in kept), kept[0][1], *span, kept[0][2])


def check(kind: Kind, text: str, today: date) -> DocumentNumber:
    """Reads a text as a number of one kind, as a form does that has asked for it.

    Words around the number do no harm. When there is no such number the fault is ``shape`` and the
    number empty.
    """
    _, number, fault = _as(kind, _compact(narrow(text)), today)
    if fault != "shape":
        return DocumentNumber((kind,), number, 0, len(text), fault)
    for found in find(text, today):
        _, number, fault = _as(kind, _compact(found.number), today)
        if fault != "shape":
            return DocumentNumber((kind,), number, found.start, found.end, fault)
    return DocumentNumber((kind,), "", 0, len(text), "shape")


def _as(kind: Kind, compact: str, today: date) -> "tuple[Kind, str, Optional[Fault]]":
    """A compact number as one of a kind: as it is written, and its fault."""
    rules = _KINDS[kind]
    match = rules.form.fullmatch(compact)
    if not match:
        return kind, compact, "shape"
    number = match.expand(rules.written)
    return kind, number, rules.fault(number, today)


def _compact(number: str) -> str:
    return _SEPARATORS.sub("", number).upper()

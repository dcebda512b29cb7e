"""Finds telephone numbers in what people write, and tells whether they can be right.

The shapes here only say where a number may stand; whether it is one, and whose, is the word of the
library phonenumbers (Google's libphonenumber). Its own search through a text takes milliseconds and
takes dates for numbers. Days, hours and prices are told apart as the masking does (core.privacy).
"""

import re
from dataclasses import dataclass
from typing import Optional, Sequence

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from core.privacy import GAP, HARMLESS, LEFT, RIGHT, TIME, narrow


@dataclass(frozen=True)
class PhoneNumber:
    """A telephone number.

    ``number`` is in the form of E.164 (``+85291234567``), ``region`` the two-letter code of where
    it is (HK, CN, MO …), None when there can be no such number. ``start`` and ``end`` are its place
    in the text as it was written.
    """

    number: str
    region: Optional[str]
    start: int
    end: int

    @property
    def valid(self) -> bool:
        return self.region is not None


def _bracketed(code: str) -> str:
    """A code with or without brackets."""
    return rf"(?:\({code}\)|{code})"


_HONG_KONG_OR_MACAO, _MAINLAND = (
    rf"(?:{_bracketed(r'(?:[+]|00)?' + code)}{GAP})" for code in ("85[23]", "86")
)
_AREA = r"[1-9]\d{1,2}"
_SHAPES = [
    rf"{_HONG_KONG_OR_MACAO}?[2-9]\d{{3}}{GAP}\d{{4}}",
    rf"{_MAINLAND}?1[3-9]\d(?:{GAP}\d){{8}}",
    rf"(?:{_MAINLAND}{_bracketed('0?' + _AREA)}|{_bracketed('0' + _AREA)})"
    rf"{GAP}\d{{3,4}}{GAP}\d{{4}}",
    rf"(?:[+]|00)[1-9](?:{GAP}\d){{7,14}}",
]
#: More digits after a gap make a longer number, such as a bank card's, unless they are a day.
_END = RIGHT + rf"(?!{GAP}(?!{TIME})\d{{3}})"
#: What must not be cut into telephone numbers: days and prices, and long numbers in groups.
_OTHERS = [
    *HARMLESS,
    r"\b(?i:rmb|hkd|cny|mop|usd)[ ]?\d[\d,]*",
    r"(?:人民[币幣]|港[币幣元])[ ]?\d[\d,]*",
]
_SPOT = re.compile(
    f"(?:{'|'.join(_OTHERS)})|(?P<phone>{LEFT}(?:{'|'.join(_SHAPES)}){_END})"
    rf"|{LEFT}\d{{3,}}(?:{GAP}\d{{3,}})+"
)
#: Fewer digits are no telephone number that belongs to a person.
_ENOUGH = re.compile(r"\d(?:\D{0,3}\d){7}")
_DIGIT = re.compile(r"\d")
_NO_DIGIT = re.compile(r"\D")
#: Numbers of the catalogue's ``id_rules`` hold good though the library does not know their range
#: yet: new ones are given out all the time, and nobody is to be told that theirs is none.
_PLAN = re.compile(r"(?P<HK>\+852[2-9]\d{7})|(?P<CN>\+861[3-9]\d{9})")
# The rules of these regions are loaded with the process, not in somebody's first turn: 10 ms.
for _region in ("HK", "CN", "MO"):
    phonenumbers.PhoneMetadata.metadata_for_region(_region)


def find(text: str, taken: "Sequence[tuple[int, int]]" = ()) -> "list[PhoneNumber]":
    """The telephone numbers in a text, in its order, also those that cannot be right.

    Args:
        taken: places that something else stands at, such as a document number.
    """
    if not _DIGIT.search(text):
        return []
    read = narrow(text)
    if not _ENOUGH.search(read):
        return []
    found = []
    for match in _SPOT.finditer(read):
        start, end = match.span()
        if match["phone"] and not any(start < b and a < end for a, b in taken):
            found.append(_number(match.group(), start, end))
    return found


def check(text: str) -> Optional[PhoneNumber]:
    """The telephone number that a text holds, as a form needs it; None when it holds no or several.

    Words around the number do no harm.
    """
    found = find(text)
    return found[0] if len(found) == 1 else None


def _number(written: str, start: int, end: int) -> PhoneNumber:
    digits = _NO_DIGIT.sub("", written)
    number = ""
    for dialled, region in _readings(digits, written):
        try:
            parsed = phonenumbers.parse(dialled, region)
        except NumberParseException:
            continue
        international = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed):
            place = phonenumbers.region_code_for_number(parsed)
            return PhoneNumber(international, place, start, end)
        number = number or international
    match = _PLAN.fullmatch(number)
    return PhoneNumber(number or digits, match and match.lastgroup, start, end)


def _readings(digits: str, written: str) -> "list[tuple[str, Optional[str]]]":
    """How the digits may be meant: what is dialled, from where. The likeliest first."""
    if "+" in written:
        return [("+" + digits, None)]
    if digits.startswith("00"):
        return [("+" + digits[2:], None)]
    if len(digits) == 8:
        return [(digits, "HK"), (digits, "MO")]
    if digits.startswith(("852", "853")):
        return [("+" + digits, None)]
    return [(digits, "CN")]

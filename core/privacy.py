"""Masks personal data before anything is written to a log, a tracker or a store.

It errs on the side of masking: a number that merely looks like a document is masked too. What is
masked keeps its first character and its shape, so that staff can still see what kind of thing a
person wrote. The understanding works on the text before masking; only what is kept is masked.
"""

import re
from typing import Any

_LEFT, _RIGHT = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_SPACE = r"[ \t\u00a0\u3000]{1,2}"
#: What people put between the digits of a number.
_GAP = rf"(?:{_SPACE}|[\-‐-―]{{1,2}}|[.·_~])?"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_DATE = "|".join(
    [rf"{_YEAR}{sep}{_MONTH}{sep}{_DAY}" for sep in ("-", "/", r"\.", " ")]
    + [rf"{_DAY}{sep}{_MONTH}{sep}{_YEAR}" for sep in ("-", "/", r"\.")]
    + [_YEAR + r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"]
)
_HOURS = rf"[01]\d[0-5]\d[ ]?[\-‐-―][ ]?(?:[01]\d|2[0-4])[0-5]\d(?!{_GAP}\d)"  # 0630-2400
_TIME = rf"(?:{_DATE}|{_HOURS}){_RIGHT}"
#: Letters apart from their number; the “is” of “is 138 0013 8000” must not take the number's head.
_WORD = rf"[A-Za-z]{{1,2}}(?:{_SPACE}|-)(?!{_TIME})"

#: What looks like a document or a telephone number and is none; tried first, left as it is.
_HARMLESS = [
    _LEFT + _TIME,
    r"[$¥€£][ ]?\d{1,9}(?![0-9A-Za-z])",
    _LEFT + r"\d{1,9}(?=[ ]?(?:元|蚊|港元|港[币幣]|人民[币幣]|yuan\b|dollars\b))",
]
_PATTERNS = [
    r"[\w.+%-]+[ ]?@[ ]?[\w-]+(?:\.[\w-]+)+",  # e-mail
    _LEFT + r"[1-9]\d{5}" + _GAP + r"\d{8}" + _GAP + r"\d{3}[0-9Xx]" + _RIGHT,  # Mainland ID number
    # the same in other groups, bank card and other long numbers
    _LEFT + rf"\d(?:{_GAP}\d){{12,}}(?:{_GAP}[Xx])?" + _RIGHT,
    # Hong Kong identity card, with or without its check digit in brackets
    _LEFT + rf"[A-Za-z]{{1,2}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\({_GAP}[0-9Aa]{_GAP}\)",
    _LEFT + rf"[A-Za-z]{{1,2}}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}[0-9Aa])?" + _RIGHT,
    _LEFT + rf"{_WORD}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}[0-9Aa])?{_RIGHT}(?!{_GAP}\d)",
    # Home Return Permit, Exit-Entry Permit, passports
    _LEFT + rf"[A-Za-z]{{1,2}}\d(?:{_GAP}\d){{6,9}}" + _RIGHT,
    _LEFT + rf"{_WORD}\d(?:{_GAP}\d){{6,9}}{_RIGHT}(?!{_GAP}\d)",
    _LEFT + r"(?:\+?86" + _GAP + r")?1[3-9]\d" + _GAP + r"\d{4}" + _GAP + r"\d{4}" + _RIGHT,
    _LEFT + r"(?:\+?85[23]" + _GAP + r")?[2-9]\d{3}" + _GAP + r"\d{4}" + _RIGHT,  # HK, Macao phone
    _LEFT + rf"\+?\d(?:{_GAP}\d){{7,11}}" + _RIGHT,  # other phone numbers, 8 to 12 digits
]
_PERSONAL = re.compile(
    f"(?P<harmless>{'|'.join(_HARMLESS)})|" + "|".join(f"(?:{pattern})" for pattern in _PATTERNS)
)
_SIGN = re.compile(r"\w")


def mask(text: str) -> str:
    """Returns ``text`` with document, bank and telephone numbers and e-mail addresses masked.

    ``A123456(3)`` becomes ``A******(*)``. Full-width digits are recognised as well.
    """
    narrow = text.translate(_NARROW)
    if len(narrow) != len(text) or not any(c.isdigit() or c == "@" for c in narrow):
        return text
    parts, end = [], 0
    for match in _PERSONAL.finditer(narrow):
        if not match["harmless"]:
            found = match.group()
            parts += [text[end : match.start()], found[0], _SIGN.sub("*", found[1:])]
            end = match.end()
    return "".join([*parts, text[end:]])


_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def mask_all(value: Any) -> Any:
    """``value`` with every string in it masked: dicts, lists and tuples are followed."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: mask_all(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_all(item) for item in value]
    return value

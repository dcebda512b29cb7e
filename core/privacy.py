"""Masks personal data before anything is written to a log, a tracker or a store.

It errs on the side of masking: a number that merely looks like a document is masked too. What is
masked keeps its first character and its shape, so that staff can still see what kind of thing a
person wrote. The understanding works on the text before masking; only what is kept is masked.
"""

import re
from typing import Any, Iterable, Iterator

from core import spoken

#: Where a number may begin and end.
LEFT, RIGHT = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_SPACE = r"[ \t\u00a0\u3000]{1,2}"
#: What people put between the digits of a number.
GAP = rf"(?:{_SPACE}|[\-‐-―]{{1,2}}|[.·_~])?"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_DATE = "|".join(
    [rf"{_YEAR}{sep}{_MONTH}{sep}{_DAY}" for sep in ("-", "/", r"\.", " ")]
    + [rf"{_DAY}{sep}{_MONTH}{sep}{_YEAR}" for sep in ("-", "/", r"\.")]
    + [_YEAR + r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"]
)
_HOURS = rf"[01]\d[0-5]\d[ ]?[\-‐-―][ ]?(?:[01]\d|2[0-4])[0-5]\d(?!{GAP}\d)"  # 0630-2400
#: A day, or opening hours: digits that are no number of anybody.
TIME = rf"(?:{_DATE}|{_HOURS}){RIGHT}"
#: Letters apart from their number; the “is” of “is 138 0013 8000” must not take the number's head.
_WORD = rf"[A-Za-z]{{1,2}}(?:{_SPACE}|-)(?!{TIME})"

#: What looks like a document or a telephone number and is none; tried first, left as it is.
HARMLESS = [
    LEFT + TIME,
    r"[$¥€£][ ]?\d{1,9}(?![0-9A-Za-z])",
    LEFT + r"\d{1,9}(?=[ ]?(?:元|蚊|港元|港[币幣]|人民[币幣]|yuan\b|dollars\b))",
]
_PATTERNS = [
    r"[\w.+%-]+[ ]?@[ ]?[\w-]+(?:\.[\w-]+)+",  # e-mail
    LEFT + r"[1-9]\d{5}" + GAP + r"\d{8}" + GAP + r"\d{3}[0-9Xx]" + RIGHT,  # Mainland ID number
    # the same in other groups, bank card and other long numbers
    LEFT + rf"\+?\d(?:{GAP}\d){{12,}}(?:{GAP}[Xx])?" + RIGHT,
    # Hong Kong identity card, with or without its check digit in brackets
    LEFT + rf"[A-Za-z]{{1,2}}{GAP}\d{{3}}{GAP}\d{{3}}{GAP}\({GAP}[0-9Aa]{GAP}\)",
    LEFT + rf"[A-Za-z]{{1,2}}\d{{3}}{GAP}\d{{3}}(?:{GAP}[0-9Aa])?" + RIGHT,
    LEFT + rf"{_WORD}\d{{3}}{GAP}\d{{3}}(?:{GAP}[0-9Aa])?{RIGHT}(?!{GAP}\d)",
    LEFT + rf"[157]\d{{6}}{GAP}\({GAP}\d{GAP}\)",  # Macao identity card, and as it was before 2002
    LEFT + r"[157]/\d{6}/\d" + RIGHT,
    # Home Return Permit, Exit-Entry Permit, passports
    LEFT + rf"[A-Za-z]{{1,2}}\d(?:{GAP}\d){{6,9}}" + RIGHT,
    LEFT + rf"{_WORD}\d(?:{GAP}\d){{6,9}}{RIGHT}(?!{GAP}\d)",
    LEFT + r"(?:\+?86" + GAP + r")?1[3-9]\d" + GAP + r"\d{4}" + GAP + r"\d{4}" + RIGHT,
    LEFT + r"(?:\+?85[23]" + GAP + r")?[2-9]\d{3}" + GAP + r"\d{4}" + RIGHT,  # HK, Macao phone
    LEFT + rf"\+?\d(?:{GAP}\d){{7,11}}" + RIGHT,  # other phone numbers, 8 to 12 digits
]
_PERSONAL = re.compile(
    f"(?P<harmless>{'|'.join(HARMLESS)})|" + "|".join(f"(?:{pattern})" for pattern in _PATTERNS)
)
_SIGN = re.compile(r"\w")


def mask(text: str) -> str:
    """Returns ``text`` with document, bank and telephone numbers and e-mail addresses masked.

    ``A123456(3)`` becomes ``A******(*)``. Full-width digits and those that are said are recognised
    as well.
    """
    if any(c.isdigit() or c in "@＠" for c in text):
        found = [match.span() for match in _PERSONAL.finditer(narrow(text)) if _is_personal(match)]
        text = _hidden(text, found)
    return _hidden(text, list(_said(narrow(text))))


def _hidden(text: str, spans: "Iterable[tuple[int, int]]") -> str:
    """``text`` with all but the first sign of these parts of it hidden."""
    parts, end = [], 0
    for start, stop in spans:
        found = narrow(text[start:stop])
        parts += [text[end:start], found[0], _SIGN.sub("*", found[1:])]
        end = stop
    return "".join([*parts, text[end:]])


def _is_personal(match: "re.Match[str]") -> bool:
    return match["harmless"] is None


def _said(text: str) -> "Iterator[tuple[int, int]]":
    """Where digits that are said make a number of somebody, as the same ones written would."""
    for run in spoken.runs(text):
        plain = run.plain.replace(" ", "")
        if _YEARS.fullmatch(run.plain):
            continue
        if "(" in plain or any(map(_is_personal, _PERSONAL.finditer(plain))):
            yield (run.first if "(" in plain else run.start), run.end
        elif any(map(_is_personal, _PERSONAL.finditer(run.letters + plain))):
            yield run.first, run.end


_YEARS = re.compile(rf"{_YEAR}(?: {_YEAR})+")


def hide(text: str) -> str:
    """``text`` with all but the first sign of each word hidden: an answer that is personal whole.

    ``陳大文`` becomes ``陳**``.
    """
    return _WORD_TAIL.sub("*", text)


_WORD_TAIL = re.compile(r"(?<=\w)\w")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LETTER_O = re.compile(r"(?<=\d)[Oo]+(?![A-Za-z])")


def narrow(text: str) -> str:
    """A text of the same length as the patterns of numbers read it.

    Full-width signs become narrow, and a letter O after a digit the zero that was meant.
    """
    return _LETTER_O.sub(lambda match: "0" * len(match.group()), text.translate(_NARROW))


def mask_all(value: Any) -> Any:
    """``value`` with every string in it masked: dicts, lists and tuples are followed."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: mask_all(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_all(item) for item in value]
    return value

"""Puts neighbouring pieces together: 聽日 + 下晝 + 三點 is one expression."""

import re
from datetime import date
from itertools import product
from typing import List, Optional, Tuple

from nlu.text.dates import days as calendar
from nlu.text.dates.clock import readings
from nlu.text.dates.pieces import Piece
from nlu.text.dates.values import Moment, When

_GAP = re.compile(
    r"[\s,的嘅噶既个()@.吧啦呀喇啊嘛呢]*(?:\s-\s)?(?:(?:at|on|in|of|for|the|from|then|around|about|after|before|by|until|@|喺|大约|大概|约|于|就|嗰日|那天)\s*){0,3}"
)
_BOUND_IN_GAP = (("after", "after"), ("before", "before"), ("by", "before"), ("until", "before"),
                 ("around", "about"), ("about", "about"), ("大", "about"))  # fmt: skip
_ALONE = re.compile(
    r"(?:[\s.,!?~啦呀吖喇嘞啊吧呢好嘅㗎唔该]|\b(?:please|pls|ok|la|ga|wo|lo|ah|ar)\b)*"
)
_LINKS = re.compile(r"\s*,?\s*(?:or|and|to|或者?|定系?|和|同|至|到|、|/|-|~|&)\s*")


def joined(pieces: List[Piece], text: str, today: date) -> List[Piece]:
    """Pieces that are next to each other and do not say the same thing twice become one."""
    result: List[Piece] = []
    for piece in pieces:
        merged = _merged(result[-1], piece, text, today) if result else None
        if merged:
            result[-1] = merged
        elif piece.leans != "l":
            result.append(piece)
    return [p for i, p in enumerate(result) if not p.later and _stands(p, i, result, text)]


def _merged(left: Piece, right: Piece, text: str, today: date) -> Optional[Piece]:
    gap = text[left.end : right.start]
    if not (left.kind == right.kind == "moment") or not _GAP.fullmatch(gap):
        return None
    if right.leans == "l" and gap.strip():
        return None
    if left.later and right.days:
        moved = tuple((calendar.ahead(a, left.later), b) for a, b in right.days.readings)
        return Piece(left.start, right.end, days=right.days._replace(readings=moved))
    days = left.days or right.days
    if left.days and right.days:
        try:
            narrowed = _narrowed(left, right, today)
        except ValueError:  # 31號六月: no month that is meant has such a day
            return Piece(left.start, right.end, kind="invalid")
        if narrowed is None:
            return None
        days = narrowed
    if (left.part and right.part) or (left.clock and right.clock):
        return None
    if left.bound and not right.clock:
        return None
    bound = left.bound or right.bound or next((b for w, b in _BOUND_IN_GAP if w in gap), "")
    return Piece(
        left.start, right.end, days=days, part=left.part or right.part, bound=bound,
        clock=left.clock or right.clock, day_number=left.day_number or right.day_number,
        weekday=left.weekday or right.weekday if not (left.days and right.days) else 0,
    )  # fmt: skip


def _narrowed(left: Piece, right: Piece, today: date) -> Optional[calendar.Days]:
    for dated, named in ((left, right), (right, left)):
        if named.weekday and not dated.weekday and dated.days:
            return calendar.narrowed(dated.days, today, named.weekday)
        if named.day_number and dated.days and not (dated.day_number or dated.weekday):
            return calendar.inside(dated.days, named.day_number)
    return None


def _stands(piece: Piece, place: int, pieces: List[Piece], text: str) -> bool:
    """A piece that leans on others needs a neighbour, or has the text to itself."""
    if not piece.leans:
        return True
    if piece.leans == "b":
        return False
    if _ALONE.fullmatch(text[: piece.start]) and _ALONE.fullmatch(text[piece.end :]):
        return True
    before = place > 0 and _LINKS.fullmatch(text[pieces[place - 1].end : piece.start])
    after = place + 1 < len(pieces) and _LINKS.fullmatch(text[piece.end : pieces[place + 1].start])
    return bool(before or after)


def value_of(piece: Piece) -> When:
    """Every reading of a piece: those of its day times those of its hour."""
    if piece.kind != "moment":
        return When(piece.start, piece.end, piece.kind)
    days = piece.days or calendar.Days(((None, None),))  # type: ignore[arg-type]
    doubts = [days.doubt] if days.doubt else []
    hours: List[Tuple[object, int]] = [(None, 0)]
    if piece.clock:
        try:
            found, doubt = readings(piece.clock, piece.part)
        except ValueError:
            return When(piece.start, piece.end, "invalid")
        hours, doubts = list(found), doubts + ([doubt] if doubt else [])
        if not piece.days:
            hours = list(dict.fromkeys((hour, 0) for hour, _ in hours))
            doubts = [d for d in doubts if d != "night"]
    part = None if piece.clock else piece.part
    moments = [
        Moment(calendar.ahead(first, later) if first else None, last, part, hour)  # type: ignore[arg-type]
        for (first, last), (hour, later) in product(days.readings, hours)
    ]
    unique = tuple(dict.fromkeys(moments))
    return When(piece.start, piece.end, "moment", unique[0], unique[1:], tuple(doubts),
                bound=piece.bound)  # type: ignore[arg-type]  # fmt: skip

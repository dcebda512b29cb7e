"""What the words around an expression do to it: 唔係, before, or, from ... to ..."""
# ruff: noqa: E501 -- a pattern is read as one piece

import re
from dataclasses import replace
from typing import List

from nlu.text.dates.pieces import Piece
from nlu.text.dates.values import When

_LINKS = (
    ("or", re.compile(r"\s*,?\s*(?:都得)?(?:or|或者?(?:是|系|话)?|定系?|还是|抑或|/)\s*(?:on|at|the|in|in the|maybe|喺)?\s*")),
    ("and", re.compile(r"\s*,?\s*(?:and|&|同埋?|和|及|与|跟|、)\s*(?:on|at|the|in|in the|喺)?\s*")),
    ("to", re.compile(r"\s*(?:to|until|till|through|thru|-|~|至|去?到)\s*(?:the)?\s*")),
)  # fmt: skip
_BETWEEN = re.compile(r"\bbetween\s(?:the\s)?$")
_CHANGE = re.compile(r"(?:改|换|转|调|推|延|提前)(?:咗|了)?(?:期)?(?:去|到|做|成|为|至|在|喺)?\s*")
_FROM = re.compile(r"\bfrom\s(?:the\s)?$")
_TO_FOLLOWS = re.compile(r"\s(?:to|until|till|through)\b|\s?-")
_MOVE = re.compile(r"\b(?:move|change|reschedule|switch|swap|shift|postpone|push|bring)\b[^.!?;]*$")
_TO = re.compile(r"(?:\s|slot|appointment|booking|one)*(?:to|for|with|until)\s*(?:the)?\s*")

_INSTEAD = re.compile(
    r"(?:[\s,.]|but|and|so|can|could|you|we|i|please|pls|want|it|like|would|'d)*"
    r"(?:\b(?:change|move|switch|make)\b(?:\s(?:it|my|the|booking|appointment|slot))*(?:\sto)?|but(?:\si)?\swant)"
    r"(?:\s(?:on|at|the))*\s"
)

_NOT_BEFORE = re.compile(
    r"(?:(?<![系是要好想得可行有])(?:唔系|不是|并非|唔要|不要|唔想|不想|唔好|除咗|除了|除|唔得|不能|唔可以|冇得|冇|唔得闲|没空|别(?!的))"
    r"\s?(?:约|book|拣|选|去|喺|在|要|排|安排|帮我|我|到){0,3}\s?"
    r"|(?<!why )(?<!if )\b(?:not|except|anything but|any day but|other than|apart from|rather than|instead of|"
    r"can'?t (?:do|make|come|attend|make it|come in)|cannot (?:do|make|come)|don'?t want|not free|not available|unavailable|busy)"
    r"(?:\s(?:on|for|at|in|the|it))*\s)$"
)
_NOT_AFTER = re.compile(
    r"\s?,?(?:嗰日|那天|我|就|都|先|is|are|'s|i|we)?\s?(?:唔得(?!咩)|唔掂|唔方便|唔可以|唔啱|唔去得|去唔到|嚟唔到|黎唔到|唔要|唔制|来不了|去不了|不行|"
    r"不可以|不方便|没空|没有?时间|冇时间|冇空|唔得闲|有事|要返工|要上班|不要|不能|不合适|不得|以外|之外|"
    r"do(?:es)?(?:n'?t| not) (?:work|suit|fit)|won'?t work|(?:is |'s )?(?:no good|not (?:good|ok|okay|possible|free))|is bad|isn'?t(?! it)|"
    r"(?:i'?m |am )?(?:busy|unavailable)|can'?t|cannot)(?!\s?[咩吗么嘛])"
)
_BEFORE_THAT = (
    ("after", re.compile(r"(?:\b(?:not before|no earlier than|not earlier than|later than|after|past|since|from)\s(?:the\s)?|过咗|过了)$")),
    ("before", re.compile(r"(?:\b(?:not (?:after|later than)|no later than|before|by|until|till|up to|latest)\s(?:the\s)?|最迟|最晚|不迟于|不晚于)$")),
    ("about", re.compile(r"(?:(?<!how )(?<!what )\b(?:around|about|approximately|roughly|approx|circa)\s(?:the\s)?|大约|大概|差唔多|差不多|接近)$")),
)  # fmt: skip
_AFTER_THAT = (
    ("after", re.compile(r"\s?(?:钟|嗰日)?\s?(?:(?:或者?)?(?:之|以)?后(?![天日面边备])|起(?![身床来唔不])|开始|\sonwards?\b|or (?:later|after)|onwards?)")),
    ("before", re.compile(r"\s?(?:钟|嗰日)?\s?(?:(?:之|以)?前(?![天日面边后])|\s?(?:or (?:earlier|before)|at the latest))")),
    ("about", re.compile(r"\s?(?:钟)?\s?(?:左右|上下|前后|度(?!假)|or so|-?ish\b)")),
)  # fmt: skip


# the day after Friday, 七月一號前三日: understood that it is not that day, not which
_SHIFTED_BEFORE = re.compile(
    r"\b(?:days?|weeks?|months?|first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)\s(?:(?:before|after|following|from)\s)?(?:the\s)?$"
)
_SHIFTED_AFTER = re.compile(
    r"[的嘅之]?(?:[前后第]|以后|以前)(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:天|日|个?星期|个?礼拜|周|个月)|嘅?第二日|的?第二天|翌日|隔[天日]"
)


def in_context(whens: List[When], pieces: List[Piece], text: str) -> List[When]:
    """The same expressions with bound, link and rejection."""
    whens = [_shifted(when, text) for when in whens]
    whens = [_bounded(when, whens[i - 1].end if i else 0, text) for i, when in enumerate(whens)]
    for place in range(1, len(whens)):
        whens[place] = _linked(whens[place - 1], whens[place], text)
    for place, when in enumerate(whens):
        start = whens[place - 1].end if place else 0
        rejected = bool(_NOT_BEFORE.search(text, start, when.start)) or bool(
            _NOT_AFTER.match(text, when.end)
        )
        replaced = place + 1 < len(whens) and _replaced(whens[place + 1], when, text, start)
        if replaced:
            whens[place + 1] = replace(whens[place + 1], link="")
        whens[place] = replace(when, rejected=rejected or replaced)
    return _shared(whens, text)


def _shifted(when: When, text: str) -> When:
    if not when.value or not when.value.day:
        return when
    if _SHIFTED_BEFORE.search(text, 0, when.start) or _SHIFTED_AFTER.match(text, when.end):
        return When(when.start, when.end, "unknown")
    return when


def _bounded(when: When, start: int, text: str) -> When:
    said = [
        (m.start(), bound) for bound, p in _BEFORE_THAT if (m := p.search(text, start, when.start))
    ]
    if said and not (_FROM.search(text, start, when.start) and _TO_FOLLOWS.match(text, when.end)):
        return replace(when, bound=min(said)[1])  # type: ignore[arg-type]
    if when.bound:
        return when
    for bound, pattern in _AFTER_THAT:
        if pattern.match(text, when.end):
            return replace(when, bound=bound)  # type: ignore[arg-type]
    return when


def _linked(left: When, right: When, text: str) -> When:
    between = text[left.end : right.start]
    if not between and left.kind == right.kind == "moment" and right.end == right.start + 1:
        return replace(right, link="and")  # 星期六日
    for link, pattern in _LINKS:
        if pattern.fullmatch(between):
            if link == "and" and _BETWEEN.search(text, 0, left.start):
                link = "to"
            return replace(right, link=link)  # type: ignore[arg-type]
    return right


def _replaced(right: When, left: When, text: str, start: int) -> bool:
    """由星期二改到星期四, "move it from Tuesday to Thursday": the first is given up."""
    between = text[left.end : right.start]
    if re.fullmatch(
        r"(?:嗰|个|的|嘅|期|号|预约|想|要|我|帮|请|能不能|可唔可以|可以|可|否|,|\.|\s)*"
        + _CHANGE.pattern,
        between,
    ):
        return True
    if _INSTEAD.fullmatch(between):
        return True
    return bool(_TO.fullmatch(between) and _MOVE.search(text, start, left.start))


def _shared(whens: List[When], text: str) -> List[When]:
    """What is linked by "or" or "and" is rejected together."""
    for place in range(1, len(whens)):
        left, right = whens[place - 1], whens[place]
        if (
            right.link in ("or", "and")
            and left.rejected
            and _NOT_BEFORE.search(text, 0, left.start)
        ):
            whens[place] = replace(right, rejected=True)
    for place in range(len(whens) - 1, 0, -1):
        left, right = whens[place - 1], whens[place]
        if right.link in ("or", "and") and right.rejected and _NOT_AFTER.match(text, right.end):
            whens[place - 1] = replace(left, rejected=True)
    return whens

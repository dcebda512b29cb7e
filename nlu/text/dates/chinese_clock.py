"""Hours in Cantonese and Mandarin, on folded (Simplified) text: 三點三個骨, 差五分三点."""
# ruff: noqa: E501 -- a pattern is read as one piece

import re
from datetime import datetime
from typing import Iterator, List, Optional

from nlu.text.dates.clock import Clock
from nlu.text.dates.numerals import NUMBER, number
from nlu.text.dates.pieces import Piece, Rule
from nlu.text.dates.values import Part

_COUNTS = r"个人位岁元块条份次天张间名种楼%万亿倍度"
CLOCK = re.compile(
    rf"(?:(?P<left>差)(?P<less>{NUMBER}分钟?|一刻|{NUMBER}个字|一个骨)到?)?"
    rf"(?:(?<![今明听后琴寻噚昨当夜傍最提这朝头清半一大])(?P<p>[早晚朝夜]))?(?<!第)(?P<h>{NUMBER}|[5-9]\d(?=点))"
    rf"\s?(?:点(?!样|解|做|算|一点|点)|时(?!间|期|候|代|装|常|尚))\s?"
    rf"(?:(?P<half>半)|(?P<q>[一三13])(?:个骨|刻)|(?P<f>{NUMBER})个字|搭正?(?P<t>{NUMBER}|半)(?!分)(?:个字)?"
    rf"|搭?(?P<m>零?{NUMBER})分|差(?P<minus>{NUMBER})分|(?P<bare>零?{NUMBER})(?![{_COUNTS}月年日点时公里号]|以)"
    r"|(?P<few>[几多])钟?|(?P<sharp>搭正|正|整|钟))?"
)
# 一點 is also "a bit", 兩點 "two points"
_BIT_BEFORE = re.compile(r"[早快慢好有差多少平贵大小近晚高低久迟远这那嗰呢啲冇唔无细易简第]\s?$")
_HOUR_BEFORE = re.compile(r"(?:[到至约改订在喺于或定-]|者|同|和|系|是|、)\s?$")
_HOUR_AFTER = re.compile(
    r"(?:之|以)?[前后]|左右|$|[?!,.]|至|到|得|可|行|啦|吧|嘅|的|或|定|呀|嘞|喇"
)
_POINTS_AFTER = re.compile(r"\s?[建意要问原希注想唔都儿也道疑]")


def _part_of(letter: Optional[str]) -> Optional[Part]:
    if not letter:
        return None
    return "morning" if letter in "早朝" else "evening"


_TELLING = ("half", "q", "f", "t", "m", "minus", "bare", "few", "sharp", "left")


def clock(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    leans: Optional[str] = ""
    if not any(match[g] for g in _TELLING):
        leans = _bare_hour(match)
    if leans is None:
        return
    said, few = match["h"], match["few"]
    if said in ("一两", "两三", *("一二三四五六七八九"[i : i + 2] for i in range(8))):  # 三四點
        said, few = said[0], said[1]
    hour, minutes = number(said), _minutes(match)
    if hour > 30:
        return
    if match["left"] or match["minus"]:
        less = match["minus"] or match["less"]
        minus = (
            15
            if "刻" in less or "骨" in less
            else number(re.sub("分钟?|个字", "", less)) * (5 if "字" in less else 1)
        )
        hour, minutes = hour - 1, (60 - minus,)
    yield Piece(*match.span(), clock=Clock(hour, minutes, padded=match["h"][0] in "0零" and hour > 0),
                part=_part_of(match["p"]), bound="about" if few else "", leans=leans)  # type: ignore[arg-type]  # fmt: skip


def _bare_hour(match: "re.Match[str]") -> Optional[str]:
    """Whether 三點 is an hour: "" yes, "?" beside a day, None no."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    if match["p"]:
        return None if match["h"] == "一" else ""  # 早一點 is a bit earlier
    if "时" in match.group():
        return "?" if not match["h"].isdigit() and number(match["h"]) < 7 else ""
    if re.match(r"建议|意见|要求|问题|疑问|希望", after):
        return None
    small = match["h"] in ("一", "两", "二", "三", "几")
    if not small:
        return ""
    if _BIT_BEFORE.search(before) and not re.match(r"嘅|的|得|有", after):
        return "?" if match["h"] != "一" else None
    if _POINTS_AFTER.match(after) and not re.match(r"\s?(?:要返|想去|唔得)", after):
        return "?" if match["h"] != "一" else None
    if match["h"] != "一" or (_HOUR_BEFORE.search(before) and _HOUR_AFTER.match(after.lstrip())):
        return ""
    return "?"


def _minutes(match: "re.Match[str]") -> "tuple[int, ...]":
    if match["half"] or match["t"] == "半":
        return (30,)
    if match["q"]:
        return (15 if match["q"] in "一1" else 45,)
    if match["f"] or match["t"]:
        return (number(match["f"] or match["t"]) * 5,)
    text = match["m"] or match["bare"]
    if not text:
        return (0,)
    value = number(text.lstrip("零") or "零")
    if match["m"] or text[0] in "零0" or value > 11 or (text.isdigit() and value > 9):
        return (value,)
    # 兩點九: nine fives; but ten is ten minutes in Mandarin
    return (value * 5, value) if value >= 10 else (value * 5,)


RULES: List[Rule] = [Rule(CLOCK, clock)]

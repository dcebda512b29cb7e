"""Dates and hours in Cantonese and Mandarin, on folded (Simplified) text."""

import re
from datetime import datetime, timedelta
from typing import Iterator, List, Optional

from nlu.text.dates import days as calendar
from nlu.text.dates.numerals import NUMBER, YEAR_DIGITS, digits, number
from nlu.text.dates.pieces import Piece, Rule, at

_COUNTS = r"个人位岁元块条份次天张间名种号楼%万亿倍度"
_NUMERAL = "零〇一二两三四五六七八九十廿卅"
_WEEK = r"(?:礼拜|星期|周|(?<![礼崇参祭])拜(?!.拜))"
_PREFIX = r"(?P<week>下{1,3}|上{1,2}|今|呢|这|本|依)"
_DAY_NAMES = {c: n for n, c in enumerate("一二三四五六日", 1)} | {"天": 7, "八": 8, "九": 9}
_SEGMENTS = {"初": "early", "头": "early", "上旬": "early", "中": "mid", "中旬": "mid",
             "底": "late", "尾": "late", "末": "late", "下旬": "late"}  # fmt: skip
_YEARS = {
    "今": 0,
    "本": 0,
    "明": 1,
    "出": 1,
    "下": 1,
    "后": 2,
    "去": -1,
    "旧": -1,
    "上": -1,
    "前": -2,
}
_SEGMENT = r"(?P<segment>上旬|中旬|下旬|初(?![一二三四五六七八九十])|[头底尾末]|中(?!午|国|间|心))"

WEEKDAY = re.compile(
    rf"(?:{_PREFIX}一?个?|(?<![{_NUMERAL}\d几半每逢个])){_WEEK}"
    r"(?P<day>[一二三四五六日天]|[1-7](?![\d/:.])|(?<!周)[八九])(?![次个]|天(?!气)|年)"
    r"(?P<more>(?:\s?(?:或者?|定系?|还是|、|,|和|同埋?|及|与|至|到|-|~)?\s?[一二三四五六日天]"
    rf"(?!十|[{_NUMERAL}]?[点月号时个日次早成齐]))*)"
)
WEEK = re.compile(
    rf"{_PREFIX}一?个?{_WEEK}(?:(?P<segment>头|初|尾|末)|(?![一二三四五六日天1-7]))"
    rf"|(?<![{_NUMERAL}\d个每])(?:周末|周尾|礼拜尾)"
)
MONTH = re.compile(
    rf"(?:(?:(?<![{_NUMERAL}\d])(?P<y>{YEAR_DIGITS})年|(?P<year>[今明出后去旧本])年)的?嘅?\s?)?"
    rf"(?:(?P<months>下{{1,3}}|上{{1,2}}|今|呢|这|本|依)一?个?月(?!薪)|(?<!第)(?P<m>{NUMBER})\s?月份?(?![{_NUMERAL}\d]{{1,2}}次))的?嘅?\s?"
    rf"(?:(?P<d>{NUMBER})\s?(?:[号日](?!线)|(?![{_COUNTS}{_NUMERAL}点时分月年\d:.]))|{_SEGMENT})?"
)
YEAR = re.compile(
    rf"(?:(?<![{_NUMERAL}\d])(?P<y>\d{{4}}|[{_NUMERAL}]{{4}})年|(?P<year>[今明出后去旧])年)"
    r"的?(?:年(?P<part>[底尾末头]|初(?![一二三四五六七八九十]))|(?P<half>[底尾末初中]))?(?!纪|级)|年(?P<bare>[底尾末头]|初(?![一二三四五六七八九十]))"
)
_AGED = re.compile(
    rf"\s?(?:都|已经|就|刚好)?(?:\d{{1,3}}|[{_NUMERAL}]{{1,3}})(?:$|[了岁喇嘞啦,.\s])"
)
MONTH_SEGMENT = re.compile(rf"(?<![{_NUMERAL}\d个])月{_SEGMENT}")
DAY = re.compile(
    rf"(?<![第里座期a-z])(?P<d>{NUMBER})"
    rf"(?:(?=\s?(?:至|到|或者?|、|-|~|同|和)\s?{NUMBER}\s?号(?!线))|\s?号"
    r"(?!线|风|球|波|楼|码|出|入|闸|窗|柜|台|巴|车|站|铺|舖|室|房|座|院|店|馆|仓|门|牌|公|干|客|机|班|"
    r"令|桌|位|仔|文|口|大|地|舱|差|警|飞|表|油|电|通|人|家))"
)
_ADDRESS = re.compile(r"(?:(?<!知)道|路|街|巷)\S{0,2}$")
BARE_DAY = re.compile(rf"(?<![月{_NUMERAL}\d])(?P<d>{NUMBER})\s?日(?![本内后前间游])")
AGO = re.compile(
    rf"(?P<about>(?<![超通经不])过(?:多|咗|了)?)?(?P<n>{NUMBER}|半|一个半|两个半)"
    r"(?P<unit>个?礼拜|个?星期|周|天|日|个半?月|年|个?小时|个钟头?|个字|分钟)"
    r"(?:(?:之|以)?(?P<ago>[后前])(?![天日])|(?(about)|(?!)))"
)


def _week(match: "re.Match[str]") -> Optional[int]:
    said = match["week"]
    if not said:
        return None
    return {"下": len(said), "上": -len(said)}.get(said[0], 0)


def weekdays(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    week, text = _week(match), match["day"]
    value = int(text) if text.isdigit() else _DAY_NAMES[text]
    days = calendar.weekday(now.date(), value, week)
    end = match.start("more") if match["more"] else match.end()
    yield Piece(match.start(), end, days=days, weekday=value if week is None else 0)
    for place, character in enumerate(match["more"] or "", match.start("more")):
        if character in _DAY_NAMES:
            beside = match.string[place - 1] in _DAY_NAMES
            if beside and _DAY_NAMES[character] <= value:
                return  # 星期一三五 are days, 星期六一 are not
            value = _DAY_NAMES[character]
            yield Piece(place, place + 1, days=calendar.weekday(now.date(), value, week),
                        weekday=value if week is None else 0)  # fmt: skip


def week(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    weeks = _week(match) or 0
    text = match.group()
    if text.endswith(("末", "尾")):
        days = calendar.weekend(now.date(), weeks)
    else:
        days = calendar.week(now.date(), weeks)
        if match["segment"]:
            days = days._replace(
                readings=tuple((a, calendar.ahead(a, 1)) for a, _ in days.readings)
            )
    yield Piece(*match.span(), days=days)


def month(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    today, said = now.date(), match["months"]
    years = calendar.full_year(today, digits(match["y"])) if match["y"] else []
    if match["year"]:
        years = [today.year + _YEARS[match["year"]]]
    if said:
        shift = {"下": len(said), "上": -len(said)}.get(said[0], 0)
        year, value = calendar.month_ahead(today, shift)
        years = years or [year]
    else:
        value = number(match["m"])
        if value == 0:
            return
    end = match.end()
    named = match["d"] and (match.group()[-1] in "号日" or number(match["d"]) <= 31)
    if match["d"] and not named:
        end = match.start("d")  # 下個月六十歲
    if match["d"] and named:
        days = calendar.on(today, years, value, number(match["d"]))
    else:
        segment = _SEGMENTS.get(match["segment"] or "")
        days = calendar.month(today, years[0] if years else None, value, segment)
    yield Piece(match.start(), end, days=days)


def year(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    segment = match["part"] or match["half"] or match["bare"] or ""
    if not segment and match["year"] == "今" and _age(match):
        return
    value = digits(match["y"]) if match["y"] else now.year + _YEARS.get(match["year"] or "", 0)
    yield Piece(*match.span(), days=calendar.year(value, _SEGMENTS.get(segment, "")))


def _age(match: "re.Match[str]") -> bool:
    """今年七十三歲 is no date."""
    return bool(_AGED.match(match.string, match.end()))


def month_segment(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    yield Piece(*match.span(), days=calendar.this_month(now.date(), _SEGMENTS[match["segment"]]))


def day(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    value = number(match["d"])
    if value <= 31 and not _ADDRESS.search(match.string[: match.start()]):
        days = calendar.day_of_month(now.date(), value)
        yield Piece(*match.span(), days=days, day_number=value)


def bare_day(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    """15日 is a date beside an hour, and otherwise days on end."""
    for piece in day(match, now):
        piece.leans = "r"
        yield piece


def ago(match: "re.Match[str]", now: datetime) -> Iterator[Piece]:
    """三日後, 兩個鐘後, 三天前; 過兩日 is about then."""
    unit, said = match["unit"], match["n"]
    bound = "about" if match["about"] else ""
    half = 0.5 if said.endswith("半") else 0
    amount = (number(said.rstrip("个半")) if said != "半" else 0) + half
    sign = -1 if match["ago"] == "前" else 1
    if "时" in unit or "钟" in unit or "字" in unit:
        minutes = 5 if "字" in unit else 1 if "分" in unit else 60
        yield at(match, now + sign * timedelta(minutes=amount * minutes), bound)
        return
    today = now.date()
    if "月" in unit or unit == "年":
        months = amount * (12 if unit == "年" else 1) + (0.5 if "半月" in unit else 0)
        days = calendar.months_later(today, sign * int(months))
        if months % 1:
            day = calendar.ahead(days.readings[0][0], sign * 15)
            days, bound = calendar.single(day), "about"
    else:
        length = 1 if unit in "天日" else 7
        days = calendar.single(calendar.ahead(today, sign * round(amount * length)))
    if unit == "日" and 0 < amount <= 31 and (sign < 0 or amount >= 10) and not bound:
        days, bound = _or_the_day(days, now, int(amount)), ("before" if sign < 0 else "after")
    yield Piece(*match.span(), days=days, bound=bound)


def _or_the_day(days: calendar.Days, now: datetime, value: int) -> calendar.Days:
    """15日前: before the 15th, or fifteen days ago."""
    named = calendar.day_of_month(now.date(), value).readings[:1]
    return calendar.Days((*named, *days.readings), "order")


RULES: List[Rule] = [
    Rule(WEEKDAY, weekdays), Rule(WEEK, week), Rule(MONTH, month), Rule(YEAR, year),
    Rule(MONTH_SEGMENT, month_segment), Rule(DAY, day), Rule(BARE_DAY, bare_day),
    Rule(AGO, ago),
]  # fmt: skip

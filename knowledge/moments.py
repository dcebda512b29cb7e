"""Days and times as people of each language write them, for every sentence that names one."""

from datetime import date, datetime, time
from typing import Optional

from core.clock import LOCAL
from knowledge.model import Variant

_WEEKDAYS = "一二三四五六日"
#: The part of the day, by the first hour that it holds.
_PARTS = {
    "yue": ((19, "夜晚"), (18, "傍晚"), (13, "下晝"), (12, "中午"), (6, "朝早"), (0, "凌晨")),
    "zh_hant": ((18, "晚上"), (13, "下午"), (12, "中午"), (6, "上午"), (0, "凌晨")),
}


def date_words(day: date, variant: Variant, with_year: bool = True) -> str:
    """A calendar date: “30 Nov 2026”, “2026年11月30日”."""
    if variant == "en":
        return f"{day.day} {day:%b}" + (f" {day.year}" if with_year else "")
    return (f"{day.year}年" if with_year else "") + f"{day.month}月{day.day}日"


def day_words(day: date, variant: Variant, today: Optional[date] = None) -> str:
    """A calendar date with its weekday: “Mon 30 Nov 2026”, “2026年11月30日（星期一）”.

    Args:
        today: when it is given, the year is left out of a day of the same year.
    """
    with_year = today is None or today.year != day.year
    words = date_words(day, variant, with_year)
    return f"{day:%a} {words}" if variant == "en" else f"{words}（星期{_WEEKDAYS[day.weekday()]}）"


def time_words(at: time, variant: Variant) -> str:
    """A time of day: “9:30 am”, “上午9:30”, as one says it in Cantonese “朝早9點半”."""
    hour = at.hour % 12 or 12
    if variant == "en":
        if at.hour % 12 == 0 and at.minute == 0:
            return "12 noon" if at.hour else "12 midnight"
        return f"{hour}:{at.minute:02} {'pm' if at.hour >= 12 else 'am'}"
    if variant == "yue":
        minutes = {0: "", 30: "半"}.get(at.minute, f"{at.minute:02}分")
        return f"{_part('yue', at)}{hour}點{minutes}"
    # 0:30, not 12:30, in the small hours: no other reading is possible.
    return f"{_part('zh_hant', at)}{hour if at.hour else 0}:{at.minute:02}"


def moment_words(moment: datetime, variant: Variant, today: Optional[date] = None) -> str:
    """The day and the time of a moment as the clocks of Hong Kong show it.

    Raises:
        ValueError: ``moment`` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    local = moment.astimezone(LOCAL)
    day, at = day_words(local.date(), variant, today), time_words(local.time(), variant)
    return f"{day}, {at}" if variant == "en" else f"{day}{at}"


def _part(language: str, at: time) -> str:
    return next(name for first, name in _PARTS[language] if at.hour >= first)

"""A bare number as the answer to “which day?” or “what time?”.

“10” alone means nothing anywhere else, so that the understanding finds no day and no hour in it.
"""

import re
from datetime import date, timedelta
from typing import Any, Mapping, Optional

from core.privacy import narrow

_NUMBER = re.compile(r"\s*(\d{1,2})\s*")
_MOST_DAYS_AHEAD = 62  # two months hold every day of the month


def bare_number(asked: Optional[str], text: str, today: date) -> Optional[Mapping[str, Any]]:
    """The entity that a number stands for: the next such day of the month, or an hour.

    An hour up to 12 may be of the morning or of the afternoon.
    """
    found = _NUMBER.fullmatch(narrow(text))
    if not found:
        return None
    number = int(found[1])
    if asked == "date":
        ahead = (today + timedelta(days=n) for n in range(1, _MOST_DAYS_AHEAD))
        day = next((one for one in ahead if one.day == number), None)
        return {"entity": "date", "value": day.isoformat()} if day else None
    if asked == "time" and number < 24:
        half = 1 <= number < 12
        return {
            "entity": "time",
            "value": f"{number:02}:00",
            "doubts": ["meridiem"] if half else [],
            "alternatives": [f"{number + 12:02}:00"] if half else [],
        }
    return None

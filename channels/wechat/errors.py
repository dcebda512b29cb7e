"""What the platform's error codes mean for a message, as a table.

The codes are those of the API documents of Official Accounts and mini programs (“全局返回码”,
custom/send, subscribe/send); what to do about each follows from whether it was sent for certain.
"""

import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional

from channels.common.courier import SENT, Verdict
from core.errors import OneStopError

#: Reasons that somebody acts on.
BUSY, TOKEN, OPTED_OUT, OUT_OF_WINDOW, OVER_QUOTA = (
    "busy", "token_refused", "opted_out", "out_of_window", "over_quota",
)  # fmt: skip

_HOUR_S = 3600.0
_RID = re.compile(r"\brid: ?([0-9a-zA-Z-]{1,64})")


@dataclass(frozen=True)
class Meaning:
    """What a code says about the message and about the account.

    Attributes:
        rest_s: seconds for which the whole account is left alone.
        alarm: somebody has to look at it.
    """

    verdict: Verdict
    rest_s: Optional[float] = None
    alarm: bool = False


def _dead(reason: str, alarm: bool = False) -> Meaning:
    return Meaning(Verdict("dead", reason=reason), alarm=alarm)


def _rest(reason: str, seconds: float, alarm: bool = True) -> Meaning:
    return Meaning(Verdict("later", seconds, reason), seconds, alarm)


_TOKEN_REFUSED = Meaning(Verdict("later", reason=TOKEN))
TABLE: Mapping[int, Meaning] = {
    0: Meaning(SENT),
    -1: Meaning(Verdict("later", reason=BUSY)),
    40001: _TOKEN_REFUSED,
    40014: _TOKEN_REFUSED,
    42001: _TOKEN_REFUSED,
    40003: _dead("unknown_person"),
    40007: _dead("unknown_media"),
    40013: _rest("unknown_app", _HOUR_S / 6),
    40037: _dead("unknown_template", alarm=True),
    40125: _rest("wrong_secret", _HOUR_S / 6),
    40164: _rest("address_not_allowed", _HOUR_S / 6),
    43101: _dead(OPTED_OUT),
    45002: _dead("too_long", alarm=True),
    45009: _rest("daily_limit", _HOUR_S),
    45011: _rest("too_often", 60.0, alarm=False),
    45015: Meaning(Verdict("park", reason=OUT_OF_WINDOW)),
    45047: Meaning(Verdict("park", reason=OVER_QUOTA)),
    45072: _dead("typing_command", alarm=True),
    45080: _dead("typing_out_of_window"),
    45081: _dead("typing_already"),
    47003: _dead("template_argument", alarm=True),
    48001: _rest("not_authorised", _HOUR_S / 6),
}


def meaning(code: int) -> Meaning:
    """What a code means. Of those that are not in the table, 40xxx to 44xxx, 46xxx and 47xxx say
    that the request is wrong, which no repeat makes right; the others may pass.
    """
    if code in TABLE:
        return TABLE[code]
    if 40000 <= code < 45000 or 46000 <= code < 48000:
        return _dead(f"code_{code}", alarm=True)
    return Meaning(Verdict("later", reason=f"code_{code}"), alarm=True)


def code_of(answer: Mapping[str, Any]) -> Optional[int]:
    """The error code of an answer: 0 where it names none, None where it is no number."""
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def rid_of(answer: Mapping[str, Any]) -> str:
    """The id under which WeChat's own support finds the request, or "".

    The rest of ``errmsg`` may repeat what was sent and is not looked at.
    """
    found = _RID.search(str(answer.get("errmsg", "")))
    return found[1] if found else ""


class PlatformError(OneStopError):
    """The platform did not do what was asked of it.

    Attributes:
        reason: a word, without personal data.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"WeChat did not do it: {reason}.")
        self.reason = reason


class CodeRefused(PlatformError):
    """A code that proves who somebody is was wrong, old or used before."""

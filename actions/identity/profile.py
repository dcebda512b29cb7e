"""The few claims about a person that we use. All others are dropped before anyone sees them.

``name``, ``birthdate`` and ``phone_number`` are OpenID Connect's own (Core 1.0, 5.1); the
document's two have no standard name: the broker is set up to give them for the scope ``document``.
"""

import re
from datetime import date
from typing import Any, Mapping, Optional

from actions.identity.model import Profile

_TEXT = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")
_KIND = re.compile(r"[a-z_]{1,32}")
_NUMBER = re.compile(r"[A-Za-z0-9()/-]{4,32}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def profile_of(claims: Mapping[str, Any]) -> Profile:
    """What ``claims`` tell of what we use. What is written as it cannot be is not told."""
    verified = claims.get("phone_number_verified") is not False
    kind, number = _text(claims, "document_type", _KIND), _text(claims, "document_number", _NUMBER)
    return Profile(
        name=_text(claims, "name", _TEXT),
        birthdate=_day(_text(claims, "birthdate", _TEXT)),
        document_type=kind if number else None,  # one without the other helps nobody
        document_number=number if kind else None,
        phone=_text(claims, "phone_number", _PHONE) if verified else None,
    )


def _text(claims: Mapping[str, Any], name: str, pattern: "re.Pattern[str]") -> Optional[str]:
    value = claims.get(name)
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _day(written: Optional[str]) -> Optional[str]:
    """A whole date; OpenID Connect allows a year alone, and 0000 for one that is not told."""
    try:
        return date.fromisoformat(written).isoformat() if written else None
    except ValueError:
        return None

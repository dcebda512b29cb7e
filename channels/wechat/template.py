"""The subscribe message of a reminder: which fact of it stands in which field, and in what form.

The platform refuses a message of which one field is too long or of the wrong form (47003), so that
it is looked at before it is sent. Rules: subscribeMessage.send, “参数说明”.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Dict, Mapping, Tuple

import regex

from core.clock import LOCAL
from core.errors import SettingsError
from knowledge.moments import date_words
from knowledge.reply import Fact

#: What a reminder tells (actions/appointments/reminders.py).
FACTS = ("permit", "centre", "moment", "reference")

_THING = 20
_RULES: Mapping[str, str] = {
    "thing": rf".{{1,{_THING}}}",
    "number": r"\d{1,32}|(?=.{3,32}$)\d+\.\d+",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[ -~]{1,32}",
    "time": r"(\d{4}\p{Han}\d{1,2}\p{Han}\d{1,2}\p{Han} )?\d{1,2}:\d{2}",
    "date": r"\d{4}\p{Han}\d{1,2}\p{Han}\d{1,2}\p{Han}( \d{1,2}:\d{2})?",
    "amount": r"\p{Sc}?\d{1,10}(\.\d+)?\p{Han}?",
    "phone_number": r"[\d +()-]{1,17}",
    "name": r"\p{Han}{1,10}|[^\p{Han}\d]{1,20}",
    "phrase": r"\p{Han}{1,5}",
}
_FIELD = re.compile(r"([a-z_]+?)\d{1,2}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SETTING = "ONESTOP_WECHAT_REMINDER_TEMPLATE"


class DoesNotFit(ValueError):
    """A fact is missing, or its field does not take it. Names the field, never the value."""


@dataclass(frozen=True)
class Template:
    """A template of the account's.

    Attributes:
        fields: each field's name and the fact that stands in it.
    """

    id: str
    fields: Tuple[Tuple[str, str], ...]

    @classmethod
    def parse(cls, written: str) -> "Template":
        """Reads ``TEMPLATE_ID;thing1=permit;time2=moment``, as the setting has it.

        Raises:
            SettingsError: it is not written so, or names a field or a fact that there is not.
        """
        template_id, *pairs = (part.strip() for part in written.split(";"))
        fields = tuple((name.strip(), fact.strip()) for name, _, fact in _halves(pairs))
        if not _ID.fullmatch(template_id) or not fields:
            raise SettingsError(f"{_SETTING} does not fit: it must be an id and its fields.")
        if len(dict(fields)) < len(fields):
            raise SettingsError(f"{_SETTING} does not fit: a field stands in it twice.")
        for name, fact in fields:
            form = _FIELD.fullmatch(name)
            if not form or form[1] not in _RULES:
                raise SettingsError(f"{_SETTING} does not fit: there is no field “{name}”.")
            if fact not in FACTS:
                known = ", ".join(FACTS)
                raise SettingsError(f"{_SETTING} does not fit: “{name}” must be one of {known}.")
        return cls(template_id, fields)

    def body(self, facts: Mapping[str, Fact]) -> Dict[str, object]:
        """The subscribe message that tells these facts.

        Raises:
            DoesNotFit: it would be refused.
        """
        data = {name: {"value": _value(name, facts.get(fact))} for name, fact in self.fields}
        return {"template_id": self.id, "data": data}


def _halves(pairs: "list[str]") -> "list[tuple[str, str, str]]":
    return [pair.partition("=") for pair in pairs if pair]


def _value(name: str, fact: "Fact | None") -> str:
    """A fact as its field takes it; a thing that is too long is cut and says so."""
    form = name.rstrip("0123456789")
    if isinstance(fact, datetime):
        local = fact.astimezone(LOCAL)
        day = date_words(local.date(), "zh_hans") if form in ("time", "date") else f"{local:%F}"
        words = f"{day} {local:%H:%M}"
    else:
        words = " ".join((fact or "").split())
    if form == "thing" and len(words) > _THING:
        words = words[: _THING - 1] + "…"
    if not regex.fullmatch(_RULES[form], words):
        raise DoesNotFit(name)
    return words

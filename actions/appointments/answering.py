"""In which language an answer to the form is answered.

What people answer are names, numbers and days: 陳大文, “next Wed 3pm”, 下周三. They tell little of
the language in which somebody wishes to be spoken to, and a form that changes its language in the
middle is hard to follow.
"""

import re
from typing import Optional

from rasa_sdk import Tracker

from actions.appointments.draft import PERSONAL
from actions.base import last_reader, last_reply, reader_of
from core.reader import Reader

_HAN = re.compile(r"[\u3400-\u9fff]")
_ANSWERS = ("inform", "affirm", "deny")


def reader_in_form(tracker: Tracker) -> Reader:
    """Who reads a reply of the form.

    Personal answers never change the language. Others do so from English to Chinese, to Cantonese,
    or with the script: who speaks Cantonese writes 取消預約 and “next Wed” as well.
    """
    now, last = reader_of(tracker), last_reader(tracker)
    if last is None or tracker.get_slot("language"):
        return now
    asked = _asked(tracker)
    if asked in PERSONAL:
        return last
    weak = tracker.latest_message.get("language_strength") != "sure"
    if weak and last.script and (now.language == last.language or now.language == "cmn"):
        return last
    if last.language == "yue" and now.language == "cmn" and now.script == last.script:
        return last
    if (
        last.script
        and now.language == "en"
        and _HAN.search(tracker.latest_message.get("text") or "")
    ):
        return last  # 取消預約 K4M-T7P-R2W
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    answers = intent in _ANSWERS or asked == "reference"
    return last if last.script and now.language == "en" and answers else now


def _asked(tracker: Tracker) -> Optional[str]:
    said = last_reply(tracker)
    return said[1].get("asks") if said else None

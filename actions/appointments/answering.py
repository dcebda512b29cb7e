"""In which language an answer to the form is answered.

What people answer are names, numbers and days: 陳大文, “next Wed 3pm”, 下周三. They tell little of
the language in which somebody wishes to be spoken to, and a form that changes its language in the
middle is hard to follow.
"""

import re
from typing import Optional

from actions.appointments.draft import PERSONAL
from core.reader import Reader

_HAN = re.compile(r"[\u3400-\u9fff]")
_ANSWERS = ("inform", "affirm", "deny")


def reader_in_form(
    now: Reader, last: Optional[Reader], asked: Optional[str], intent: str, text: str, sure: bool
) -> Reader:
    """Who reads a reply of the form.

    Personal answers never change the language. Others do so from English to Chinese, to Cantonese,
    or with the script: who speaks Cantonese writes 取消預約 and “next Wed” as well.

    Args:
        now: whom the message alone tells of; ``sure`` says whether it is sure of that.
        last: who read the last reply.
        asked: what that reply asked for.
    """
    if last is None or asked in PERSONAL:
        return last or now
    if last.language == "en" and not _HAN.search(text):
        return last  # “Kwun Tong”, “Wong Siu Ling”: Cantonese names in an English sentence
    if not sure and last.script and (now.language == last.language or now.language == "cmn"):
        return last
    if last.language == "yue" and now.language == "cmn" and now.script == last.script:
        return last
    answers = intent in _ANSWERS or asked == "reference" or _HAN.search(text)
    return last if last.script and now.language == "en" and answers else now

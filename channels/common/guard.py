"""What people send is hostile until checked: nothing of theirs reaches Rasa as a command."""

import json
import re
from typing import Literal, Union

from nlu.text.language import words_in
from nlu.text.normalise import clean

#: Characters of one message; longer ones are refused kindly.
MAX_TEXT = 1000

Unusable = Literal["empty", "no_words", "too_long", "malformed", "over"]

_MARKUP = re.compile(r"<\s*[/!]?\s*[a-z][^>]*>|javascript:", re.IGNORECASE)
# “/restart”, “/book_appointment{…}”: Rasa would take these for intents.
_COMMAND = re.compile(r"^/+\s*[a-z_]+\s*(?:[{@].*)?$", re.IGNORECASE | re.DOTALL)


def admit(text: str) -> "Union[tuple[str, None], tuple[None, Unusable]]":
    """Returns the text to understand, or why there is none.

    The text has no control or zero-width characters, no lone surrogates, and does not begin with
    a slash, full-width ones included.
    """
    if len(text) > MAX_TEXT:
        return None, "too_long"
    cleaned = clean(text)
    if len(cleaned) > MAX_TEXT:  # one character can stand for eighteen
        return None, "too_long"
    if not cleaned:
        return None, "empty" if not text.strip() else "no_words"
    if _COMMAND.match(cleaned) or _MARKUP.search(cleaned):
        return None, "malformed"
    cleaned = cleaned.lstrip("/ ")
    if not words_in(cleaned):
        return None, "no_words"
    return cleaned, None


def unusable(reason: Unusable) -> str:
    """The internal message that makes the assistant say why it could not use the input."""
    return "/unusable_input" + json.dumps({"reason": reason, "limit": MAX_TEXT})

"""The choices that were offered: answered by number, by word or by tap.

Numbers and words choose among the last ones. A payload, which is what a tap sends, is honoured only
when it was offered to this very person; buttons of earlier replies stay good.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

import redis.asyncio

from actions.appointments.draft import PERSONAL
from nlu.text.normalise import clean, normalise
from nlu.text.ordinals import may_be_a_day, ordinal

_LIFETIME_S = 24 * 3600
#: Payloads of earlier replies that are still honoured.
_EARLIER = 80
#: Longer texts are questions, not choices.
_LONGEST = 120
#: Always possible, whatever was offered, unless it is the number of a choice.
SHORTCUTS = {"0": "/talk_to_human", "9": "/repeat_last", "#": "/ask_capabilities"}

#: Questions to which a number is an answer of its own: “30” may be a day, “9” an hour.
_OPEN = PERSONAL | {"date", "time", "reference"}
_PERSON = "0"

Button = Mapping[str, Any]


@dataclass(frozen=True)
class Offered:
    """What was offered to one sender: the last reply's buttons, and the payloads of all.

    ``asks`` is the slot that the last reply asked for, if it asked for one.
    """

    last: Sequence[Button]
    payloads: Sequence[str]
    asks: Optional[str] = None

    def payload_for(self, text: str, choice: Optional[str] = None) -> Optional[str]:
        """The payload that ``text`` chooses, or None when it chooses nothing.

        Args:
            choice: the digest of what was tapped; without such a payload the text counts.
        """
        tapped = [p for p in self.payloads if choice and digest(p) == choice]
        if tapped:
            return tapped[0]
        if len(text) > _LONGEST:
            return None
        if text in self.payloads:
            return text
        return match(text, self.last, whole=self.asks in _OPEN)


class Choices:
    """Remembers what was offered to each sender."""

    def __init__(self, client: "redis.asyncio.Redis[str]") -> None:
        self._client = client

    async def offered(self, sender: str) -> Offered:
        written = await self._client.get(choices_key(sender))
        kept = json.loads(written) if written else {"last": [], "earlier": []}
        return Offered(kept["last"], kept["earlier"], kept.get("asks"))

    async def remember(
        self,
        sender: str,
        buttons: Sequence[Button],
        before: Optional[Offered] = None,
        asks: Optional[str] = None,
    ) -> None:
        """Keeps the buttons of a reply; one without buttons that asks nothing changes nothing.

        Args:
            before: what was offered before, when the caller has just read it.
            asks: the slot that the reply asks for.
        """
        before = before or await self.offered(sender)
        if buttons or asks or before.asks:
            payloads = [str(button["payload"]) for button in buttons]
            earlier = [p for p in before.payloads if p not in payloads][-_EARLIER:] + payloads
            kept = {"last": [dict(button) for button in buttons], "earlier": earlier, "asks": asks}
            written = json.dumps(kept, ensure_ascii=False)
            await self._client.set(choices_key(sender), written, ex=_LIFETIME_S)

    async def payload_for(self, sender: str, text: str) -> Optional[str]:
        """The payload that ``text`` chooses, or None when it chooses nothing."""
        return (await self.offered(sender)).payload_for(text)

    async def forget(self, sender: str) -> None:
        await self._client.delete(choices_key(sender))


def digest(payload: str) -> str:
    """A payload's name where a platform has no room for the payload: 20 hexadecimal digits."""
    return hashlib.sha256(payload.encode()).hexdigest()[:20]


def choices_key(sender: str) -> str:
    """The Redis key under which a sender's choices stand."""
    return f"choices:{sender}"


def match(text: str, buttons: Sequence[Button], whole: bool = False) -> Optional[str]:
    """The payload of the button that ``text`` names, by payload, number or title.

    Args:
        whole: only a whole title will do, and no number that is an answer itself: to a question
            for a time, “2點” is not “下晝2點半”, and “3號” not the third choice.
    """
    for button in buttons:
        if text == button["payload"]:
            return str(button["payload"])
    said = clean(text).lower()
    number = ordinal(said)
    if number and number <= len(buttons) and not (whole and may_be_a_day(said)):
        return str(buttons[number - 1]["payload"])
    if whole and said == _PERSON:
        return SHORTCUTS[said]
    if not whole:
        if said in SHORTCUTS:
            return SHORTCUTS[said]
        if number and buttons and said.isdigit():
            return no_such_choice(len(buttons))
    said = normalise(text)
    titles = [normalise(str(button["title"])) for button in buttons]
    exact = [i for i, title in enumerate(titles) if title == said]
    part = [i for i, t in enumerate(titles) if len(said) >= 2 and said in t and not whole]
    for found in (exact, part):
        if len(found) == 1 and (found is exact or len(said) * 4 >= len(titles[found[0]])):
            return str(buttons[found[0]]["payload"])
    return None


def looks_tapped(text: str) -> bool:
    """Whether a text is what a button of ours sends, or sent once."""
    return bool(_TAPPED.fullmatch(text))


_TAPPED = re.compile(
    r"/(?:(?:answer|choose|book_appointment)\{[^{}]{1,500}\}|(?:book|reschedule|cancel)_appointment"
    r"|stop|talk_to_human|repeat_last|ask_capabilities|change_language(?:\{[^{}]{1,100}\})?)"
)


def no_such_choice(count: int) -> str:
    """The internal message that makes the assistant say which numbers there are."""
    return "/unusable_input" + json.dumps({"reason": "no_such_choice", "limit": count})

"""The choices that were offered last: answered by number, by word or by tap.

A payload is honoured only when it was offered to this very person in the last reply.
"""

import json
import re
from typing import Any, Mapping, Optional, Sequence

import redis.asyncio

from nlu.text.normalise import clean, normalise

_LIFETIME_S = 3600
#: Always possible, whatever was offered, unless it is the number of a choice.
SHORTCUTS = {"0": "/talk_to_human", "9": "/repeat_last", "#": "/ask_capabilities"}

_ORDINALS = {
    word: number
    for number, words in enumerate(
        ("1 一 壹 first one", "2 二 两 second two", "3 三 third three", "4 四 fourth four"), 1
    )
    for word in words.split()
}
_NUMBER = re.compile(
    r"^(?:选|选择|拣|我要|我拣|我选|我想要|要|option|number|no|choice|the)?[\s.:#]*第?\s*"
    r"(\d|一|壹|二|两|三|四|first|second|third|fourth|one|two|three|four)"
    r"[\s.)、。]*(?:个|项|样|种|一个|号|one|option|choice|please|吧|please)?[\s.。!]*$"
)

Button = Mapping[str, Any]


class Choices:
    """Remembers what was offered to each sender."""

    def __init__(self, client: "redis.asyncio.Redis[str]") -> None:
        self._client = client

    async def remember(self, sender: str, buttons: Sequence[Button]) -> None:
        """Keeps the buttons of a reply; a reply without buttons leaves the last ones standing."""
        if buttons:
            kept = json.dumps([dict(button) for button in buttons], ensure_ascii=False)
            await self._client.set(f"choices:{sender}", kept, ex=_LIFETIME_S)

    async def forget(self, sender: str) -> None:
        await self._client.delete(f"choices:{sender}")

    async def payload_for(self, sender: str, text: str) -> Optional[str]:
        """The payload that ``text`` chooses, or None when it chooses nothing."""
        kept = await self._client.get(f"choices:{sender}")
        return match(text, json.loads(kept) if kept else [])


def match(text: str, buttons: Sequence[Button]) -> Optional[str]:
    """The payload of the button that ``text`` names, by payload, number or title."""
    for button in buttons:
        if text == button["payload"]:
            return str(button["payload"])
    said = clean(text).lower()
    index = _index(said)
    if index is not None and index < len(buttons):
        return str(buttons[index]["payload"])
    if said in SHORTCUTS:
        return SHORTCUTS[said]
    said = normalise(text)
    titles = [normalise(str(button["title"])) for button in buttons]
    exact = [i for i, title in enumerate(titles) if title == said]
    part = [i for i, title in enumerate(titles) if len(said) >= 2 and said in title]
    for found in (exact, part):
        if len(found) == 1 and (found is exact or len(said) * 4 >= len(titles[found[0]])):
            return str(buttons[found[0]]["payload"])
    return None


def _index(said: str) -> Optional[int]:
    """The place that a number or an ordinal names, from 0."""
    found = _NUMBER.match(normalise(said))
    if not found:
        return None
    word = found.group(1)
    number = int(word) if word.isdigit() else _ORDINALS.get(word, 0)
    return number - 1 if number >= 1 else None

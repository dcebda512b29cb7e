"""Messages that the assistant sends to the page by itself, such as a reminder.

An open page shows them at once, and one that is opened within a week shows them then: whoever is
to be reminded of next week's appointment has not been here since it was booked.
"""

from typing import Any

import redis.asyncio

from channels.common.choices import Choices, choices_key
from channels.web.history import ended_key, put_sent
from core.clock import Clock
from core.vault import Vault
from knowledge.model import Variant
from knowledge.reply import Reply

#: How long a key is known: longer than any message is tried again.
_KNOWN_S = 14 * 24 * 3600


class WebDelivery:
    """Writes into the web history (see ``channels.common.delivery.Delivery``)."""

    def __init__(self, client: "redis.asyncio.Redis[str]", vault: Vault, clock: Clock) -> None:
        self._client = client
        self._vault = vault
        self._clock = clock

    async def deliver(self, sender: str, reply: Reply, variant: Variant, key: str) -> bool:
        """Delivers to a session that has not been ended.

        The key, the message and the choices that it offers are written in one transaction, which
        is begun again when the session ends or the choices change meanwhile.
        """
        known, ended = f"web:delivered:{key}", ended_key(sender)
        data = reply.as_dict()

        async def write(pipe: Any) -> bool:
            if await pipe.exists(known):
                return True
            if await pipe.exists(ended):
                return False
            offered = await Choices(pipe).offered(sender)
            pipe.multi()
            pipe.set(known, "1", ex=_KNOWN_S)
            # A question that was open still is: its answer may be personal.
            put_sent(pipe, self._vault, sender, data, variant, self._clock(), offered.asks)
            if data["buttons"]:
                await Choices(pipe).remember(sender, data["buttons"], offered, offered.asks)
            return True

        watched = (known, ended, choices_key(sender))
        return await self._client.transaction(write, *watched, value_from_callable=True)

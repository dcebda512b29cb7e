"""Messages that nobody asked for, such as reminders: a port, and which channel stands behind it."""

import logging
from typing import Mapping, Protocol

from knowledge.model import Variant
from knowledge.reply import Reply

logger = logging.getLogger(__name__)


class Delivery(Protocol):
    """One channel's way to a person who has not just written."""

    async def deliver(self, sender: str, reply: Reply, variant: Variant, key: str) -> bool:
        """Hands a reply over, exactly once for a key: a repeat, after a crash too, does nothing.

        Args:
            sender: to whom, in the channel's own pseudonym.
            variant: how the reply is written.
            key: names this message among all that are ever delivered.

        Returns:
            Whether it has been handed over, by this call or an earlier one; False when this
            person cannot be reached any more.

        Raises:
            Exception: the channel failed; the same call may be made again.
        """


class Deliveries:
    """The channels' deliveries by the channel's name."""

    def __init__(self, channels: Mapping[str, Delivery]) -> None:
        self._channels = channels

    async def deliver(
        self, channel: str, sender: str, reply: Reply, variant: Variant, key: str
    ) -> bool:
        """As ``Delivery.deliver``; nobody is reached on a channel that only answers, or is off."""
        found = self._channels.get(channel)
        if found is None:
            logger.warning("nothing can be delivered on the channel %s", channel)
            return False
        return await found.deliver(sender, reply, variant, key)

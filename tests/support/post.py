"""Messages for the tests of what every channel shares, and what is done to their boxes."""

from datetime import datetime, timezone

from channels.common.courier import SENT
from channels.common.envelope import Incoming, Outgoing

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc)
ADDRESS = "oPenIdOfSomebody"
TEXT = "羅湖幾點閂門"


def incoming(key="m1", sender="test-a", text=TEXT, event="message", account="app"):
    return Incoming("test", account, sender, ADDRESS, key, text, None, event, AT)


def outgoing(key="o1", sender="test-a", text=TEXT, kind="text", critical=False, waits=True):
    return Outgoing("test", "app", sender, ADDRESS, kind, {"text": text}, critical, key, waits)


async def end_leases(client, name):
    """Lets as much time go by as it takes for every holder to be taken for dead."""
    for box in await client.zrange(f"{name}:leases", 0, -1):
        await client.zadd(f"{name}:leases", {box: 1}, xx=True)


async def check_books(client, name):
    """What is counted and listed about boxes is what stands in them."""
    keys = [key async for key in client.scan_iter(f"{name}:box:*")]
    boxes = {key.split(":box:")[1] for key in keys}
    parked = set(await client.zrange(f"{name}:parked", 0, -1))
    leases = set(await client.zrange(f"{name}:leases", 0, -1))
    assert boxes == leases | parked
    assert not leases & parked
    assert set(await client.hkeys(f"{name}:holders")) <= leases
    size = sum([await client.llen(key) for key in keys])
    assert size == int(await client.get(f"{name}:size") or 0)


class ScriptedSender:
    """A platform that answers each message as it is told, and remembers all that it got."""

    def __init__(self, *verdicts):
        self.verdicts = list(verdicts)
        self.sent = []

    async def send(self, message):
        self.sent.append(message.key)
        verdict = self.verdicts.pop(0) if self.verdicts else SENT
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

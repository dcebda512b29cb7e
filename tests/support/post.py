"""Messages for the tests of what every channel shares."""

from datetime import datetime, timezone

from channels.common.envelope import Incoming, Outgoing

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc)
ADDRESS = "oPenIdOfSomebody"
TEXT = "羅湖幾點閂門"


def incoming(key="m1", sender="test-a", text=TEXT, event="message", account="app"):
    return Incoming("test", account, sender, ADDRESS, key, text, None, event, AT)


def outgoing(key="o1", sender="test-a", text=TEXT, kind="text", critical=False):
    return Outgoing("test", "app", sender, ADDRESS, kind, {"text": text}, critical, key)

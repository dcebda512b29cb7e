"""Audit events: one line and one count each, with words of ours alone."""

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from actions.identity import audit
from actions.identity.errors import BrokerUnavailable
from actions.identity.journey import Refused
from tests.support.identity import Identity


def count(**labels):
    return REGISTRY.get_sample_value("onestop_identity_events_total", labels) or 0


def test_an_event_is_a_line_and_a_count():
    labels = {"event": "linked", "reason": "", "channel": "web"}
    before = count(**labels)
    with capture_logs() as lines:
        audit.record("linked", "web", task="view_appointment")
    assert count(**labels) == before + 1
    assert lines == [
        {"event": "identity", "what": "linked", "channel": "web", "reason": "",
         "task": "view_appointment", "log_level": "warning"}
    ]  # fmt: skip


async def test_a_refusal_says_why_on_which_channel_and_not_who(redis):
    identity = Identity(redis)
    token = await identity.token(sender="web-secret-sender")
    hand_off = await identity.links.page(token)
    with capture_logs() as lines:
        error = audit.refused("other_person", hand_off)
        failed = audit.broker_failed(BrokerUnavailable("timeout", "x"), hand_off)
    assert isinstance(error, Refused)
    assert (error.reason, error.reader, failed.reason) == ("other_person", "en", "unavailable")
    assert [line["reason"] for line in lines] == ["other_person", "unavailable"]
    assert lines[1]["detail"] == "timeout"
    assert "web-secret-sender" not in str(lines)
    assert token not in str(lines)

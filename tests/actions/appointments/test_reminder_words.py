"""Reminders in the words of the real knowledge: whole, in every language and script."""

from datetime import timedelta

import pytest

from actions.appointments.reminder_store import Reminder
from actions.appointments.reminders import worded
from core.script import cantonese_in_simplified
from tests.support.reminding import STARTS


@pytest.mark.parametrize("kind", ["day", "hours"])
@pytest.mark.parametrize("reader", ["yue-Hant", "yue-Hans", "cmn-Hant", "cmn-Hans", "en"])
def test_of_every_permit_at_every_centre(content, kind, reader):
    said = set()
    for centre in content.centres.values():
        for permit in centre.permits:
            reply, variant = worded(content, Reminder(
                "id", "K4M-T7P-R2W", kind, permit, centre.id, STARTS, "web-1", "web", reader,
                STARTS - timedelta(hours=2), STARTS,
            ))  # fmt: skip
            name = centre.name.get(variant)
            assert (cantonese_in_simplified(name) if reader == "yue-Hans" else name) in reply.lead
            assert "K4M-T7P-R2W" in reply.lead
            assert not set("{}") & set(reply.text)
            said.add(reply.lead)
    assert len(said) >= 30

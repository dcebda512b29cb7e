from datetime import datetime, timezone

import pytest

from actions.identity.status_demo import DemoApplicationStatus
from core.errors import SettingsError
from core.settings import Environment


async def test_the_demo_has_some_and_says_that_it_is_one(content):
    status = DemoApplicationStatus(
        Environment.DEMO, lambda: datetime(2026, 5, 4, 3, 0, tzinfo=timezone.utc)
    )
    found = await status.of("token")
    assert status.demo
    assert [one.since.isoformat() for one in found] == ["2026-05-02", "2026-04-25"]
    assert all(one.entry in content.entries and one.reference.startswith("DEMO") for one in found)


def test_production_refuses_it():
    with pytest.raises(SettingsError):
        DemoApplicationStatus(Environment.PRODUCTION, lambda: datetime.now(timezone.utc))

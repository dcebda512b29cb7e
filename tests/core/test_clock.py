from datetime import datetime, timedelta, timezone

from core.clock import system_clock


def test_the_time_is_now_and_in_utc():
    before = datetime.now(timezone.utc)
    now = system_clock()
    assert before <= now <= datetime.now(timezone.utc)
    assert now.utcoffset() == timedelta(0)

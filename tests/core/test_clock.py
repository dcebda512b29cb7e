from datetime import date, datetime, timedelta, timezone

from core.clock import system_clock, today


def test_the_time_is_now_and_in_utc():
    before = datetime.now(timezone.utc)
    now = system_clock()
    assert before <= now <= datetime.now(timezone.utc)
    assert now.utcoffset() == timedelta(0)


def test_today_is_the_day_in_hong_kong():
    def at(hour):
        return today(lambda: datetime(2026, 11, 22, hour, tzinfo=timezone.utc))

    assert at(15) == date(2026, 11, 22)
    assert at(16) == date(2026, 11, 23)

"""Who a sender is for a task: the session's level and age against what staff ask for."""

from datetime import datetime, timedelta, timezone

import pytest

from actions.identity.access import Access
from actions.identity.model import Level, Need, Profile, SignedIn

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=timezone.utc)


class Sessions:
    def __init__(self, session):
        self.session = session

    async def signed_in(self, sender):
        return self.session if sender == "web-a" else None

    async def profile(self, sender):
        return Profile(name="CHAN TAI MAN") if sender == "web-a" else None


def session(level=Level.LOGIN, minutes_ago=1, ends_in=29):
    ago, ends = timedelta(minutes=minutes_ago), timedelta(minutes=ends_in)
    return SignedIn("r", "person-1", level, NOW - ago, NOW + ends)


def access(of, need=Need(Level.LOGIN)):  # noqa: B008
    return Access(Sessions(of), lambda _task: need, lambda: NOW)


@pytest.mark.parametrize(
    "of, need, person, lack",
    [
        (session(), Need(Level.LOGIN), "person-1", None),
        (session(), Need(Level.ANONYMOUS), "person-1", None),
        (None, Need(Level.LOGIN), None, "sign_in"),
        (None, Need(Level.ANONYMOUS), None, "sign_in"),  # nobody is nobody, whatever is needed
        (session(), Need(Level.REAUTHENTICATED), None, "again"),
        (session(Level.SIGNING, 6), Need(Level.REAUTHENTICATED), None, "again"),
        (session(Level.SIGNING, 4), Need(Level.REAUTHENTICATED), "person-1", None),
        (session(minutes_ago=16), Need(Level.LOGIN, timedelta(minutes=15)), None, "again"),
        (session(minutes_ago=15), Need(Level.LOGIN, timedelta(minutes=15)), "person-1", None),
        (session(ends_in=0), Need(Level.LOGIN), None, "again"),
    ],
)
async def test_a_session_does_or_does_not(of, need, person, lack):
    who = access(of, need)
    assert await who.person_for("web-a", "view_appointment") == person
    assert await who.lack("web-a", "view_appointment") == lack
    profile = await who.profile_of("web-a")
    assert bool(profile) == bool(person)


async def test_another_sender_is_another():
    assert await access(session()).person_for("web-b", "view_appointment") is None


async def test_where_nobody_can_sign_in_nothing_is_lacking():
    nobody = Access(None, lambda _task: Need(Level.LOGIN), lambda: NOW)
    assert await nobody.person_for("web-a", "x") is None
    assert await nobody.lack("web-a", "x") is None
    assert await nobody.profile_of("web-a") is None


async def test_the_task_decides_what_is_needed():
    needs = {"cancel_appointment": Need(Level.REAUTHENTICATED)}
    who = Access(Sessions(session()), lambda task: needs.get(task, Need(Level.LOGIN)), lambda: NOW)
    assert await who.person_for("web-a", "view_appointment") == "person-1"
    assert await who.lack("web-a", "cancel_appointment") == "again"

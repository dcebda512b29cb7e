from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from actions.identity.model import HandOff, Level, Login, Need, Profile, SignedIn, Tokens

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=timezone.utc)
SESSION = SignedIn("r", "p", Level.LOGIN, NOW - timedelta(minutes=4), NOW + timedelta(minutes=9))


@pytest.mark.parametrize("level", Level)
def test_each_level_has_a_name_at_the_broker(level):
    assert level.acr == f"urn:gba:acr:{int(level)}"
    assert Level.of_acr(level.acr) is level


@pytest.mark.parametrize("acr", ["", "2", "urn:gba:acr:5", "urn:gba:acr:02", "URN:GBA:ACR:2"])
def test_what_is_no_level_of_ours_is_refused(acr):
    with pytest.raises(ValueError, match="not an acr"):
        Level.of_acr(acr)


@pytest.mark.parametrize(
    "need, does",
    [
        (Need(Level.ANONYMOUS), True),
        (Need(Level.LOGIN), True),
        (Need(Level.REAUTHENTICATED), False),
        (Need(Level.LOGIN, timedelta(minutes=4)), True),
        (Need(Level.LOGIN, timedelta(minutes=3, seconds=59)), False),
    ],
)
def test_a_session_does_when_its_level_and_its_age_do(need, does):
    assert SESSION.satisfies(need, NOW) is does


def test_a_session_that_is_over_does_for_nothing():
    assert not SESSION.satisfies(Need(Level.ANONYMOUS), SESSION.expires_at)


def test_a_proof_anew_is_no_older_than_five_minutes():
    anew = replace(SESSION, level=Level.REAUTHENTICATED, auth_time=NOW - timedelta(minutes=5))
    assert anew.satisfies(Need(Level.REAUTHENTICATED), NOW)
    assert not anew.satisfies(Need(Level.REAUTHENTICATED), NOW + timedelta(seconds=1))
    assert anew.satisfies(Need(Level.LOGIN), NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    "asked, age", [(None, 5), (timedelta(hours=1), 5), (timedelta(minutes=1), 1)]
)
@pytest.mark.parametrize("level", [Level.REAUTHENTICATED, Level.SIGNING])
def test_high_levels_always_have_an_age(level, asked, age):
    assert Need(level, asked).max_age == timedelta(minutes=age)


def test_what_is_personal_or_secret_is_not_shown():
    things = [
        Tokens("secret", "secret", "secret", NOW),
        Login("https://b", "secret", "secret", Level.LOGIN, NOW),
        Profile("secret", "secret", "secret", "secret", "secret"),
        HandOff("secret", "web", "", "view_appointment", Need(Level.LOGIN), "en", NOW, "secret"),
    ]
    assert "secret" not in repr(things)

"""Session cookies: signed, anonymous, not to be continued by others."""

from string import ascii_letters, digits

from itsdangerous import TimestampSigner

from channels.web.session import LIFETIME_S, Sessions


def test_the_same_cookie_is_the_same_sender():
    sessions = Sessions("key")
    cookie = sessions.issue()
    assert sessions.sender(cookie) == sessions.sender(cookie)
    assert sessions.sender(sessions.renew(cookie)) == sessions.sender(cookie)


def test_every_session_is_another_sender():
    sessions = Sessions("key")
    assert len({sessions.sender(sessions.issue()) for _ in range(100)}) == 100


def test_a_changed_cookie_is_nobody():
    sessions = Sessions("key")
    cookie = sessions.issue()
    for place in range(len(cookie)):
        for other in {*ascii_letters, *digits, "-", "_", "=", "."} - {cookie[place]}:
            assert sessions.sender(cookie[:place] + other + cookie[place + 1 :]) is None
            assert sessions.sender(cookie + other) is None


def test_a_cookie_of_another_key_is_nobody():
    assert Sessions("one").sender(Sessions("other").issue()) is None


def test_nothing_is_nobody():
    for cookie in (None, "", ".", "a.b.c", "\x00", "é"):
        assert Sessions("key").sender(cookie) is None


def test_an_old_cookie_is_nobody(monkeypatch):
    sessions = Sessions("key")
    cookie = sessions.issue()
    now = TimestampSigner("x").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + LIFETIME_S + 10)
    assert sessions.sender(cookie) is None


def test_a_cookie_outlives_the_days_until_an_appointment(monkeypatch):
    sessions = Sessions("key")
    cookie = sessions.issue()
    later = TimestampSigner("x").get_timestamp() + 29 * 24 * 3600
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: later)
    assert sessions.sender(cookie) is not None


def test_the_sender_does_not_tell_the_session():
    sessions = Sessions("key")
    cookie = sessions.issue()
    assert cookie.split(".")[0] not in sessions.sender(cookie)

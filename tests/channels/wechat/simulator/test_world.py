"""What the played platform allows for, by its own count."""

from datetime import datetime, timedelta, timezone

import pytest

from channels.wechat.simulator.world import World

A = "oPERSON"


class Time:
    def __init__(self):
        self.now = datetime(2026, 11, 22, tzinfo=timezone.utc)

    def __call__(self):
        return self.now

    def pass_(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def time():
    return Time()


def world(time, kind="service_account"):
    made = World("wx1", "secret", kind, time)
    made.heard(A, "other")
    return made


def sends(one, count):
    """What becomes of so many messages."""
    codes = []
    for _ in range(count):
        codes.append(one.may_send(A))
        if not codes[-1]:
            one.send(A, "text", {"content": "x"})
    return codes


@pytest.mark.parametrize(
    "kind, event, count, span",
    [
        ("service_account", "message", 5, timedelta(hours=48)),
        ("service_account", "menu", 3, timedelta(minutes=1)),
        ("service_account", "follow", 3, timedelta(minutes=1)),
        ("service_account", "scan", 3, timedelta(minutes=1)),
        ("miniprogram", "message", 5, timedelta(hours=48)),
        ("miniprogram", "enter", 2, timedelta(minutes=1)),
    ],
)
def test_what_an_event_is_good_for(time, kind, event, count, span):
    one = world(time, kind)
    assert sends(one, 1) == [45015]
    one.heard(A, event)
    assert sends(one, count + 1) == [0] * count + [45047]
    one.heard(A, event)
    time.pass_(seconds=span.total_seconds() - 1)
    assert sends(one, 1) == [0]
    time.pass_(seconds=1)
    assert sends(one, 1) == [45015]


def test_what_ends_first_is_spent_first(time):
    one = world(time)
    one.heard(A)
    one.heard(A, "menu")
    assert sends(one, 3) == [0] * 3
    time.pass_(minutes=2)
    assert sends(one, 6) == [0] * 5 + [45047]


def test_who_left_is_not_reached(time):
    one = world(time)
    one.heard(A)
    one.left(A)
    assert sends(one, 1) == [45015]


def test_the_stable_token_is_the_same_until_five_minutes_before_its_end(time):
    one = world(time)
    first, seconds = one.stable_token()
    assert seconds == 7200
    time.pass_(seconds=6899)
    assert one.stable_token() == (first, 301)
    time.pass_(seconds=1)
    second, seconds = one.stable_token()
    assert second != first and seconds == 7200
    assert one.token_fault(first) == one.token_fault(second) == 0
    time.pass_(seconds=300)
    assert (one.token_fault(first), one.token_fault(second)) == (42001, 0)
    assert (one.token_fault(""), one.token_fault("x")) == (41001, 40001)


def test_a_forced_token_ends_the_one_before_and_no_other(time):
    one = world(time)
    first, _ = one.stable_token()
    own, _ = one.new_token()
    second, _ = one.stable_token(force=True)
    assert second != first
    assert (one.token_fault(first), one.token_fault(own)) == (40001, 0)


def test_typing_needs_somebody_who_was_here_and_shows_once(time):
    one = world(time)
    assert one.type(A, True) == 0
    assert one.type(A, True) == 45081
    time.pass_(seconds=15)
    assert one.type(A, True) == 0
    assert one.type(A, False) == 0
    assert one.type(A, True) == 0
    one.heard(A)
    one.send(A, "text", {"content": "x"})
    assert one.type(A, True) == 0  # a message has ended the one before
    time.pass_(seconds=31)
    assert one.type(A, True) == 45080


def test_each_agreement_is_good_for_one_message(time):
    one = world(time)
    assert one.notify(A, {"template_id": "T"}) == 43101
    one.accept(A, "T", 2)
    assert [one.notify(A, {"template_id": "T"}) for _ in range(3)] == [0, 0, 43101]


def test_a_file_is_kept_for_three_days(time):
    one = world(time)
    media_id = one.keep("audio/amr", b"x")
    time.pass_(days=2, hours=23)
    assert one.file(media_id).data == b"x"
    time.pass_(hours=1)
    assert one.file(media_id) is None


def test_who_runs_it_is_told_what_reached_people(time):
    told = []
    one = World("wx1", "secret", "service_account", time, told.append)
    one.heard(A)
    one.send(A, "text", {"content": "x"})
    assert told == one.sent and told[0].at == time.now

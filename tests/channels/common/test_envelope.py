"""Messages in JSON and back, and what a log may show of them."""

from datetime import datetime, timedelta, timezone

from channels.common.envelope import Incoming, Outgoing, lines_of, sender_of
from tests.support.post import ADDRESS, TEXT, incoming, outgoing


def test_a_message_is_read_as_it_was_written():
    for text in (TEXT, "", 'a "b"\n\u2028 😀', "\ud800"):
        message = incoming(text=text)
        assert Incoming.from_json(message.to_json()) == message
        reply = outgoing(text=text, critical=True)
        assert Outgoing.from_json(reply.to_json()) == reply


def test_the_moment_keeps_its_zone():
    local = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    message = Incoming("test", "app", "s", "a", "k", "t", "c" * 20, "menu", local)
    read = Incoming.from_json(message.to_json())
    assert read == message
    assert read.at.utcoffset() == timedelta(hours=8)


def test_what_is_shown_in_a_log_names_nobody():
    for message in (incoming(key=f"{ADDRESS}1"), outgoing(key=f"{ADDRESS}2")):
        assert ADDRESS not in repr(message)
        assert TEXT not in repr(message)
        assert "test-a" in repr(message)


def test_what_needs_no_message_before_it_has_a_line_of_its_own():
    assert outgoing(kind="text").line == outgoing(kind="voice").line == "test-a"
    assert outgoing(kind="subscribe").line != "test-a"
    assert {outgoing(kind=kind).line for kind in ("text", "subscribe")} == set(lines_of("test-a"))
    assert {sender_of(line) for line in lines_of("test-a")} == {"test-a"}

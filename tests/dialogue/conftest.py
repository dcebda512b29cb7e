"""Talks about appointments happen on a Monday morning in November."""

from datetime import datetime

import pytest

from core.clock import LOCAL
from tests.dialogue.talk import Talk

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)


@pytest.fixture
def monday(clock_of_assistant):
    """The clock, set; it goes on by itself again after the test."""
    clock_of_assistant.set(MONDAY)
    yield clock_of_assistant
    clock_of_assistant.set(None)


@pytest.fixture
def talk(assistant, monday, request):
    """Begins a talk; the name tells several people of one test apart."""

    def begin(who="somebody", /, **values):
        return Talk(assistant, f"{request.node.nodeid[-90:]} {who}", **values)

    return begin

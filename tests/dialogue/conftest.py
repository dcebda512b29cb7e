"""Talks about appointments happen on a Monday morning in November."""

from datetime import datetime
from uuid import uuid4

import pytest

from core.clock import LOCAL
from core.database import METADATA
from tests.dialogue.talk import Talk

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)


@pytest.fixture
def monday(clock_of_assistant):
    """The clock, set; it goes on by itself again after the test."""
    clock_of_assistant.set(MONDAY)
    yield clock_of_assistant
    clock_of_assistant.set(None)


@pytest.fixture
def talk(assistant, monday):
    """Begins talks of different people with an empty calendar."""
    with assistant.database.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    return lambda **values: Talk(assistant, f"talk-{uuid4()}", **values)

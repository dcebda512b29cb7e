"""A database with nothing in it for each file of tests, and the stage on which scripts are played."""

import pytest

from core.database import METADATA
from tests.dialogue.appointments.script import Stage


@pytest.fixture(scope="module", autouse=True)
def emptied(request):
    """Empties the assistant's tables, where a file of tests has an assistant."""
    if "model" not in {
        mark.name for item in request.node.listchain() for mark in item.iter_markers()
    }:
        return
    assistant = request.getfixturevalue("assistant")
    with assistant.database.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def stage(assistant, monday):
    """The assistant on a Monday morning in November."""
    return Stage(assistant, monday)

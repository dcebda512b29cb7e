import pytest

from tests.support.identity import Identity


@pytest.fixture
def identity(redis):
    """The service on a real Redis, with a broker and sessions in memory."""
    return Identity(redis)

"""The demo broker, and Authlib's client that signs in at it."""

import pytest

from core.clock import system_clock
from tests.support.demo_broker import DemoBrokerServer
from tests.support.relying_party import RelyingParty


@pytest.fixture(scope="package")
def broker(redis_url, tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("demo-broker")
    with DemoBrokerServer(redis_url, folder, lambda: content, system_clock) as running:
        yield running


@pytest.fixture
def party(broker):
    broker.logout_tokens.clear()
    broker.logout_status = 200
    with RelyingParty(broker) as party:
        yield party

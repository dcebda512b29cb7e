"""A broker that lies on demand, and our client of it, with a clock that the tests turn."""

from datetime import datetime, timezone

import pytest
import pytest_asyncio

from actions.identity.broker import Broker
from actions.identity.broker_client import Limits
from actions.identity.model import Level, Need
from actions.identity.registration import Registration
from core.breaker import Breaker
from core.vault import Vault, make_keys
from tests.support.clock import SettableClock
from tests.support.lying_broker import CLIENT_ID, CLIENT_SECRET, NONCE, LyingBroker

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=timezone.utc)
QUICK = Limits(connect_s=0.5, total_s=0.5, retry_after_s=0.01, body_bytes=20_000)


@pytest.fixture
def clock():
    clock = SettableClock()
    clock.set(NOW)
    return clock


@pytest.fixture(scope="session")
def vault():
    return Vault(make_keys(), "f" * 43)


@pytest_asyncio.fixture
async def lying(clock):
    async with LyingBroker(clock) as lying:
        yield lying


@pytest_asyncio.fixture
async def broker(lying, redis, clock):
    us = Registration(lying.url, CLIENT_ID, CLIENT_SECRET)
    made = Broker(us, redis, clock, QUICK, Breaker(failures=4))
    yield made
    await made.close()


@pytest.fixture
def exchange(broker, lying):
    """``exchange(…)`` ends a login as it should be; what is given is other than it should be."""

    async def exchange(**other):
        usual = {
            "code": "code-1", "verifier": "v" * 43, "redirect_uri": "https://us/cb",
            "nonce": NONCE, "need": Need(Level.LOGIN), "iss": lying.url,
        }  # fmt: skip
        return await broker.exchange(**{**usual, **other})

    return exchange

"""How signing in is put together: which broker, and when there is none."""

import pytest

from actions.identity.levels import Levels
from actions.identity.status_demo import DemoApplicationStatus
from actions.identity.status_http import HttpApplicationStatus
from bot.sign_in import open_sign_in
from core.clock import system_clock
from core.errors import SettingsError
from core.settings import Environment, Settings
from tests.support.signed_in import login
from tests.support.vaults import VAULT

OWN = {
    "broker_issuer": "https://login.example/realms/gba", "broker_client_id": "us",
    "broker_client_secret": "s" * 32,
}  # fmt: skip
STATUS = {"application_status_url": "https://d.example", "application_status_token": "t"}


@pytest.fixture
def make(redis, redis_url, content, tmp_path):
    def build(env, **options):
        settings = Settings(env=env, data_dir=tmp_path, **options)
        levels = Levels(lambda: content)
        return open_sign_in(
            settings, redis, redis_url, VAULT, levels, lambda: content, system_clock
        )

    return build


async def test_a_demo_has_its_own_broker_and_applications(make):
    made = make(Environment.DEMO)
    assert made.demo and isinstance(made.status, DemoApplicationStatus)
    await made.close()


@pytest.mark.parametrize("env", Environment)
async def test_the_operators_broker_takes_its_place(make, env):
    made = make(env, **OWN)
    assert made.demo is None
    await made.close()


async def test_in_production_without_a_broker_nobody_can_sign_in(make):
    assert make(Environment.PRODUCTION) is None


async def test_in_a_demo_under_an_address_without_tls_nobody_can_either(make):
    assert make(Environment.DEMO, public_url="http://192.0.2.7:8080") is None


async def test_production_has_no_invented_applications(make):
    made = make(Environment.PRODUCTION, **OWN)
    assert made.status is None
    await made.close()
    made = make(Environment.PRODUCTION, **OWN, **STATUS)
    assert isinstance(made.status, HttpApplicationStatus)
    await made.close()


async def test_a_broker_that_secrets_must_not_go_to_is_refused(make):
    with pytest.raises(SettingsError):
        make(Environment.DEMO, **{**OWN, "broker_issuer": "http://login.example"})


async def test_who_is_signed_in_is_a_place_to_export_and_delete(make):
    made = make(Environment.DEMO)
    await made.sessions.save("web-a", login(system_clock()))
    (kept,) = await made.place.export("web-a")
    assert kept["level"] == "urn:gba:acr:2"
    assert await made.place.delete("web-a") == 1
    assert await made.place.export("web-a") == []
    await made.close()

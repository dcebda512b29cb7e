"""Where the demo broker may run, and what it leaves behind."""

import logging
from datetime import datetime, timedelta, timezone

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from channels.identity.demo.keys import public_keys
from channels.identity.demo.model import Client
from channels.identity.demo.server import DemoBroker
from core.clock import system_clock
from core.errors import SettingsError
from core.settings import Environment
from tests.support.demo_broker import DemoBrokerServer
from tests.support.relying_party import RelyingParty, told


def test_is_refused_in_production():
    client = Client.of("https://onestop.example")
    with pytest.raises(SettingsError, match="refused in production"):
        DemoBroker(
            Environment.PRODUCTION, "https://onestop.example", client, None, None, None, None
        )


def test_redis_and_the_log_hold_no_secret(party, broker, caplog):
    broker.store._client.flushall()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("tests").info("the log is read")
        location = party.come_back()
        token = party.exchange(location)
        token = party.refresh(token)
        party.out(id_token_hint=token["id_token"])
    client = broker.store._client
    kept = [key + str(client.get(key)) for key in client.keys("*")]
    assert kept
    assert all(client.ttl(key) > 0 for key in client.keys("*"))
    secret = [
        told(location)["code"], party.verifier, token["access_token"], token["refresh_token"],
        token["id_token"], broker.client.secret, broker.logout_tokens[0],
    ]  # fmt: skip
    ours = [
        record for record in caplog.records
        if not record.name.startswith("urllib3")  # the tests' own client
    ]  # fmt: skip
    said = [caplog.handler.format(record) for record in ours]
    assert any("the log is read" in line for line in said)
    for value in secret:
        assert not any(value in line for line in said), value[:6]
        assert not any(value in line for line in kept)
    assert not any("陳大文" in line or "Q000001" in line for line in [*said, *kept])


def test_time_is_the_assistants(redis_url, content, tmp_path):
    then = datetime(2031, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    with DemoBrokerServer(redis_url, tmp_path, lambda: content, lambda: then) as broker:
        party = RelyingParty(broker)
        token = party.sign_in()
        keys = RSAKey.import_key(public_keys(broker.key)["keys"][0])
        claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["auth_time"] == claims["iat"] == int(then.timestamp())
    assert claims["exp"] == int((then + timedelta(minutes=5)).timestamp())
    assert system_clock() < then

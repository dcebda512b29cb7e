"""Codes and tokens of the demo broker: what they are good for, and for whom."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from authlib.integrations.base_client import OAuthError

from tests.support.relying_party import RelyingParty, refused, told

LEVEL_3 = "urn:gba:acr:3"


def test_a_code_works_once_and_its_replay_revokes_what_came_of_it(party):
    location = party.come_back()
    token = party.exchange(location)
    assert party.userinfo().status_code == 200
    refused(lambda: party.exchange(location))
    assert party.userinfo(token["access_token"]).status_code == 401
    refused(lambda: party.refresh(token))


def test_of_many_who_bring_a_code_at_once_one_at_most_wins(party):
    location = party.come_back()

    def bring(_):
        other = RelyingParty(party.broker)
        other.state, other.verifier = party.state, party.verifier
        try:
            return other.exchange(location)
        except OAuthError:
            return None

    with ThreadPoolExecutor(8) as crowd:
        tokens = [token for token in crowd.map(bring, range(8)) if token]
    assert len(tokens) <= 1
    for token in tokens:  # the replays have ended its session
        assert party.userinfo(token["access_token"]).status_code == 401


@pytest.mark.parametrize(
    "options, error",
    [
        ({"code_verifier": "x" * 64}, "invalid_grant"),
        ({"code_verifier": "x"}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1/other"}, "invalid_grant"),
    ],
)
def test_a_code_is_good_for_whoever_asked_for_it_alone(party, options, error):
    location = party.come_back()
    refused(lambda: party.exchange(location, **options), error)
    refused(lambda: party.exchange(location))  # and it is used up


def test_a_code_ends_after_a_minute(party, broker, redis_url):
    party.come_back()
    lives = [
        broker.store._client.ttl(key) for key in broker.store._client.keys("demo-broker:code:*")
    ]
    assert lives
    assert all(0 < life <= 60 for life in lives)


@pytest.mark.parametrize(
    "client_id, secret",
    [("onestop-assistant", "guessed"), ("somebody", None), ("onestop-assistant", "")],
)
def test_only_the_client_gets_tokens(party, broker, client_id, secret):
    code = told(party.come_back())["code"]
    secret = broker.client.secret if secret is None else secret
    data = {
        "grant_type": "authorization_code", "code": code, "code_verifier": party.verifier,
        "redirect_uri": broker.client.redirect_uri,
    }  # fmt: skip
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    ask = party.browser.post
    for given in (
        {"headers": {"Authorization": f"Basic {basic}"}, "data": data},
        {"data": {**data, "client_id": client_id, "client_secret": broker.client.secret}},
        {"data": data},
    ):
        answer = ask(party.metadata["token_endpoint"], timeout=10, **given)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert party.exchange(f"{broker.client.redirect_uri}?code={code}&state={party.state}")


@pytest.mark.parametrize("grant", ["password", "client_credentials", "", "x" * 1000])
def test_no_other_grant_is_given(party, grant):
    answer = party.browser.post(
        party.metadata["token_endpoint"], data={"grant_type": grant}, timeout=10
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_refreshes_and_the_time_of_the_sign_in_stays(party):
    first = party.sign_in(acr_values=LEVEL_3)
    time.sleep(1.1)
    second = party.refresh(first)
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    old, new = (party.claims(token["id_token"]).claims for token in (first, second))
    for name in ("sub", "sid", "auth_time", "acr", "amr", "aud", "iss"):
        assert new[name] == old[name]
    assert new["iat"] > old["iat"]
    assert "nonce" not in new
    assert party.userinfo(second["access_token"]).status_code == 200


def test_a_refresh_token_that_comes_twice_ends_the_session(party):
    first = party.sign_in()
    second = party.refresh(first)
    refused(lambda: party.refresh(first))
    refused(lambda: party.refresh(second))
    assert party.userinfo(second["access_token"]).status_code == 401


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Basic eDp4", "Bearer é"])
def test_userinfo_wants_a_token(party, header):
    headers = {"Authorization": header.encode("latin-1")} if header else {}
    answer = party.browser.get(party.metadata["userinfo_endpoint"], headers=headers, timeout=10)
    assert answer.status_code == 401
    assert "birthdate" not in answer.text


def test_neither_a_code_nor_a_refresh_token_is_an_access_token(party):
    location = party.come_back()
    token = party.exchange(location)
    for other in (told(location)["code"], token["refresh_token"], token["id_token"]):
        assert party.userinfo(other).status_code == 401

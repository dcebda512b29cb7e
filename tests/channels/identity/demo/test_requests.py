"""Requests that do not fit the one client of the demo broker."""

import pytest

from tests.support.relying_party import told


@pytest.mark.parametrize(
    "options, error",
    [
        ({"nonce": None}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": None, "code_challenge": "a" * 43}, "invalid_request"),
        (
            {"code_verifier": None, "code_challenge": "a" * 43, "code_challenge_method": "plain"},
            "invalid_request",
        ),
        (
            {"code_verifier": None, "code_challenge": "a", "code_challenge_method": "S256"},
            "invalid_request",
        ),
        ({"scope": "profile"}, "invalid_scope"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "e30"}, "request_not_supported"),
    ],
)
def test_a_request_that_does_not_fit_goes_back_with_its_error(party, broker, options, error):
    answer = party.open(party.authorize_url(**options))
    back = told(answer.headers["location"])
    assert (back["error"], back["state"], back["iss"]) == (error, party.state, broker.issuer)
    assert "code" not in back


@pytest.mark.parametrize(
    "change",
    [
        lambda url, client: url.replace("callback", "callback2"),
        lambda url, client: url.replace("callback", "callback%2F..%2Fx"),
        lambda url, client: url.replace("127.0.0.1", "localhost", 1).replace(
            "redirect_uri=http%3A%2F%2F127.0.0.1", "redirect_uri=http%3A%2F%2Fevil.example"
        ),
        lambda url, client: url + "&redirect_uri=https%3A%2F%2Fevil.example",
        lambda url, client: url.replace(client.client_id, "somebody"),
        lambda url, client: url.replace("client_id=", "klient_id="),
        lambda url, client: url.split("?")[0],
    ],
)
def test_nobody_is_sent_where_the_client_does_not_live(party, broker, change):
    answer = party.open(change(party.authorize_url(ui_locales="en"), broker.client))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "DEMO" in answer.text
    assert "evil" not in answer.text

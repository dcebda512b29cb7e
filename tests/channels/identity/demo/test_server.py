"""The demo broker as an independent client (Authlib's) and a careless or hostile one find it."""

import base64
import logging
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.oidc.core import CodeIDToken, UserInfo
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc import jwt
from joserfc.jwk import RSAKey

from channels.identity.demo.keys import public_keys, signing_key
from channels.identity.demo.model import Client
from channels.identity.demo.server import COOKIE, DemoBroker
from core.clock import system_clock
from core.errors import SettingsError
from core.settings import Environment
from tests.support.demo_broker import DemoBrokerServer
from tests.support.relying_party import SCOPE, RelyingParty, told

LEVEL_2, LEVEL_3 = "urn:gba:acr:2", "urn:gba:acr:3"


# --- the whole way ---


def test_signs_in_and_tells_who_it_was(party, broker):
    location = party.come_back()
    back = told(location)
    assert location.startswith(broker.client.redirect_uri + "?")
    assert (back["state"], back["iss"]) == (party.state, broker.issuer)
    assert set(back) == {"state", "iss", "code"}
    token = party.exchange(location)
    assert (token["token_type"], token["scope"]) == ("Bearer", SCOPE)
    decoded = party.claims(token["id_token"])
    assert decoded.header["kid"] == public_keys(broker.key)["keys"][0]["kid"]
    # Authlib's own client checks it, at_hash and nonce included
    claims = CodeIDToken(
        decoded.claims, decoded.header, {}, {
            "client_id": broker.client.client_id, "nonce": party.nonce,
            "access_token": token["access_token"], "max_age": 60,
        },
    )  # fmt: skip
    claims.validate(now=int(time.time()), leeway=5)
    assert (claims["iss"], claims["aud"]) == (broker.issuer, broker.client.client_id)
    assert (claims["acr"], claims["amr"]) == (LEVEL_2, ["demo", "iam_smart"])
    assert claims["exp"] - claims["iat"] <= 600
    assert abs(claims["auth_time"] - time.time()) < 10
    assert claims["sid"]
    assert not {"name", "birthdate", "document_number"} & set(claims)  # userinfo's alone
    known = UserInfo(party.userinfo().json())
    assert known["sub"] == claims["sub"]
    assert known["demo"] is True
    assert known["name"].startswith("DEMO ")
    assert known["birthdate"] == "1988-03-12"
    assert (known["document_type"], known["document_number"]) == ("hkid", "Q000001(5)")


def test_the_discovery_document_is_what_the_standard_has_it(party, broker):
    document = party.metadata
    assert get_well_known_url(broker.issuer, external=True).endswith(
        "/demo-broker/.well-known/openid-configuration"
    )
    secure = {
        name: value.replace("http://", "https://") if isinstance(value, str) else value
        for name, value in document.items()
    }  # the standard knows no loopback
    OpenIDProviderMetadata(secure).validate()
    assert document["issuer"] == broker.issuer
    for name, value in document.items():
        if name.endswith(("_endpoint", "_uri")):
            assert value.startswith(broker.issuer + "/")
    keys = party.browser.get(document["jwks_uri"], timeout=10).json()["keys"]
    assert [set(key) for key in keys] == [{"kty", "n", "e", "kid", "use", "alg"}]


def test_the_document_is_the_one_behind_the_login(party):
    party.sign_in("guangdong", "zhongshan")
    assert party.userinfo().json()["document_type"] == "hrp"
    party.sign_in("guangdong", "mainland")
    assert party.userinfo().json()["document_type"] == "mainland_id"


def test_somebody_is_the_same_whichever_login_they_use(party):
    one = party.claims(party.sign_in("iam_smart", "zhongshan")["id_token"]).claims
    other = party.claims(party.sign_in("guangdong", "zhongshan")["id_token"]).claims
    third = party.claims(party.sign_in("iam_smart", "elderly")["id_token"]).claims
    assert one["sub"] == other["sub"] != third["sub"]
    assert len({one["sid"], other["sid"], third["sid"]}) == 3


@pytest.mark.parametrize(
    "scope, known",
    [
        ("openid", {"sub", "demo"}),
        ("openid profile", {"sub", "demo", "name", "birthdate"}),
        ("openid document unheard_of", {"sub", "demo", "document_type", "document_number"}),
    ],
)
def test_userinfo_tells_what_the_scope_allows(party, scope, known):
    party.sign_in(scope=scope)
    assert set(party.userinfo().json()) == known


@pytest.mark.parametrize(
    "locales, name", [("en", "DEMO Chan Tai Man"), ("zh-Hans en", "DEMO 陈大文"), ("xx", None)]
)
def test_the_name_is_in_the_language_of_the_page(party, locales, name):
    party.sign_in(ui_locales=locales)
    assert party.userinfo().json()["name"] == (name or "DEMO 陳大文")


# --- levels and age ---


@pytest.mark.parametrize(
    "asked, given",
    [
        (None, LEVEL_2), (LEVEL_2, LEVEL_2), (LEVEL_3, LEVEL_3),
        (f"urn:gba:acr:4 {LEVEL_3} {LEVEL_2}", LEVEL_3),
    ],
)  # fmt: skip
def test_gives_the_first_level_that_it_can(party, asked, given):
    token = party.sign_in(acr_values=asked)
    assert party.claims(token["id_token"]).claims["acr"] == given


def test_says_that_it_cannot_give_a_level(party):
    location = party.open(party.authorize_url(acr_values="urn:gba:acr:4")).headers["location"]
    assert told(location)["error"] == "unmet_authentication_requirements"


def test_the_age_of_a_sign_in_is_kept_because_everybody_is_asked_anew(party):
    old = party.claims(party.sign_in()["id_token"]).claims
    time.sleep(1.1)
    new = party.claims(party.sign_in(max_age=0)["id_token"]).claims
    assert new["auth_time"] > old["auth_time"]
    assert time.time() - new["auth_time"] < 5


def test_nobody_is_signed_in_unseen(party):
    party.sign_in()
    location = party.open(party.authorize_url(prompt="none")).headers["location"]
    assert told(location)["error"] == "login_required"


# --- requests that do not fit ---


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


# --- codes ---


def refused(call, error="invalid_grant"):
    with pytest.raises(OAuthError) as told_so:
        call()
    assert told_so.value.error == error


def test_a_code_works_once_and_its_replay_revokes_what_came_of_it(party):
    location = party.come_back()
    token = party.exchange(location)
    assert party.userinfo().status_code == 200
    refused(lambda: party.exchange(location))
    assert party.userinfo(token["access_token"]).status_code == 401
    refused(lambda: refresh(party, token))


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


# --- tokens ---


def refresh(party, token):
    return party.oauth.refresh_token(
        party.metadata["token_endpoint"], refresh_token=token["refresh_token"]
    )


def test_refreshes_and_the_time_of_the_sign_in_stays(party):
    first = party.sign_in(acr_values=LEVEL_3)
    time.sleep(1.1)
    second = refresh(party, first)
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
    second = refresh(party, first)
    refused(lambda: refresh(party, first))
    refused(lambda: refresh(party, second))
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


# --- signing out ---


def out(party, **parameters):
    return party.browser.get(
        party.metadata["end_session_endpoint"], params=parameters, allow_redirects=False, timeout=10
    )


def test_the_client_signs_out_and_is_told_so(party, broker):
    token = party.sign_in()
    home = broker.client.post_logout_redirect_uri
    answer = out(party, id_token_hint=token["id_token"], post_logout_redirect_uri=home, state="s")
    assert answer.headers["location"] == f"{home}?state=s"
    assert party.userinfo(token["access_token"]).status_code == 401
    refused(lambda: refresh(party, token))
    (logout_token,) = broker.logout_tokens
    decoded = party.claims(logout_token)
    claims, signed_in = decoded.claims, party.claims(token["id_token"]).claims
    assert decoded.header["typ"] == "logout+jwt"
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert {name: claims[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: signed_in[name] for name in ("iss", "aud", "sub", "sid")
    }
    assert "nonce" not in claims
    assert claims["jti"]
    assert 0 < claims["exp"] - claims["iat"] <= 120
    out(party, id_token_hint=token["id_token"])  # a second time there is nothing to end
    assert len(broker.logout_tokens) == 1


def test_a_person_signs_out_on_the_page(party, broker):
    token = party.sign_in()
    answer = out(party, ui_locales="en")
    assert "Sign out here?" in answer.text
    assert broker.logout_tokens == []  # to look changes nothing
    assert "You are signed out" in party.tap(answer, "out").text
    assert party.userinfo(token["access_token"]).status_code == 401
    assert len(broker.logout_tokens) == 1
    assert COOKIE not in party.browser.cookies


def test_a_stranger_signs_nobody_out(party, broker):
    token = party.sign_in()
    party.browser.cookies.clear()
    assert party.tap(out(party), "out").status_code == 200
    assert party.userinfo(token["access_token"]).status_code == 200
    assert broker.logout_tokens == []


@pytest.mark.parametrize("hint", ["x", "e30.e30.x", "eyJhbGciOiJub25lIn0.e30.", "é" * 9])
def test_a_hint_that_is_no_token_of_ours_is_refused(party, broker, hint):
    answer = out(
        party, id_token_hint=hint, post_logout_redirect_uri=broker.client.post_logout_redirect_uri
    )
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_a_hint_that_somebody_else_signed_is_refused(party, broker):
    claims = party.claims(party.sign_in()["id_token"]).claims
    stranger = RSAKey.generate_key(2048)
    forged = jwt.encode({"alg": "RS256", "kid": broker.key.kid}, claims, stranger)
    assert out(party, id_token_hint=forged).status_code == 400
    assert party.userinfo().status_code == 200


def test_nobody_is_sent_elsewhere_after_signing_out(party):
    token = party.sign_in()
    answer = out(
        party, id_token_hint=token["id_token"], post_logout_redirect_uri="https://evil.example/"
    )
    assert answer.status_code == 200
    assert "location" not in answer.headers


@pytest.mark.parametrize("status", [400, 500])
def test_signing_out_does_not_hang_on_a_client_that_refuses(party, broker, status, caplog):
    token = party.sign_in()
    broker.logout_status = status
    with caplog.at_level(logging.WARNING):
        assert out(party, id_token_hint=token["id_token"]).status_code == 200
    assert f"refused a logout: {status}" in caplog.text
    assert party.userinfo(token["access_token"]).status_code == 401


# --- the page ---


def test_cancelling_goes_back_without_a_code_at_every_step(party, broker):
    for taps in ([], [("login", "iam_smart")], [("login", "iam_smart"), ("person", "elderly")]):
        page = party.open(party.authorize_url())
        for name, value in taps:
            page = party.tap(page, name, value)
        back = told(party.tap(page, "cancel").headers["location"])
        assert (back["error"], back["state"]) == ("access_denied", party.state)
        assert back["iss"] == broker.issuer
        assert "code" not in back
        assert party.tap(page, "cancel").status_code == 410


def test_a_wrong_number_brings_another(party):
    page = party.open(party.authorize_url(ui_locales="en"))
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    assert "new one" not in page.text
    for wrong in [n for n in party.numbers(page)[1] if n != party.numbers(page)[0]] + ["", "100"]:
        page = party.tap(page, "number", wrong)
        assert page.status_code == 200
        assert "That was not the number" in page.text
    assert "code" in told(party.tap(page, "number", party.numbers(page)[0]).headers["location"])


def test_one_step_back_each_time(party):
    first = party.open(party.authorize_url())
    second = party.tap(first, "login", "guangdong")
    third = party.tap(second, "person", "mainland")
    assert party.tap(third, "back").text == second.text
    assert party.tap(second, "back").text == first.text
    assert party.tap(first, "back").text == first.text


def test_a_button_of_another_step_does_nothing(party):
    page = party.open(party.authorize_url())
    for name, value in [
        ("number", "0"),
        ("person", "elderly"),
        ("login", "x"),
        ("x", "y"),
        ("", ""),
    ]:
        assert party.tap(page, name, value).text == page.text
    people = party.tap(page, "login", "guangdong")
    for name, value in [
        ("number", "0"),
        ("person", "elderly"),
        ("person", "x"),
        ("login", "iam_smart"),
    ]:
        assert party.tap(people, name, value).text == people.text


def test_of_two_last_taps_one_finishes(party):
    page = party.open(party.authorize_url())
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    number = party.numbers(page)[0]
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(lambda _: party.tap(page, "number", number), range(6)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 5


def test_to_look_at_a_page_changes_nothing(party):
    page = party.open(party.authorize_url())
    for _ in range(3):
        assert party.open(page.url).text == page.text
        party.browser.head(page.url, timeout=10)
    assert party.open(page.url).text == page.text


def test_a_page_that_never_was_has_ended(party, broker):
    for visit in ("x", secrets.token_urlsafe(32), "%F0%9F%98%80", "%00", "%ff", "a" * 5000):
        answer = party.browser.get(f"{broker.issuer}/visit/{visit}", timeout=10)
        assert answer.status_code == 410, visit
        assert party.tap(answer, "cancel").status_code == 410


def test_every_page_is_protected_and_says_that_it_is_a_demo(party, broker):
    first = party.open(party.authorize_url())
    second = party.tap(first, "login", "iam_smart")
    third = party.tap(second, "person", "guardian")
    refused_page = party.open(party.authorize_url().replace("callback", "x"))
    gone = party.open(f"{broker.issuer}/visit/x")
    for page in (
        first,
        second,
        third,
        refused_page,
        gone,
        out(party),
        party.tap(out(party), "out"),
    ):
        headers = page.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "<strong" in page.text
        assert "DEMO" in page.text.split("<h1>")[0]
        assert " style=" not in page.text
        assert " on" not in page.text.split("<main")[0].split("<body>")[1]
    assert (
        "no-store"
        in party.browser.get(party.metadata["jwks_uri"], timeout=10).headers["cache-control"]
    )


def test_what_the_client_sends_never_becomes_part_of_a_page(party):
    hostile = '"><script>alert(1)</script>'
    page = party.open(party.authorize_url(ui_locales=hostile, login_hint=hostile, state=hostile))
    assert "alert(1)" not in page.text
    page = party.tap(party.tap(page, "login", "iam_smart"), "person", "elderly")
    assert "alert(1)" not in page.text


# --- where it may run, and what it leaves behind ---


def test_is_refused_in_production():
    client = Client.of("https://onestop.example")
    with pytest.raises(SettingsError, match="refused in production"):
        DemoBroker(
            Environment.PRODUCTION, "https://onestop.example", client, None, None, None, None
        )


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path):
    folder = tmp_path / "data"
    first, second = signing_key(folder), signing_key(folder)
    assert first.kid == second.kid
    assert first.as_dict(private=True) == second.as_dict(private=True)
    assert (folder / "demo_broker_key").stat().st_mode & 0o077 == 0
    assert signing_key(tmp_path / "other").kid != first.kid


def test_redis_and_the_log_hold_no_secret(party, broker, caplog):
    broker.store._client.flushall()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("tests").info("the log is read")
        location = party.come_back()
        token = party.exchange(location)
        token = refresh(party, token)
        out(party, id_token_hint=token["id_token"])
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

"""What the demo broker says of a person, to Authlib's own client."""

import time

import pytest
from authlib.oidc.core import CodeIDToken, UserInfo
from authlib.oidc.discovery import OpenIDProviderMetadata

from channels.identity.demo.keys import public_keys
from tests.support.relying_party import SCOPE, told

LEVEL_2, LEVEL_3 = "urn:gba:acr:2", "urn:gba:acr:3"


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

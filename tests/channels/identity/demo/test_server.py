"""The demo broker as an independent client (Authlib's) and a careless or hostile one find it."""

from tests.support.relying_party import told


def test_signs_in(party, broker):
    location = party.come_back()
    back = told(location)
    assert location.startswith(broker.client.redirect_uri + "?")
    assert (back["state"], back["iss"]) == (party.state, broker.issuer)
    token = party.exchange(location)
    print(token, party.claims(token["id_token"]).claims, party.userinfo().json())

"""What is kept of a link tells nothing, and is never mistaken for a number of somebody."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import mask_all
from core.secret_links import SecretLinks
from core.vault import Vault, VaultError, make_keys

URL = "https://us.example/identity/start?t=AbC-dEf_0123456789012345678901234567890"
LINKS = SecretLinks(Vault(make_keys(), "f"))


def test_the_address_comes_back_and_is_not_in_what_is_kept():
    args = {"lines": [], "link": ["account.link_sign_in", LINKS.seal(URL)]}
    assert "identity" not in json.dumps(args)
    assert LINKS.opened(args)["link"] == ["account.link_sign_in", URL]
    assert isinstance(args["link"][1], dict)  # what is kept stays sealed


@given(st.text(min_size=1).filter(lambda url: url.isascii()))
def test_no_mask_changes_it(url):
    assert LINKS.open(mask_all(LINKS.seal(url))) == url


@pytest.mark.parametrize("args", [{}, {"link": None}, {"link": ["qr_code", URL]}])
def test_what_was_not_sealed_stays_as_it_is(args):
    assert LINKS.opened(args) == args


def test_under_another_key_it_is_lost():
    with pytest.raises(VaultError):
        SecretLinks(Vault(make_keys(), "f")).open(LINKS.seal(URL))

"""The session cookie as a proof: of this session alone, and only until it ends."""

import pytest

from channels.web.history import History
from channels.web.proof import WebProof
from channels.web.session import COOKIE, Sessions
from tests.support.vaults import VAULT


@pytest.fixture
def history(redis):
    return History(redis, VAULT)


@pytest.fixture
def proof(history):
    return WebProof(Sessions("k"), history.is_ended)


async def test_a_good_cookie_proves_its_sender(proof):
    cookie = Sessions("k").issue()
    sender = Sessions("k").sender(cookie)
    assert await proof.sender_of("", {COOKIE: cookie}) == sender


@pytest.mark.parametrize("cookies", [{}, {COOKIE: ""}, {COOKIE: "x"}, {COOKIE: "é" * 9000}])
async def test_anything_else_proves_nobody(proof, cookies):
    assert await proof.sender_of("", cookies) is None
    assert await proof.sender_of("", {COOKIE: Sessions("other").issue()}) is None


async def test_an_ended_session_proves_nobody(proof, history):
    cookie = Sessions("k").issue()
    await history.end(Sessions("k").sender(cookie))
    assert await proof.sender_of("", {COOKIE: cookie}) is None


def test_it_takes_no_visit_elsewhere(proof):
    assert proof.detour("", "MicroMessenger", "https://a.example/identity/proof", "s") is None

"""Whatever bytes come as a token: it is refused in one way, and never with another error."""

import base64
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.identity.errors import TokenRefused
from actions.identity.signed import ALGORITHMS, Claims, read, same

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from([*ALGORITHMS, "none", "HS256"]) | ANYTHING,
        "kid": ANYTHING, "typ": ANYTHING, "crit": ANYTHING, "b64": ANYTHING, "jwk": ANYTHING,
    },
)  # fmt: skip
PARTS = st.text("ABCabc012-_=", max_size=30)


class NoKeys:
    async def find(self, kid, algorithm):
        assert algorithm in ALGORITHMS
        assert kid is None or isinstance(kid, str)
        raise TokenRefused("key")


def encoded(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


async def refused(raw):
    try:
        await read(raw, NoKeys(), ALGORITHMS, (None, "jwt"))
    except TokenRefused as error:
        return error.reason
    raise AssertionError(raw)


# Each example is a call without fixtures; the loop is the session's.
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(header=HEADERS | ANYTHING, body=PARTS, signature=PARTS)
async def test_any_header(header, body, signature):
    reason = await refused(f"{encoded(header)}.{body}.{signature}")
    assert reason in ("malformed", "algorithm", "type", "key")


@settings(max_examples=200, deadline=None)
@given(raw=st.text(max_size=200) | ANYTHING)
async def test_any_text(raw):
    assert await refused(raw) == "malformed"


@settings(max_examples=300, deadline=None)
@given(value=ANYTHING)
def test_any_claim(value):
    claims = Claims({"a": value})
    for ask in (claims.text, claims.moment):
        try:
            ask("a", "subject")
        except TokenRefused as error:
            assert error.reason == "subject"


def test_claims_are_not_shown():
    assert "secret" not in repr(Claims({"sub": "secret"}))


def test_same():
    assert same("a", "a") and not same("a", "b") and not same("a", "")

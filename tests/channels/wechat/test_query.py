from types import SimpleNamespace

import pytest

from channels.wechat.query import Query
from channels.wechat.refused import Refused


def query(written):
    return Query(SimpleNamespace(raw_url=b"/webhooks/wechat/webhook" + written))


def test_parameters_come_decoded_once():
    found = query(b"?echostr=%2B%25+x%E7%BE%85&nonce=&a=1%3D2")
    assert found == {"echostr": "+% x羅", "nonce": "", "a": "1=2"}
    assert query(b"") == query(b"?") == {}


def test_bytes_that_are_no_text_come_through():
    assert query(b"?echostr=%ff%fe")["echostr"].encode("utf-8", "surrogateescape") == b"\xff\xfe"


def test_one_that_is_missing_refuses_the_request():
    with pytest.raises(Refused, match="query"):
        query(b"?nonce=1")["signature"]
    assert query(b"?nonce=1").get("signature") is None


@pytest.mark.parametrize(
    "written",
    [b"?a=1&a=1", b"?a=1&a=2", b"?a=1&%61=2", b"?a&a",
     b"?" + b"&".join(b"a%d" % i for i in range(21)), b"?a=" + b"x" * 2047],
    ids=range(6),
)  # fmt: skip
def test_twice_or_too_much_is_refused(written):
    with pytest.raises(Refused, match="query"):
        query(written)

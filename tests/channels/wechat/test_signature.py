import pytest

from channels.wechat.signature import is_signed, sign

# developers.weixin.qq.com/doc/offiaccount/Getting_Started/message-push.html
OFFICIAL = [
    ("AAAAA", "1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
    ("AAAAA", "1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
]


@pytest.mark.parametrize("token, timestamp, nonce, signature", OFFICIAL)
def test_the_vectors_of_the_platform(token, timestamp, nonce, signature):
    assert sign(token, timestamp, nonce) == signature
    assert is_signed(signature, [token], timestamp, nonce)


def test_parts_are_sorted_as_strings():
    # 486452656 is the smaller number and the greater string; as numbers it would come first.
    _, timestamp, nonce, signature = OFFICIAL[1]
    assert int(nonce) < int(timestamp) and nonce > timestamp
    assert is_signed(signature, ["AAAAA"], nonce, timestamp)


def test_any_of_the_tokens_will_do_while_one_is_changed():
    signature = sign("old", "1", "2")
    assert is_signed(signature, ["new", "old"], "1", "2")
    assert is_signed(signature, ["old", "new"], "1", "2")
    assert not is_signed(signature, ["new"], "1", "2")


@pytest.mark.parametrize("signature", ["", "f" * 40, "é" * 40, "\ud800", sign("t", "1", "3")])
def test_what_is_not_signed(signature):
    assert not is_signed(signature, ["t"], "1", "2")


def test_nobody_signs_without_a_token():
    assert not is_signed(sign("", "1", "2"), [], "1", "2")

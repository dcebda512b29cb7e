"""Opening and sealing: known answers, and every malformed input as one refusal."""

import base64
import json
import struct
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.wechat.crypto import Crypto
from channels.wechat.refused import Refused
from channels.wechat.signature import sign
from channels.wechat.simulator import sealing
from tests.support.wechat import KEY, OTHER_KEY

APP, TOKEN = "wx49f0ab532d5d035a", "123456"
CRYPTO = Crypto(APP, [TOKEN], [KEY])
# Agreed by wechatpy, npm wechat-crypto and npm @wecom/crypto.
SEALED = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="


def signed(sealed, token=TOKEN):
    return sealed, sign(token, "1411443780", "437374425", sealed), "1411443780", "437374425"


def raw(plain, key=KEY):
    """Any bytes, enciphered as they are."""
    encryptor = sealing._cipher(key).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def packed(message=b"<xml/>", app=None, length=None, pad=None):
    """A plaintext with the parts as given, right where nothing is said."""
    length = len(message) if length is None else length
    plain = b"r" * 16 + struct.pack(">I", length) + message + (APP.encode() if app is None else app)
    count = 32 - len(plain) % 32
    return plain + (bytes([count]) * count if pad is None else pad(count))


def test_the_vector_that_three_implementations_agree_on():
    signature = "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"
    opened = CRYPTO.open(SEALED, signature, "1411443780", "437374425")
    assert opened.message == b"5927782489442352469"


def test_the_vector_with_fixed_random_bytes():
    sealed = "9s4gMv99m88kKTh/H8IdkNiFGeG9pd7vNWl50fGRWXY="
    assert sealing.encrypt(KEY, "rust", b"test", b"1234567890123456") == sealed
    assert Crypto("rust", [TOKEN], [KEY]).open(*signed(sealed)).message == b"test"


def test_what_the_helper_here_packs_is_right():
    assert CRYPTO.open(*signed(raw(packed()))).message == b"<xml/>"


GARBAGE = {
    "nothing": "",
    "no base64": "!!!!",
    "base64 with something between": raw(packed())[:-4] + " " + raw(packed())[-4:],
    "no whole block": base64.b64encode(b"x" * 33).decode(),
    "half a block of 32": base64.b64encode(b"x" * 16).decode(),
    "random bytes": base64.b64encode(bytes(range(64))).decode(),
    "padding of zero": raw(packed(pad=lambda count: b"\0" * count)),
    "padding of 33": raw(packed(pad=lambda count: b"\x21" * count)),
    "padding that differs": raw(packed(pad=lambda count: b"\x01" * (count - 1) + bytes([count]))),
    "padding over all": raw(b"\x20" * 32),
    "a length beyond the end": raw(packed(length=2**31)),
    "a length of 4 GB": raw(packed(length=2**32 - 1)),
    "a length too short": raw(packed(length=3)),
    "a length too long": raw(packed(length=7)),
    "another app id": raw(packed(app=b"wx0000000000000000")),
    "no app id": raw(packed(app=b"")),
    "an app id that is no text": raw(packed(app=b"\xff\xfe")),
    "another key": raw(packed(), OTHER_KEY),
    "no ASCII": "é" * 64,
    "a lone surrogate": "\ud800" * 64,
}


@pytest.mark.parametrize("sealed", GARBAGE.values(), ids=GARBAGE)
def test_garbage_under_a_good_signature_is_refused(sealed):
    with pytest.raises(Refused):
        CRYPTO.open(*signed(sealed))


@given(st.binary(max_size=256))
def test_any_ciphertext_is_opened_or_refused(data):
    with pytest.raises(Refused):
        CRYPTO.open(*signed(base64.b64encode(data).decode()))


@given(st.binary(max_size=160).map(lambda plain: plain + b"\x20" * (-len(plain) % 32)))
def test_any_plaintext_is_opened_or_refused(plain):
    with pytest.raises(Refused):
        CRYPTO.open(*signed(raw(plain)))


@given(st.text(max_size=300))
def test_what_is_sealed_is_opened(text):
    sealed = sealing.encrypt(KEY, APP, text.encode())
    opened = CRYPTO.open(*signed(sealed))
    assert opened.message.decode() == text


def test_a_wrong_signature_is_refused_before_anything_is_opened():
    sealed, signature, timestamp, nonce = signed(SEALED)
    with pytest.raises(Refused, match="msg_signature"):
        CRYPTO.open(sealed, signature[:-1] + "0", timestamp, nonce)
    with pytest.raises(Refused, match="msg_signature"):
        CRYPTO.open(sealed, signature, timestamp, nonce + "1")


@pytest.mark.parametrize("token, key", [("older", OTHER_KEY), ("newer", KEY), ("older", KEY)])
def test_keys_overlap_while_they_are_changed_and_the_reply_goes_the_same_way(token, key):
    crypto = Crypto(APP, ["newer", "older"], [KEY, OTHER_KEY])
    opened = crypto.open(*signed(sealing.encrypt(key, APP, b"in"), token))
    assert opened.message == b"in"
    envelope = sealing.fields_of(opened.seal(b"out", "xml", 1411443780))
    assert sealing.decrypt(key, APP, envelope["Encrypt"]) == b"out"
    parts = (token, envelope["TimeStamp"], envelope["Nonce"], envelope["Encrypt"])
    assert envelope["MsgSignature"] == sealing.signature(*parts)


def test_the_envelopes_of_replies():
    opened = CRYPTO.open(*signed(SEALED))
    read = json.loads(opened.seal(b"reply", "json", 1411443780))
    assert set(read) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    assert read["TimeStamp"] == 1411443780  # a number
    tags = [one.tag for one in ElementTree.fromstring(opened.seal(b"reply", "xml", 1411443780))]
    assert tags == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"]


def test_no_two_replies_are_sealed_alike():
    opened = CRYPTO.open(*signed(SEALED))
    assert len({opened.seal(b"reply", "json", 1411443780) for _ in range(50)}) == 50

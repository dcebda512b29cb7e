"""WeChat's encryption of pushes and replies: wechatpy's cipher behind one door.

wechatpy raises what comes on malformed input (IndexError, struct.error, …), checks neither padding
nor length, compares signatures in a time that tells about them and takes its 16 random bytes from
``random``. Here every fault is ``Refused``. The scheme: AES-256-CBC over
random(16) ‖ length(4) ‖ message ‖ app id, PKCS#7 to blocks of 32, and a SHA-1 signature;
developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
"""

import base64
import binascii
import json
import secrets
from typing import Sequence

from wechatpy.crypto import PrpCrypto

from channels.wechat.refused import Refused
from channels.wechat.signature import is_signed, sign
from core.wechat_settings import Format

_BLOCK, _RANDOM, _LENGTH = 32, 16, 4

_XML_REPLY = (
    "<xml><Encrypt><![CDATA[{}]]></Encrypt><MsgSignature><![CDATA[{}]]></MsgSignature>"
    "<TimeStamp>{}</TimeStamp><Nonce><![CDATA[{}]]></Nonce></xml>"
)


class _Cipher(PrpCrypto):  # type: ignore[misc]
    def get_random_string(self) -> bytes:
        return secrets.token_bytes(_RANDOM)


class Crypto:
    """Opens and seals for one account.

    Args:
        app_id: our own; a message that was sealed for another account is refused.
        tokens: those in force, the newest first.
        aes_keys: the EncodingAESKeys in force (43 characters), the newest first. A reply goes
            out under the token and the key that its push came with.
    """

    def __init__(self, app_id: str, tokens: Sequence[str], aes_keys: Sequence[str]) -> None:
        self._app_id = app_id.encode()
        self._tokens = tokens
        self._ciphers = [_Cipher(base64.b64decode(key + "=")) for key in aes_keys]

    def open(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> "Opened":
        """What is in an encrypted push or echo string, once its signature holds.

        Args:
            encrypted: base64, the ``Encrypt`` of the envelope or the ``echostr``.
            signature: the request's ``msg_signature``.

        Raises:
            Refused: it is not signed, or not sealed for this account, in any way.
        """
        tokens = [t for t in self._tokens if is_signed(signature, [t], timestamp, nonce, encrypted)]
        if not tokens:
            raise Refused("msg_signature")
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise Refused("encryption") from None
        if not sealed or len(sealed) % _BLOCK:
            raise Refused("encryption")
        for cipher in self._ciphers:
            message = self._unpack(cipher.cipher.decrypt(sealed))
            if message is not None:
                return Opened(message, tokens[0], cipher, self._app_id.decode())
        raise Refused("encryption")

    def _unpack(self, plain: bytes) -> "bytes | None":
        """The message in what was deciphered, or None when the key or the app id is another."""
        pad = plain[-1]
        head = _RANDOM + _LENGTH
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad or len(plain) - pad < head:
            return None
        end = head + int.from_bytes(plain[_RANDOM:head], "big")
        # compared as a whole: a length that is wrong leaves another app id
        return plain[head:end] if plain[end : len(plain) - pad] == self._app_id else None


class Opened:
    """An opened push, and how to seal the reply to it."""

    def __init__(self, message: bytes, token: str, cipher: _Cipher, app_id: str) -> None:
        self.message = message
        self._token = token
        self._cipher = cipher
        self._app_id = app_id

    def seal(self, reply: bytes, form: Format, timestamp: int) -> bytes:
        """The envelope of a passive reply, under the token and key that the push came with.

        Args:
            reply: the reply's XML or JSON.
            timestamp: seconds since 1970.
        """
        encrypted = self._cipher.encrypt(reply, self._app_id).decode()
        nonce = str(secrets.randbelow(10**10))
        signature = sign(self._token, str(timestamp), nonce, encrypted)
        if form == "xml":
            return _XML_REPLY.format(encrypted, signature, timestamp, nonce).encode()
        return json.dumps(
            {
                "Encrypt": encrypted,
                "MsgSignature": signature,
                "TimeStamp": timestamp,
                "Nonce": nonce,
            }
        ).encode()

"""The platform's side of the encryption, written apart from crypto.py on purpose: the two must
agree on the vendor's document, not on one piece of code."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Dict, Optional
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7


def signature(*parts: str) -> str:
    """SHA-1 over the parts, sorted as strings."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 the platform's


def encrypt(aes_key: str, app_id: str, message: bytes, random: Optional[bytes] = None) -> str:
    """A message sealed for an account, in base64.

    Args:
        aes_key: the EncodingAESKey, 43 characters.
        random: 16 bytes, for known-answer tests.
    """
    head = (random or secrets.token_bytes(16)) + struct.pack(">I", len(message))
    padder = PKCS7(256).padder()
    plain = padder.update(head + message + app_id.encode()) + padder.finalize()
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def decrypt(aes_key: str, app_id: str, sealed: str) -> bytes:
    """The message in what an account sealed.

    Raises:
        ValueError: it is not sealed as the platform wants it, or for another account.
    """
    decryptor = _cipher(aes_key).decryptor()
    padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    unpadder = PKCS7(256).unpadder()
    plain = unpadder.update(padded) + unpadder.finalize()
    (length,) = struct.unpack(">I", plain[16:20])
    if plain[20 + length :] != app_id.encode():
        raise ValueError("The reply is for another account.")
    return plain[20 : 20 + length]


def fields_of(body: bytes) -> Dict[str, str]:
    """The fields of one level of XML or JSON, as our own server wrote it."""
    if body.startswith(b"{"):
        return {name: str(value) for name, value in json.loads(body).items()}
    return {one.tag: one.text or "" for one in ElementTree.fromstring(body)}  # noqa: S314 our own


def _cipher(aes_key: str) -> "Cipher[modes.CBC]":
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

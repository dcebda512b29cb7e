"""Encrypts what the assistant must keep about people, so that a copied database tells nothing.

AES-256-GCM under one of several keys, each with an id that stands in what it encrypted: a new key
is put in front, the older ones read what is left. Why, and what a lost key means:
docs/adr/0007-encryption-at-rest.md.

A token is, in bytes: version (1), length of the key's id (1), the id, nonce (12), ciphertext with
its tag (16). Version, id and the caller's context are authenticated with the rest.
"""

import base64
import binascii
import hmac
import re
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import OneStopError, SettingsError

_VERSION = 1
_KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 12, 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class VaultError(OneStopError):
    """A token cannot be read: malformed, altered, of another context, or under an unknown key."""


class Vault:
    """Encrypts, decrypts and fingerprints.

    Args:
        keys: ``id:key`` entries separated by commas or newlines, the current one first; a key is
            32 bytes in base64.
        fingerprint_key: a secret of any form with at least 256 bits of chance in it. It must stay
            the same for as long as fingerprints are kept.

    Raises:
        SettingsError: the keys are not written as they should be. Says where, never what.
    """

    def __init__(self, keys: str, fingerprint_key: str) -> None:
        self._ciphers = _parse(keys)
        self._fingerprint_key = fingerprint_key.encode()

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, that of the current one first."""
        return tuple(self._ciphers)

    @property
    def prefixes(self) -> tuple[bytes, ...]:
        """What the tokens of each key begin with, that of the current one first."""
        return tuple(bytes([_VERSION, len(key_id)]) + key_id.encode() for key_id in self._ciphers)

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """Returns a token that ``decrypt`` reads.

        Args:
            context: what the token belongs to, such as its table and row; not kept in it. A token
                that was moved to another place cannot be read there.
        """
        header, cipher = self.prefixes[0], self._ciphers[self.key_ids[0]]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return header + nonce + cipher.encrypt(nonce, plain, header + context)

    def decrypt(self, token: bytes, context: bytes) -> bytes:
        """Returns what was encrypted in the same ``context``.

        Raises:
            VaultError: the token cannot be read.
        """
        key_id, header, rest = _split(token)
        if key_id not in self._ciphers:
            raise VaultError(f"The encryption key “{key_id}” is not among ONESTOP_DATA_KEYS.")
        nonce, sealed = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return self._ciphers[key_id].decrypt(nonce, sealed, header + context)
        except InvalidTag:
            raise VaultError("Encrypted data was altered or belongs elsewhere.") from None

    def key_id(self, token: bytes) -> str:
        """The id of the key that a token is under, known or not.

        Raises:
            VaultError: this is no token.
        """
        return _split(token)[0]

    def fingerprint(self, purpose: str, value: str) -> str:
        """A keyed hash by which an encrypted value is found again: 64 hexadecimal digits.

        It stays the same when the encryption keys change. Equal values of different purposes have
        different fingerprints. Without the key nobody can try out all document numbers.

        Args:
            purpose: what the value is, such as “document”.
            value: the value in its one normal form.
        """
        key = _purpose_key(self._fingerprint_key, purpose)
        return hmac.digest(key, value.encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _purpose_key(secret: bytes, purpose: str) -> bytes:
    """The fingerprint key of one purpose; to derive it takes longer than all else."""
    derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"fingerprint {purpose}".encode())
    return derived.derive(secret)


def make_keys() -> str:
    """One new key, written as ``Vault`` reads it."""
    return "1:" + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _parse(keys: str) -> dict[str, AESGCM]:
    ciphers: dict[str, AESGCM] = {}
    entries = [entry.strip() for entry in re.split(r"[,\n]", keys) if entry.strip()]
    for place, entry in enumerate(entries, start=1):
        fault = f"ONESTOP_DATA_KEYS does not fit: entry {place}"
        key_id, _, written = entry.partition(":")
        try:
            key = base64.b64decode(written, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _KEY_ID.fullmatch(key_id) or len(key) != _KEY_BYTES:
            raise SettingsError(f"{fault} must be an id, a colon and 32 bytes in base64.")
        if key_id in ciphers:
            raise SettingsError(f"{fault} has the id of an entry before it.")
        ciphers[key_id] = AESGCM(key)
    if not ciphers:
        raise SettingsError("ONESTOP_DATA_KEYS does not fit: there is no key in it.")
    return ciphers


def _split(token: bytes) -> tuple[str, bytes, bytes]:
    """The key's id, the header that it stands in, and what follows."""
    end = 2 + token[1] if len(token) > 1 else 0
    key_id = token[2:end].decode("ascii", "replace")
    if (
        not end
        or token[0] != _VERSION
        or not _KEY_ID.fullmatch(key_id)
        or len(token) < end + _NONCE_BYTES + _TAG_BYTES
    ):
        raise VaultError("This is no encrypted data, or it was cut short.")
    return key_id, token[:end], token[end:]

"""The vault: reads its own in the same context only, refuses all else, and never tells a key."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import OneStopError, SettingsError
from core.vault import Vault, VaultError, make_keys

KEY = {name: base64.b64encode(bytes([n]) * 32).decode() for n, name in enumerate("abc", 1)}
FINGERPRINTS = "f" * 40


def vault(*names):
    return Vault(",".join(f"{name}:{KEY[name]}" for name in names), FINGERPRINTS)


@given(plain=st.binary(max_size=2000), context=st.binary(max_size=100))
def test_what_was_encrypted_is_read_again(plain, context):
    one = vault("a")
    assert one.decrypt(one.encrypt(plain, context), context) == plain


def test_the_same_text_never_looks_the_same_nor_stands_in_it():
    one = vault("a")
    tokens = {one.encrypt(b"C12345678", b"") for _ in range(50)}
    assert len(tokens) == 50
    assert not any(b"C123" in token for token in tokens)


@pytest.mark.parametrize("names", ["a", "ab"])
def test_a_token_altered_at_any_bit_is_refused(names):
    one = vault(*names)
    token = one.encrypt(b"secret", b"row 1")
    for place in range(len(token)):
        for bit in range(8):
            altered = bytearray(token)
            altered[place] ^= 1 << bit
            with pytest.raises(VaultError) as caught:
                one.decrypt(bytes(altered), b"row 1")
            assert "secret" not in str(caught.value)


def test_a_token_that_names_another_known_key_is_refused():
    one = vault("a", "b")
    token = bytearray(one.encrypt(b"secret", b""))
    token[2:3] = b"b"
    with pytest.raises(VaultError, match="altered"):
        one.decrypt(bytes(token), b"")


@given(st.binary(max_size=80))
def test_what_is_no_token_is_refused(anything):
    with pytest.raises(VaultError):
        vault("a").decrypt(anything, b"")


def test_a_token_cut_short_anywhere_is_refused():
    one = vault("a")
    token = one.encrypt(b"secret", b"")
    for length in range(len(token)):
        with pytest.raises(VaultError):
            one.decrypt(token[:length], b"")


@pytest.mark.parametrize("context", [b"row 2", b"", b"row 1 "])
def test_a_token_is_not_read_in_another_context(context):
    one = vault("a")
    with pytest.raises(VaultError, match="belongs elsewhere"):
        one.decrypt(one.encrypt(b"secret", b"row 1"), context)


def test_the_id_of_the_key_and_the_context_cannot_run_into_each_other():
    key = KEY["a"]
    token = Vault(f"ab:{key}", FINGERPRINTS).encrypt(b"secret", b"c")
    shifted = token[:1] + b"\x01a" + token[4:]
    with pytest.raises(VaultError):
        Vault(f"a:{key}", FINGERPRINTS).decrypt(shifted, b"bc")


def test_rotation_reads_the_old_and_writes_the_new():
    old, both, new = vault("a"), vault("b", "a"), vault("b")
    token = old.encrypt(b"secret", b"row")
    assert token.startswith(old.prefixes)
    assert not token.startswith(both.prefixes[0])
    assert token.startswith(both.prefixes[1])
    assert both.decrypt(token, b"row") == b"secret"
    renewed = both.encrypt(both.decrypt(token, b"row"), b"row")
    assert (both.key_id(token), both.key_id(renewed)) == ("a", "b")
    assert new.decrypt(renewed, b"row") == b"secret"
    with pytest.raises(VaultError, match="“a” is not among ONESTOP_DATA_KEYS"):
        new.decrypt(token, b"row")
    assert new.key_id(token) == "a"  # the id of a key that is gone can still be told


def test_another_key_of_the_same_id_reads_nothing():
    token = Vault(f"k:{KEY['a']}", FINGERPRINTS).encrypt(b"secret", b"")
    with pytest.raises(VaultError):
        Vault(f"k:{KEY['b']}", FINGERPRINTS).decrypt(token, b"")


@pytest.mark.parametrize("what", ["key_id"])
@pytest.mark.parametrize("token", [b"", b"\x01", b"\x01\x01a", b"\x02\x01a" + b"x" * 40])
def test_questions_about_what_is_no_token_are_refused(what, token):
    with pytest.raises(VaultError):
        getattr(vault("a"), what)(token)


def test_keys_may_stand_on_lines_with_spaces_and_an_end():
    written = f" a:{KEY['a']} \n\nb:{KEY['b']},\r\nc:{KEY['c']}\n"
    assert Vault(written, FINGERPRINTS).key_ids == ("a", "b", "c")


@pytest.mark.parametrize(
    "keys, fault",
    [
        ("", "no key"),
        (" ,\n", "no key"),
        (KEY["a"], "entry 1 must be"),  # no id
        (f":{KEY['a']}", "entry 1 must be"),
        (f"an id:{KEY['a']}", "entry 1 must be"),
        (f"{'x' * 33}:{KEY['a']}", "entry 1 must be"),
        (f"é:{KEY['a']}", "entry 1 must be"),
        ("a:", "entry 1 must be"),
        ("a:not base64!", "entry 1 must be"),
        ("a:長長長長", "entry 1 must be"),
        (f"a:{KEY['a'][:-4]}", "entry 1 must be"),  # 30 bytes
        ("a:" + base64.b64encode(b"x" * 16).decode(), "entry 1 must be"),
        (f"a:{KEY['a']},b:short", "entry 2 must be"),
        (f"a:{KEY['a']},a:{KEY['b']}", "entry 2 has the id"),
    ],
)
def test_keys_that_do_not_fit_are_refused_without_being_told(keys, fault):
    with pytest.raises(SettingsError, match=fault) as caught:
        Vault(keys, FINGERPRINTS)
    assert KEY["a"][:8] not in str(caught.value)


def test_a_made_key_fits_and_is_never_the_same():
    assert Vault(make_keys(), FINGERPRINTS).key_ids == ("1",)
    assert make_keys() != make_keys()


def test_the_vault_does_not_show_its_keys():
    one = vault("a")
    shown = f"{one} {one!r}"
    for secret in (KEY["a"], repr(b"\x01" * 32), FINGERPRINTS):
        assert secret not in shown


def test_a_fault_can_be_told_at_the_terminal():
    assert issubclass(VaultError, OneStopError)


def test_fingerprints_outlive_the_encryption_keys():
    assert vault("a").fingerprint("document", "C1") == vault("b", "a").fingerprint("document", "C1")


def test_fingerprints_tell_values_purposes_and_secrets_apart():
    one = vault("a")
    other = Vault(f"a:{KEY['a']}", "g" * 40)
    prints = {
        one.fingerprint("document", "C1"), one.fingerprint("document", "C2"),
        one.fingerprint("phone", "C1"), one.fingerprint("documentC", "1"),
        other.fingerprint("document", "C1"),
    }  # fmt: skip
    assert len(prints) == 5
    assert all(len(p) == 64 and int(p, 16) >= 0 for p in prints)


def test_a_fingerprint_is_as_specified():
    """Worked out by hand: HKDF (RFC 5869) without salt and HMAC-SHA256, from the standard library."""
    import hashlib
    import hmac

    extracted = hmac.new(b"\0" * 32, FINGERPRINTS.encode(), hashlib.sha256).digest()
    key = hmac.new(extracted, b"fingerprint document\x01", hashlib.sha256).digest()
    expected = hmac.new(key, "證件".encode(), hashlib.sha256).hexdigest()
    assert vault("a").fingerprint("document", "證件") == expected

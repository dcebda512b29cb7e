"""Sealed texts: readable in their place alone."""

import pytest

from core.sealing import seal, unseal
from core.vault import Vault, VaultError, make_keys

VAULT = Vault(make_keys(), "f")


@pytest.mark.parametrize("text", ["", "羅湖 😀", "\ud800", "x" * 100_000])
def test_a_sealed_text_is_one_word_and_reads_as_before(text):
    sealed = seal(VAULT, text, "place")
    assert sealed.isascii() and not any(sign.isspace() for sign in sealed)
    assert unseal(VAULT, sealed, "place") == text


@pytest.mark.parametrize(
    "change",
    [lambda s: "", lambda s: s[:-4], lambda s: "?" + s, lambda s: "AAAA" + s, lambda s: "é"],
)
def test_what_was_altered_is_not_read(change):
    with pytest.raises(VaultError):
        unseal(VAULT, change(seal(VAULT, "text", "place")), "place")


def test_what_was_moved_or_is_under_another_key_is_not_read():
    sealed = seal(VAULT, "text", "place")
    for vault, place in ((VAULT, "elsewhere"), (Vault(make_keys(), "f"), "place")):
        with pytest.raises(VaultError):
            unseal(vault, sealed, place)

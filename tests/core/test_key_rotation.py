"""Rotation reaches every row of every store, says how far it is, and does not hide what is left."""

import pytest

from core.key_rotation import reencrypt_all
from core.vault import VaultError


class Rows:
    """A store with some rows left, of which it takes a few at a time."""

    def __init__(self, left, unreadable=False):
        self.left, self.unreadable = left, unreadable

    def reencrypt(self, batch):
        done = min(self.left, batch, 3)
        self.left -= done
        if not done and self.unreadable:
            raise VaultError("a key is missing")
        return done


def test_every_store_is_done_to_its_end_and_progress_is_told():
    stores, told = [Rows(4), Rows(0), Rows(2)], []
    assert reencrypt_all(stores, told.append) == 6
    assert told == [3, 4, 6]
    assert [store.left for store in stores] == [0, 0, 0]


def test_what_cannot_be_read_is_told_after_all_else_is_done():
    stores, told = [Rows(2, unreadable=True), Rows(5)], []
    with pytest.raises(VaultError, match="a key is missing"):
        reencrypt_all(stores, told.append)
    assert told == [2, 5, 7]
    assert [store.left for store in stores] == [0, 0]

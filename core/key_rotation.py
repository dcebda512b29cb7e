"""Moves all that is encrypted under older keys to the current one, so that the older can go."""

from typing import Any, Callable, Iterable, Protocol, Sequence, TypeVar

from core.vault import VaultError

_BATCH = 200
Row = TypeVar("Row")


class Encrypted(Protocol):
    """A store that keeps encrypted rows."""

    def reencrypt(self, batch: int) -> int:
        """Puts at most ``batch`` rows under the current key. Returns how many; 0 when done."""


def renew_rows(
    fetch: Callable[[Any, int], Sequence[Row]], renew: Callable[[Row], int], batch: int
) -> int:
    """Puts at most ``batch`` rows of one store under the current key; returns how many.

    Args:
        fetch: so many rows under older keys that come after another row, None for the first.
        renew: puts one row under the current key; returns whether it did.

    Raises:
        VaultError: nothing could be done, because no row that is left can be read.
    """
    changed, after, fault = 0, None, None
    while changed < batch and (rows := fetch(after, batch - changed)):
        for row in rows:
            try:
                changed += renew(row)
            except VaultError as error:  # the others are done all the same
                fault = error
        after = rows[-1]
    if fault and not changed:
        raise fault
    return changed


def reencrypt_all(stores: Iterable[Encrypted], progress: Callable[[int], None]) -> int:
    """Re-encrypts in small steps, so that the assistant goes on working meanwhile.

    It may be stopped and started again at any time.

    Args:
        progress: called after each step with the number of rows so far.

    Returns:
        how many rows were re-encrypted.

    Raises:
        VaultError: some rows cannot be read; all the others are done.
    """
    total, fault = 0, None
    for store in stores:
        try:
            while done := store.reencrypt(_BATCH):
                total += done
                progress(total)
        except VaultError as error:
            fault = error
    if fault:
        raise fault
    return total

"""Moves all that is encrypted under older keys to the current one, so that the older can go."""

from typing import Callable, Iterable, Protocol

from core.vault import VaultError

_BATCH = 200


class Encrypted(Protocol):
    """A store that keeps encrypted rows."""

    def reencrypt(self, batch: int) -> int:
        """Puts at most ``batch`` rows under the current key. Returns how many; 0 when done."""


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

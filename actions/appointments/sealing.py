"""How bookings are kept: encrypted, and found again by keyed fingerprints alone."""

import json
from datetime import date
from typing import Any, Optional

from actions.appointments.model import Applicant, Booking
from core.vault import Vault


class Sealer:
    """Encrypts and reads what an applicant has told, bound to the appointment's reference."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, reference: str, booking: Booking) -> bytes:
        """Encrypts all of a booking but the pseudonyms of person and sender."""
        told = {
            "application_type": booking.application_type,
            "applicant_side": booking.applicant_side,
            "applicant": vars(booking.applicant),
        }
        plain = json.dumps(told, default=date.isoformat, ensure_ascii=False)
        return self._vault.encrypt(plain.encode(), _context(reference))

    def unseal(
        self, reference: str, payload: bytes, person: Optional[str], sender: Optional[str]
    ) -> Booking:
        """The booking that was sealed.

        Raises:
            VaultError: the payload was altered, is another appointment's, or its key is gone.
        """
        told = self.told(reference, payload)
        born = told["applicant"]["birth_date"]
        told["applicant"]["birth_date"] = born and date.fromisoformat(born)
        told["applicant"] = Applicant(**told["applicant"])
        return Booking(**told, person=person, sender=sender)

    def told(self, reference: str, payload: bytes) -> dict[str, Any]:
        """What was sealed, as JSON data.

        Raises:
            VaultError: as ``unseal``.
        """
        plain: dict[str, Any] = json.loads(self._vault.decrypt(payload, _context(reference)))
        return plain

    @property
    def prefixes(self) -> tuple[bytes, ...]:
        """What payloads under each key begin with, the current key first."""
        return self._vault.prefixes

    def renew(self, reference: str, payload: bytes) -> bytes:
        """The payload under the current key.

        Raises:
            VaultError: the payload cannot be read.
        """
        context = _context(reference)
        return self._vault.encrypt(self._vault.decrypt(payload, context), context)

    def document(self, number: str) -> str:
        """The fingerprint of a document number, however it is spaced and bracketed."""
        return self._vault.fingerprint("document", _signs(number))

    def phone(self, number: str) -> str:
        """The fingerprint of a telephone number with its country code, however it is spaced."""
        return self._vault.fingerprint("phone", _signs(number))


def _context(reference: str) -> bytes:
    return f"appointment {reference}".encode()


def _signs(number: str) -> str:
    return "".join(c for c in number if c.isalnum()).upper()

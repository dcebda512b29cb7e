"""Bookings go into the database and come out as they were, and only there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.appointments.model import Applicant, Booking
from actions.appointments.sealing import Sealer
from core.vault import Vault, VaultError, make_keys

VAULT = Vault(make_keys(), "f" * 43)
SEALER = Sealer(VAULT)
MAYBE = st.none() | st.text()
BOOKINGS = st.builds(
    Booking,
    st.sampled_from(["first", "renewal"]),
    st.sampled_from(["hong_kong", "macao"]),
    st.builds(Applicant, st.text(), st.text(), st.text(), st.none() | st.dates(), MAYBE, MAYBE),
    MAYBE,
    MAYBE,
)
WHO = Booking("first", "macao", Applicant("陳大文", "A1234563", "+85291234567", date(2000, 2, 29)))


@given(BOOKINGS)
def test_what_was_sealed_comes_out(booking):
    token = SEALER.seal("K4M-T7P-R2W", booking)
    assert SEALER.unseal("K4M-T7P-R2W", token, booking.person, booking.sender) == booking


def test_a_payload_of_another_appointment_is_not_read():
    token = SEALER.seal("K4M-T7P-R2W", WHO)
    with pytest.raises(VaultError):
        SEALER.unseal("B2B-B2B-B2B", token, None, None)


def test_only_what_is_under_another_key_is_renewed():
    first, second = make_keys(), make_keys().replace("1:", "2:")
    before, after = Sealer(Vault(first, "f")), Sealer(Vault(f"{second},{first}", "f"))
    token = before.seal("K4M-T7P-R2W", WHO)
    renewed = after.renew("K4M-T7P-R2W", token)
    assert token.startswith(after.prefixes[1])
    assert renewed.startswith(after.prefixes[0])
    assert Sealer(Vault(second, "f")).unseal("K4M-T7P-R2W", renewed, None, None) == WHO
    assert before.document("A1234563") == after.document("A1234563")


@pytest.mark.parametrize("written", ["A1234563", "a123456(3)", " A 123456 (3) ", "A-123456-3"])
def test_a_number_has_one_fingerprint_however_it_is_written(written):
    assert SEALER.document(written) == SEALER.document("A123456(3)")
    assert SEALER.document(written) != SEALER.document("A1234564")
    assert SEALER.document(written) != SEALER.phone(written)


def test_a_telephone_number_has_one_fingerprint():
    assert SEALER.phone("+852 9123 4567") == SEALER.phone("+85291234567")
    assert SEALER.phone("+852 9123 4567") != SEALER.phone("+853 9123 4567")

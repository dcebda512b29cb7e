import pytest

from actions.identity.model import Profile
from actions.identity.profile import profile_of

FULL = {
    "sub": "person-1", "name": "陳大文", "birthdate": "1958-03-01", "phone_number": "+85291234567",
    "phone_number_verified": True, "document_type": "hkid", "document_number": "A123456(3)",
    "email": "chan@example.com", "gender": "male", "picture": "https://example.com/a.png",
}  # fmt: skip


def test_what_we_use_of_a_full_answer():
    assert profile_of(FULL) == Profile("陳大文", "1958-03-01", "hkid", "A123456(3)", "+85291234567")


def test_what_is_not_told_is_not_known():
    assert profile_of({"sub": "person-1"}) == Profile()


@pytest.mark.parametrize(
    "claim, value, field",
    [
        ("name", "", "name"), ("name", 7, "name"), ("name", "a" * 201, "name"),
        ("name", "a\nb", "name"), ("name", "\ud800", "name"), ("name", {"en": "Chan"}, "name"),
        ("birthdate", "1958", "birthdate"), ("birthdate", "0000-03-01", "birthdate"),
        ("birthdate", "1958-02-30", "birthdate"), ("birthdate", 19580301, "birthdate"),
        ("phone_number", "91234567", "phone"), ("phone_number", "+852 9123", "phone"),
        ("phone_number", "tel:+85291234567", "phone"), ("phone_number_verified", False, "phone"),
        ("document_number", "A1234 56", "document_number"), ("document_number", 7, "document_type"),
        ("document_type", "HKID", "document_number"), ("document_type", None, "document_number"),
    ],
)  # fmt: skip
def test_what_is_written_as_it_cannot_be_is_not_told(claim, value, field):
    assert getattr(profile_of({**FULL, claim: value}), field) is None


def test_a_number_that_nobody_called_unverified_counts():
    assert profile_of({"phone_number": "+8613800138000"}).phone == "+8613800138000"

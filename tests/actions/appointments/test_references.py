import re

from actions.appointments.references import REFERENCE, new_reference
from core.privacy import mask


def test_references_are_of_their_form_and_differ():
    drawn = {new_reference() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(REFERENCE.fullmatch(reference) for reference in drawn)
    assert all(re.fullmatch("([A-Z][0-9][A-Z]-){2}[A-Z][0-9][A-Z]", one) for one in drawn)


def test_nothing_in_them_is_taken_for_something_else_or_makes_a_word():
    signs = set("".join(new_reference() for _ in range(2000)))
    assert signs.isdisjoint("AEIOUL01")
    assert len(signs) == 20 + 8 + 1


def test_masking_leaves_them_alone():
    for _ in range(2000):
        reference = new_reference()
        for said in (reference, f"我個預約係{reference}，唔該", f"cancel {reference.lower()} pls"):
            assert mask(said) == said

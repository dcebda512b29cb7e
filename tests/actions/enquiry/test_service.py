"""What is done with a question: a pure function of findings and knowledge."""

import pytest

from actions.enquiry.service import (
    MAX_CHOICES,
    Answer,
    Choose,
    Disambiguate,
    Listing,
    Unknown,
    decide,
)
from tests.support.entries import entry, snapshot_of

SNAPSHOT = snapshot_of(
    *(entry(f"faq:{letter}") for letter in "abcdef"),
    entry("permit:x", related=("faq:x",)),
    entry("faq:x"),
    entry("faq:kiosks", details={"lists": "place"}),
    entry("place:one", cities=("Shenzhen",)),
    entry("place:two", cities=("Shenzhen",)),
    entry("place:far", cities=("Zhuhai",)),
    entry("clinic:one", cities=("Zhuhai",)),
)


def findings(*hits, facts=(), city=None, ambiguity=None):
    return {
        "hits": [{"id": entry_id, "score": score} for entry_id, score in hits],
        "facts": list(facts),
        "city": city,
        "ambiguity": ambiguity,
    }


def test_a_likely_entry_that_stands_alone_is_the_answer():
    outcome = decide(SNAPSHOT, findings(("faq:a", 0.9), ("faq:b", 0.1), facts=["fee"]))
    assert outcome == Answer("faq:a", ("fee",))


def test_two_near_equal_entries_ask_which_is_meant():
    outcome = decide(SNAPSHOT, findings(("faq:a", 0.8), ("faq:b", 0.75), facts=["fee"]))
    assert outcome == Choose(("faq:a", "faq:b"), ("fee",))


def test_near_equal_entries_about_the_same_thing_do_not_ask():
    outcome = decide(SNAPSHOT, findings(("permit:x", 0.8), ("faq:x", 0.75)))
    assert outcome == Answer("permit:x", ())


def test_several_half_likely_entries_are_offered():
    assert decide(SNAPSHOT, findings(("faq:a", 0.4), ("faq:b", 0.3))) == Choose(
        ("faq:a", "faq:b"), ()
    )


def test_at_most_four_choices():
    outcome = decide(SNAPSHOT, findings(*((f"faq:{letter}", 0.5) for letter in "abcde")))
    assert outcome == Choose(("faq:a", "faq:b", "faq:c", "faq:d"), ())
    assert MAX_CHOICES == 4


def test_unlikely_entries_are_no_answer_but_a_suggestion():
    assert decide(SNAPSHOT, findings(("faq:a", 0.2), ("faq:b", 0.05))) == Unknown(("faq:a",))


@pytest.mark.parametrize("nothing", [{}, findings(), findings(("faq:gone", 0.99))])
def test_nothing_found_is_unknown(nothing):
    assert decide(SNAPSHOT, nothing) == Unknown(())


def test_an_ambiguous_word_asks_however_likely_an_entry_is():
    outcome = decide(SNAPSHOT, findings(("faq:a", 0.99), facts=["fee"], ambiguity=1))
    assert outcome == Disambiguate(1, ("fee",))


def test_the_first_ambiguity_counts_too():
    assert decide(SNAPSHOT, findings(("faq:a", 0.99), ambiguity=0)) == Disambiguate(0, ())


def test_a_kind_in_a_city_lists_what_is_there():
    outcome = decide(SNAPSHOT, findings(("faq:kiosks", 0.7), city="Shenzhen"))
    assert outcome == Listing(("place:one", "place:two"), "Shenzhen")


def test_several_places_of_the_city_are_listed():
    outcome = decide(SNAPSHOT, findings(("place:one", 0.5), ("place:two", 0.45), city="Shenzhen"))
    assert outcome == Listing(("place:one", "place:two"), "Shenzhen")


def test_one_place_by_its_name_is_answered_and_not_listed():
    outcome = decide(SNAPSHOT, findings(("place:one", 0.9), ("place:two", 0.1), city="Shenzhen"))
    assert outcome == Answer("place:one", ())


def test_a_city_without_any_of_the_kind_lists_nothing():
    outcome = decide(SNAPSHOT, findings(("faq:kiosks", 0.7), city="Huizhou"))
    assert outcome == Answer("faq:kiosks", ())


def test_a_city_in_a_question_about_something_else_lists_nothing():
    outcome = decide(SNAPSHOT, findings(("faq:a", 0.9), city="Shenzhen"))
    assert outcome == Answer("faq:a", ())

"""A draft: what an answer carries away with it, and the way to the store and back."""

import json

from actions.appointments.draft import Draft


def draft(**values):
    made = Draft("book")
    for slot, value in values.items():
        made.set(slot, value)
    return made


def test_what_depended_on_an_answer_goes_with_it():
    made = draft(
        permit="hkid", application_type="lost", centre="a", date="2026-11-30", time="09:00"
    )
    made.values["slot"] = "s1"
    made.set("permit", "eep")
    assert made.values == {"permit": "eep"}
    assert made.trail == ["permit"]


def test_the_same_answer_again_changes_nothing():
    made = draft(permit="hkid", centre="a", date="2026-11-30", time="09:00")
    before = dict(made.values)
    made.set("centre", "a")
    assert made.values == before


def test_a_first_answer_takes_nothing_away_that_was_given_ahead():
    made = draft(application_type="lost")
    made.set("permit", "hkid")
    assert made.get("application_type") == "lost"


def test_another_day_lets_the_seat_go():
    made = draft(centre="a", date="2026-11-30", time="09:00")
    made.values["slot"] = "s1"
    made.clear("date")
    assert made.values == {"centre": "a"}


def test_wishes_are_forgotten_together():
    made = Draft("book", wish={"first": "2026-11-30"}, nearby=["a"], near="sheung_shui")
    made.forget_wishes()
    assert (made.wish, made.nearby, made.near) == ({}, [], None)


def test_comes_back_as_it_was_kept():
    made = draft(permit="hkid")
    made.options = [[{"phrase": "x"}, "/answer{}"]]
    assert Draft.of(json.loads(json.dumps(made.as_dict()))) == made


def test_each_booking_has_a_key_of_its_own():
    assert Draft("book").key != Draft("book").key

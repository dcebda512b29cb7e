"""The lines by which an entry is found."""

from dataclasses import replace

from nlu.retrieval.lines import fingerprint, lines_of, training_lines
from tests.support.entries import entry, snapshot_of, text

KIOSK = entry("place:kiosk", "Kiosk", ["Where is the kiosk?"], aliases=("self-service machine",))


def test_questions_aliases_and_names_are_lines():
    assert {"Where is the kiosk?", "self-service machine", "Kiosk"} == set(lines_of(KIOSK))


def test_training_lines_are_normalised_and_stand_once():
    lines = [(line.text, line.entry) for line in training_lines(snapshot_of(KIOSK))]
    assert ("where is the kiosk?", "place:kiosk") in lines
    assert len(lines) == len(set(lines)) == 3


def test_a_line_that_two_entries_share_stands_for_both():
    other = entry("place:other", "Kiosk")
    shared = [
        line.entry for line in training_lines(snapshot_of(KIOSK, other)) if line.text == "kiosk"
    ]
    assert sorted(shared) == ["place:kiosk", "place:other"]


def test_the_fingerprint_changes_with_a_line_and_not_with_an_answer():
    assert fingerprint(replace(KIOSK, answer=text("Elsewhere."))) == fingerprint(KIOSK)
    assert fingerprint(replace(KIOSK, aliases=())) != fingerprint(KIOSK)
    asked = replace(KIOSK, questions={"en": ("Where is a kiosk?",)})
    assert fingerprint(asked) != fingerprint(KIOSK)

"""The file of levels: a slip of the pen is told, and opens no door."""

import pytest

from knowledge.identity import Requirement
from knowledge.loader import load_files, snapshot


@pytest.fixture
def levels(folder):
    return folder / "identity" / "levels.yml"


def told(files):
    return [str(fault).split(": ", 1)[1] for file in files.values() for fault in file.faults]


@pytest.mark.parametrize(
    "old, new, sentence",
    [
        ("book_appointment: {level: 0}", "book_appointment: {level: 5}",
         "tasks.book_appointment.level: 5 is not one of 0, 1, 2, 3, 4."),
        ("book_appointment: {level: 0}", "book_appointment: {}",
         "tasks.book_appointment: level is missing."),
        ("  check_application_status: {level: 2}\n", "",
         "tasks: check_application_status is missing."),
        ("max_age_minutes: 15", "max_age_minutes: fifteen",
         "tasks.cancel_appointment.max_age_minutes: this must be a whole number."),
        ("max_age_minutes: 15", "max_age: 15",
         "tasks.cancel_appointment: max_age is not a name that is known here."),
        ("service:search", "search", "services: 'search' does not have the expected form."),
    ],
)  # fmt: skip
def test_a_fault_keeps_what_was_in_force(folder, levels, change, old, new, sentence):
    before = load_files(folder)
    change(levels, old, new)
    after = load_files(folder, before)
    assert told(after) == [sentence]
    assert snapshot(after, folder).requirements == snapshot(before, folder).requirements
    assert snapshot(after, folder).requirements["view_appointment"] == Requirement(2, None)


def test_a_file_that_was_never_good_says_nothing_of_any_task(folder, levels, change):
    change(levels, "book_appointment: {level: 0}", "book_appointment: {}")
    assert snapshot(load_files(folder), folder).requirements == {}


def test_another_file_beside_it_is_told(folder, levels):
    levels.rename(levels.with_name("level.yml"))
    (fault,) = told(load_files(folder))
    assert fault.startswith("Nothing is read from a file of this name")

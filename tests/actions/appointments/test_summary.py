"""What is said about personal answers: enough to check them, too little to use them."""

import pytest

from actions.appointments.draft import Draft
from actions.appointments.say import Say
from actions.appointments.summary import masked_number, note, shown, summarise


@pytest.mark.parametrize(
    "number, masked",
    [("A123456(3)", "A******(3)"), ("H12345678", "H*****678"), ("+852 9123 4567", "+********567"),
     ("110105194912310021", "1**************021"), ("", ""), ("12", "12")],
)  # fmt: skip
def test_numbers_show_both_ends(number, masked):
    assert masked_number(number) == masked


@pytest.mark.parametrize(
    "slot, value, said",
    [("name", "陳大文", "陳**"), ("guardian_name", "Chan Tai", "C*** T**"),
     ("birth_date", "1958-03-05", "1958-**-**"), ("phone", "+85291234567", "+********567"),
     ("centre", "cts_mong_kok", {"centre": "cts_mong_kok"}), ("permit", "eep", {"permit": "eep"}),
     ("application_type", "lost", {"phrase": "appointments.type_lost"})],
)  # fmt: skip
def test_each_answer_is_shown_in_its_way(slot, value, said):
    assert shown(slot, value) == said


def test_the_summary_holds_all_answers_and_nothing_personal_in_plain():
    draft = Draft("book", values={
        "permit": "eep", "application_type": "first", "applicant_side": "mainland",
        "birth_date": "2015-06-01", "centre": "x", "date": "2026-11-30", "time": "09:30",
        "name": "陳小明", "document_number": "110105201506010021", "phone": "+8613800138000",
        "guardian_name": "陳大文", "guardian_document_number": "A123456(3)", "slot": "s",
    })  # fmt: skip
    say = Say()
    summarise(draft, say)
    labels = [label.split("label_")[1] for label, _ in say.details]
    assert labels == [
        "permit", "application_type", "applicant_side", "birth_date", "centre", "moment",
        "name", "document_number", "phone", "guardian_name", "guardian_document_number",
    ]  # fmt: skip
    written = str(say.data)
    for secret in ("小明", "大文", "123456", "1380013", "06-01", "20150601"):
        assert secret not in written


def test_a_note_says_what_was_taken():
    say = Say()
    note(Draft("book", values={"phone": "+85291234567"}), "phone", say, "changed")
    ((phrase, values),) = say.lines
    assert phrase == "appointments.changed"
    assert values["value"] == "+********567"

"""What is said, as data: one question, choices with payloads, names of the contract."""

from actions.appointments.say import Say, choice_of, payload, phrase


def test_a_later_question_takes_the_place_of_an_earlier_one():
    say = Say().ask("date")
    say.choice("x", "date", "2026-11-30")
    say.ask("time", day="x")
    assert say.data["asks"] == "time"
    assert say.data["question"] == ["appointments.ask_time", {"day": "x"}]
    assert say.data["choices"] == []


def test_only_names_of_the_contract_are_told():
    assert Say().ask("resume", "unfinished").data["asks"] == "confirm"
    assert Say().ask("change", "ask_which_answer").data["asks"] == "confirm"
    assert Say().data["asks"] is None


def test_a_payload_can_be_read_back():
    assert choice_of(payload("centre", "cts_mong_kok")) == ("centre", "cts_mong_kok")
    assert choice_of("/stop") is None


def test_a_command_is_a_choice_without_an_answer():
    say = Say()
    say.command("button_stop", "stop")
    assert say.choices == [(phrase("button_stop"), "/stop")]

"""Whole conversations with the real assistant."""

import pytest

from tests.dialogue.transcript import Transcript, play, transcripts

ALL = list(transcripts())


@pytest.mark.model
@pytest.mark.parametrize("transcript", ALL, ids=[transcript.name for transcript in ALL])
async def test_goes_as_written(assistant, transcript):
    faults = await play(assistant.conversation, transcript)
    assert not faults, "\n".join(faults)


def test_every_conversation_has_a_name_of_its_own():
    assert len({transcript.name for transcript in ALL}) == len(ALL)


@pytest.mark.model
async def test_a_transcript_that_does_not_fit_is_told_turn_by_turn(assistant):
    wrong = Transcript(
        "wrong",
        [
            {"say": "hello", "language": "yue", "intent": "thank", "buttons": 9},
            {"say": "how long does a residence permit take", "knowledge": [], "contains": "zebra",
             "lacks": "working", "same": True, "script": "Hans", "asks": "date"},
        ],
    )  # fmt: skip
    faults = await play(assistant.conversation, wrong)
    named = [fault.split("): ")[1].split()[0] for fault in faults]
    assert named[:3] == ["language", "intent", "buttons"]
    assert set(named[3:]) == {"knowledge", "contains", "lacks", "same", "script", "asks"}


@pytest.mark.parametrize(
    "turn", [{"say": "x", "intention": "greet"}, {"intent": "greet"}, {"say": "x", "tap": 1}]
)
def test_a_turn_that_is_written_wrongly_is_refused(tmp_path, turn):
    import json

    (tmp_path / "a.yml").write_text(json.dumps([{"name": "a", "turns": [turn]}]))
    with pytest.raises(ValueError, match="a: a"):
        list(transcripts(tmp_path))

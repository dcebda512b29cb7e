"""Plays a written conversation to the assistant and compares what comes back.

A file under ``transcripts/`` holds a list of conversations. Each has a ``name`` and its ``turns``;
a turn has what the person says and what is expected:

    say        the text; or ``tap``: the number of a button of the last reply, from 1
    language   yue, cmn or en            script     Hant, Hans or null
    intent     an intent, or null        asks       a slot, or null
    knowledge  an entry, any of several, or [] for none
    contains   words, all of them        lacks      words, none of them
    buttons    how many                  same       true: the very reply of the turn before
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "transcripts"
_EXPECTATIONS = {"language", "script", "intent", "asks", "knowledge", "contains", "lacks",
                 "buttons", "same"}  # fmt: skip


@dataclass(frozen=True)
class Transcript:
    """One conversation and the file that it stands in."""

    name: str
    turns: List[Dict[str, Any]]


def transcripts(folder: Path = FOLDER) -> Iterator[Transcript]:
    """All conversations.

    Raises:
        ValueError: a turn has a name that nobody knows, or neither says nor taps anything.
    """
    for path in sorted(folder.rglob("*.yml")):
        for written in YAML(typ="safe").load(path):
            name = f"{path.relative_to(folder).with_suffix('')}: {written['name']}"
            for turn in written["turns"]:
                unknown = set(turn) - _EXPECTATIONS - {"say", "tap"}
                if unknown or ("say" in turn) == ("tap" in turn):
                    raise ValueError(f"{name}: {turn}")
            yield Transcript(name, written["turns"])


async def play(conversation: Any, transcript: Transcript) -> "List[str]":
    """Plays a conversation as one person. Returns what was not as expected."""
    faults: List[str] = []
    last: Optional[Any] = None
    for number, wanted in enumerate(transcript.turns, 1):
        if "tap" in wanted:
            say = last.replies[-1]["buttons"][wanted["tap"] - 1]["payload"]  # type: ignore[union-attr]
        else:
            say = wanted["say"]
        turn = await conversation.turn(transcript.name, say, "transcript")
        for what, found in _differences(wanted, turn, last):
            faults.append(
                f"turn {number} ({str(say)[:40]!r}): {what} {wanted[what]!r}, but {found!r}"
            )
        last = turn
    return faults


def _differences(wanted: Dict[str, Any], turn: Any, last: Any) -> "Iterator[tuple[str, Any]]":
    told = {"language": turn.reader.language, "script": turn.reader.script,
            "intent": turn.intent, "asks": turn.asks}  # fmt: skip
    text = "\n".join(reply["text"] for reply in turn.replies)
    buttons = turn.replies[-1]["buttons"]
    for name, value in told.items():
        if name in wanted and wanted[name] != value:
            yield name, value
    if "knowledge" in wanted:
        any_of = wanted["knowledge"]
        any_of = [any_of] if isinstance(any_of, str) else any_of
        if set(any_of).isdisjoint(turn.knowledge) if any_of else turn.knowledge:
            yield "knowledge", turn.knowledge
    for name, there in (("contains", True), ("lacks", False)):
        words = wanted.get(name, [])
        for word in [words] if isinstance(words, str) else words:
            if (word in text) is not there:
                yield name, text
    if "buttons" in wanted and len(buttons) != wanted["buttons"]:
        yield "buttons", [button["title"] for button in buttons]
    if wanted.get("same") and turn.replies != last.replies:
        yield "same", text

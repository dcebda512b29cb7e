"""Plays a person who answers whatever is asked, so that a script does not hang on the order.

A file holds a list of scripts. A script has

    name       of the whole, where the permit does not tell it
    permit     the permit that it is about
    script     Hant or Hans, where the language is usually written in the other one
    document   the kind of the applicant's number: {document} stands for one made for this script
    told       what the booking must hold in the end, decrypted
    parts      what happens, one after another

and a part

    as         who speaks, if not the applicant
    later      how much later it is: {days: 1}; the conversation is forgotten by then
    full       a slot or a whole day on which nobody else gets a seat: {centre, permit, date, time}
    say        how the person begins
    answers    by the slot that is asked for: what is said, or a list of what is said each time
    contains   words of the last reply, all of them
    lacks      words of the last reply, none of them
    booked     what the database then holds of the last appointment: {centre, date, time, status…};
               null: there is none of this person's

What is said is a text, or a text with what is expected of its reply: {say, asks, contains, lacks}.
Every answer must be asked for: a question that is left out is a fault as well.
"""

from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Union

from ruamel.yaml import YAML

from tests.dialogue.appointments import ledger
from tests.dialogue.talk import Talk
from tests.support import applicants

FOLDER = Path(__file__).parent
LANGUAGES = ("yue", "cmn", "en")
#: More turns than the longest part has.
_MOST = 40
_USUAL = {"yue": "Hant", "cmn": "Hans", "en": None}
_SCRIPT = {"name", "permit", "script", "document", "told", "parts"}
_PART = {"as", "later", "full", "say", "answers", "contains", "lacks", "booked"}
_SAID = {"say", "asks", "contains", "lacks"}

Said = Union[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Script:
    """One script, its language, and a number that no other one has."""

    language: str
    number: int
    written: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.language}-{self.written.get('name') or self.written['permit']}"


def scripts(kind: str) -> "Iterator[Script]":
    """All scripts of a folder: ``permits`` or ``ways``.

    Raises:
        ValueError: something is named that nobody knows.
    """
    for offset, language in enumerate(LANGUAGES):
        for number, written in enumerate(YAML(typ="safe").load(FOLDER / kind / f"{language}.yml")):
            script = Script(
                language, (200 if kind == "permits" else 500) + 50 * offset + number, written
            )
            _check(script)
            yield script


def _check(script: Script) -> None:
    unknown = set(script.written) - _SCRIPT
    for part in script.written["parts"]:
        unknown |= set(part) - _PART
        answers = chain.from_iterable(map(_list, part.get("answers", {}).values()))
        for said in (part["say"], *answers):
            unknown |= set(said) - _SAID if isinstance(said, Mapping) else set()
    if unknown:
        raise ValueError(f"{script.name}: {unknown}")


def document_of(script: Script) -> str:
    """The number of the applicant's document."""
    told, kind = script.written.get("told", {}), script.written.get("document", "hkid")
    if kind == "mainland_id":
        return applicants.mainland_id(script.number, told["birth_date"])
    return str(getattr(applicants, kind)(script.number))


@dataclass
class Stage:
    """Where scripts are played: the assistant and its clock."""

    assistant: Any
    clock: Any
    people: Dict[str, Talk] = field(default_factory=dict)

    def person(self, script: Script, who: str = "applicant") -> Talk:
        """Somebody of a script. Those of one script know the same things."""
        sender = f"{script.name} {who}"
        if sender not in self.people:
            others = [t for s, t in self.people.items() if s.startswith(f"{script.name} ")]
            self.people[sender] = Talk(self.assistant, sender, document=document_of(script))
            if others:
                self.people[sender].values = others[0].values
        return self.people[sender]

    async def play(self, script: Script) -> None:
        """Plays a script.

        Raises:
            AssertionError: something was not as written.
        """
        for number, part in enumerate(script.written["parts"], 1):
            person = self.person(script, part.get("as", "applicant"))
            if "later" in part:
                self.clock.turn(**part["later"])
                await person.forget()
            if "full" in part:
                await ledger.fill(self.assistant.office.book, **part["full"])
            await _Part(script, number, person).play(part)
            if "booked" in part:
                self._check_booked(script, person, part["booked"])
        if "told" in script.written:
            self._check_told(script)

    def _check_booked(
        self, script: Script, person: Talk, booked: "Mapping[str, Any] | None"
    ) -> None:
        kept = ledger.of_sender(self.assistant.database, person.sender)
        if booked is None:
            assert kept == []
            return
        found, wanted = kept[-1], {"permit": script.written["permit"], **booked}
        wanted = {name: str(value) for name, value in wanted.items()}
        kept_so = {name: str(found[name]) for name in wanted}
        assert kept_so == wanted, f"{kept_so} and not {wanted}"
        assert found["reference"] == person.values["reference"]

    def _check_told(self, script: Script) -> None:
        person, told = self.person(script), script.written["told"]
        (kept,) = ledger.of_sender(self.assistant.database, person.sender)
        sealed = ledger.told(self.assistant.settings, kept)
        sealed = {**sealed["applicant"], **sealed, "applicant": None}
        for name, value in {"document_number": document_of(script), **told}.items():
            assert ledger.signs(sealed[name]) == ledger.signs(value), name
        plain = ledger.written(self.assistant.database)
        secret = {n: v for n, v in told.items() if n not in ("application_type", "applicant_side")}
        for form in ledger.forms(document_of(script), *secret.values()):
            assert form not in plain, "a table holds something personal in plain"


class _Part:
    """One part of a script while it is played."""

    def __init__(self, script: Script, number: int, person: Talk) -> None:
        self._script = script
        self._number = number
        self._person = person
        self._trail: List[str] = []

    async def play(self, part: Mapping[str, Any]) -> None:
        left = {slot: _list(said) for slot, said in part.get("answers", {}).items()}
        await self._say(part["say"])
        while (asked := self._person.turn.asks) is not None:
            assert len(self._trail) < _MOST, self._so_far("no end")
            assert left.get(asked), self._so_far(f"nothing is left to answer {asked}")
            await self._say(left[asked].pop(0))
        unasked = [slot for slot, said in left.items() if said]
        assert not unasked, self._so_far(f"not asked for: {unasked}")
        self._check_words(part)

    async def _say(self, said: Said) -> None:
        expected = said if isinstance(said, Mapping) else {"say": said}
        turn = await self._person.say(str(expected["say"]))
        self._trail.append(f"{expected['say']} → {turn.asks}: {self._person.text}")
        if "asks" in expected:
            assert turn.asks == expected["asks"], self._so_far(f"not asked: {expected['asks']}")
        self._check_words(expected)
        language, script = self._script.language, self._script.written.get("script")
        wanted = (language, script or _USUAL[language])
        reader = (turn.reader.language, turn.reader.script)
        assert reader == wanted, self._so_far(f"answered in {reader}")

    def _check_words(self, expected: Mapping[str, Any]) -> None:
        for word in _list(expected.get("contains", [])):
            word = str(word).format(**self._person.values)
            assert word in self._person.text, self._so_far(f"without {word!r}")
        for word in _list(expected.get("lacks", [])):
            word = str(word).format(**self._person.values)
            assert word not in self._person.text, self._so_far(f"with {word!r}")

    def _so_far(self, fault: str) -> str:
        return "\n".join([f"part {self._number}: {fault}", *self._trail])


def _list(one_or_more: Any) -> "List[Any]":
    several = isinstance(one_or_more, Sequence) and not isinstance(one_or_more, str)
    return list(one_or_more) if several else [one_or_more]

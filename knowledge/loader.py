"""Reads the content folder into a snapshot.

A file that cannot be used is reported and left out; where an earlier version of it was good, that
version stays in force, so that a slip of the pen never takes an answer away.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Mapping, Optional

from knowledge import schemas
from knowledge.appointments import Centre, Locality, PermitRules
from knowledge.fault import Fault
from knowledge.files import line_of, read_yaml
from knowledge.identity import Requirement
from knowledge.model import (
    KINDS,
    Ambiguity,
    Department,
    Entry,
    FactName,
    Snapshot,
    Term,
    Text,
    Wording,
)

#: Top-level folders of the content; the kind of an entry is the first half of its id.
ENTRY_FOLDERS = ("services", "permits", "places", "hotlines", "topics")
_REFERENCE = (
    "departments", "facts", "cities", "official_hosts", "ambiguities", "qualifiers",
    "application_types", "applicant_sides",
)  # fmt: skip
#: The files under ``appointments`` that hold many things; each centre has a file of its own.
_APPOINTMENTS = {"localities": "localities", "permits": "permit_rules"}


@dataclass(frozen=True)
class LoadedFile:
    """A file's fingerprint, its last good content, and the faults of its present content.

    ``good`` is the fingerprint of the last good content, None when there was none.
    """

    fingerprint: str
    content: Any
    good: Optional[str]
    faults: tuple[Fault, ...] = ()

    @cached_property
    def entry(self) -> Entry:
        """The entry in the content, made once: of a thousand files one has changed."""
        return Entry.of(self.content)


Files = Mapping[Path, LoadedFile]


def load_files(folder: Path, previous: Optional[Files] = None) -> Files:
    """Reads every ``.yml`` file below ``folder``, unchanged ones not again.

    Args:
        folder: the content folder.
        previous: what the last call returned.
    """
    previous = previous or {}
    files: dict[Path, LoadedFile] = {}
    for path in sorted(folder.rglob("*.yml")):
        try:
            data = path.read_bytes()
        except OSError as error:
            fault = Fault(path, 1, f"The file cannot be read ({error.strerror}).")
            last = previous.get(path)
            content, good = (last.content, last.good) if last else (None, None)
            files[path] = LoadedFile("", content, good, (fault,))
            continue
        fingerprint = hashlib.sha256(data).hexdigest()
        known = previous.get(path)
        if known and known.fingerprint == fingerprint:
            files[path] = known
        else:
            files[path] = _load(path, folder, data, fingerprint, known)
    return files


def _load(
    path: Path, folder: Path, data: bytes, fingerprint: str, known: Optional[LoadedFile]
) -> LoadedFile:
    content = read_yaml(path, data)
    schema = schema_of(path.relative_to(folder), content)
    if isinstance(content, Fault):
        faults: tuple[Fault, ...] = (content,)
    elif schema is None:
        faults = (Fault(path, 1, _unknown(path.relative_to(folder))),)
    else:
        faults = tuple(
            Fault(path, line_of(data, place), sentence)
            for place, sentence in schemas.check(schema, content)
        )
        if not faults and (wrong := _misnamed(schema, content, path.stem)):
            faults = (Fault(path, line_of(data, ["id"]), wrong),)
    if faults:
        content, good = (known.content, known.good) if known else (None, None)
        return LoadedFile(fingerprint, content, good, faults)
    return LoadedFile(fingerprint, content, fingerprint)


def _misnamed(schema: str, content: Any, name: str) -> Optional[str]:
    """What is wrong with an id that is not its file's name."""
    if schema in KINDS and content["id"].split(":")[1] != name:
        return f"id: the file is called {name}, so the id must end in “:{name}”."
    if schema == "centre" and content["id"] != name:
        return f"id: the file is called {name}, so the id must be “{name}”."
    return None


def schema_of(path: Path, content: Any) -> Optional[str]:
    """The name of the schema for a file, by its folder and, for entries, by its id.

    None for an id without a kind and for a file that stands where nothing is read.
    """
    top = path.parts[0]
    if top in ENTRY_FOLDERS:
        kind = str(content.get("id", "")).split(":")[0] if isinstance(content, dict) else ""
        return kind if kind in KINDS else None
    if top == "reference":
        return path.stem if path.stem in _REFERENCE else None
    if top == "identity":
        return "levels" if path.parts[1:] == ("levels.yml",) else None
    if top == "appointments":
        if path.parts[1] == "centres":
            return "centre"
        return _APPOINTMENTS.get(path.stem) if len(path.parts) == 2 else None
    return top if top in ("ui", "glossary") and len(path.parts) > 1 else None


def _unknown(path: Path) -> str:
    if path.parts[0] in ENTRY_FOLDERS:
        return "The id must start with a kind, as in “faq:my-question”."
    return "Nothing is read from a file of this name in this folder. Move it or remove it."


def snapshot(files: Files, folder: Path) -> Snapshot:
    """The snapshot of the good contents of ``files``; of two entries with one id the first wins."""
    entries: dict[str, Entry] = {}
    phrases: dict[str, Text] = {}
    buttons: dict[str, tuple[tuple[Text, str], ...]] = {}
    reference: dict[str, Any] = {name: {} for name in _REFERENCE}
    terms: list[Term] = []
    centres: dict[str, Centre] = {}
    appointments: dict[str, Any] = {"localities": {}, "permits": {}}
    requirements: dict[str, Requirement] = {}
    digest = hashlib.sha256()
    for path, file in files.items():
        content, top = file.content, path.relative_to(folder).parts[0]
        if file.good is None:
            continue
        digest.update(f"{path.relative_to(folder)}:{file.good}\n".encode())
        if top in ENTRY_FOLDERS:
            entries.setdefault(content["id"], file.entry)
        elif top == "ui":
            for key, value in content.items():
                texts = {name: value[name] for name in value if name != "buttons"}
                phrases[key] = Text.of(texts)
                buttons[key] = tuple(
                    (Text.of(b["title"]), b["payload"]) for b in value.get("buttons", ())
                )
        elif top == "glossary":
            terms += [_term(item) for item in content["terms"]]
        elif top == "appointments":
            if "id" in content:
                centres.setdefault(content["id"], Centre.of(content))
            else:
                appointments[path.stem] = content
        elif top == "identity":
            raw = {**content["tasks"], **content.get("services", {})}
            requirements = {name: Requirement.of(item) for name, item in raw.items()}
        elif path.stem in reference:
            reference[path.stem] = content
    return Snapshot(
        revision=digest.hexdigest()[:16],
        entries=entries,
        phrases=phrases,
        buttons=buttons,
        departments={
            code: Department(Text.of(item["name"]), item.get("ask"))
            for code, item in reference["departments"].items()
        },
        fact_names={
            name: FactName(Text.of(item["label"]), tuple(item["words"]))
            for name, item in reference["facts"].items()
        },
        cities={name: Text.of(item) for name, item in reference["cities"].items()},
        official_hosts={host: Text.of(name) for host, name in reference["official_hosts"].items()},
        ambiguities=tuple(_ambiguity(i) for i in reference["ambiguities"].get("ambiguities", ())),
        qualifiers=tuple(map(tuple, reference["qualifiers"].get("qualifiers", ()))),
        application_types=_wordings(reference["application_types"]),
        applicant_sides=_wordings(reference["applicant_sides"]),
        terms=tuple(terms),
        centres=centres,
        localities={
            key: Locality.of(item)
            for key, item in appointments["localities"].get("localities", {}).items()
        },
        near_words=tuple(appointments["localities"].get("near", ())),
        permit_rules={key: PermitRules.of(i) for key, i in appointments["permits"].items()},
        requirements=requirements,
    )


def _term(raw: Mapping[str, Any]) -> Term:
    return Term(tuple(raw["colloquial"]), tuple(raw["formal"]), raw["en"])


def _wordings(raw: Mapping[str, Any]) -> "dict[str, Wording]":
    return {
        name: Wording(tuple(item["words"]), tuple(item.get("hints", ())))
        for name, item in raw.items()
    }


def _ambiguity(raw: Mapping[str, Any]) -> Ambiguity:
    return Ambiguity(
        words=tuple(raw["words"]),
        unless=tuple(raw.get("unless", ())),
        question=Text.of(raw["question"]),
        choices=tuple((Text.of(c["title"]), c["entry"]) for c in raw["choices"]),
        longest=raw.get("longest", Ambiguity.longest),
    )

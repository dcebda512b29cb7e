"""Looks at all files together: what a single file's schema cannot see."""

import json
import re
import string
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any, Collection, Iterator, Sequence, Union
from urllib.parse import urlsplit

from core.script import to_simplified
from knowledge import lint_appointments
from knowledge.fault import Fault
from knowledge.files import line_of
from knowledge.loader import ENTRY_FOLDERS, load_files
from knowledge.model import VARIANTS
from knowledge.official import is_official

_HOST = re.compile(
    r"(?<![A-Za-z0-9.-])((?:[A-Za-z0-9-]+\.)+(?:com|net|org|info|io|app|hk|cn|mo))(?![A-Za-z0-9-])"
)
#: Files of choices and the words by which people say them.
_WORDINGS = ("application_types.yml", "applicant_sides.yml")
_Place = Sequence[Union[str, int]]


def check(folder: Path) -> list[Fault]:
    """All faults of the content in ``folder``, in the order of the files."""
    files = load_files(folder)
    faults = [fault for file in files.values() for fault in file.faults]
    good = {path: file.content for path, file in files.items() if not file.faults}
    for path, place, sentence in _across(good, folder):
        faults.append(Fault(path, line_of(path.read_bytes(), place), sentence))
    return sorted(faults, key=lambda fault: (fault.path, fault.line))


def _across(files: "dict[Path, Any]", folder: Path) -> Iterator[tuple[Path, _Place, str]]:
    def top(path: Path) -> str:
        return path.relative_to(folder).parts[0]

    entries = {path: c for path, c in files.items() if top(path) in ENTRY_FOLDERS}
    ids: dict[str, Path] = {}
    for path, content in entries.items():
        if content["id"] in ids:
            first = ids[content["id"]].name
            yield path, ["id"], f"id: {content['id']} stands in {first} as well."
        ids.setdefault(content["id"], path)
    hosts = files.get(folder / "reference" / "official_hosts.yml", {})
    departments = files.get(folder / "reference" / "departments.yml", {})
    for path, content in entries.items():
        yield from _entry(path, content, ids, hosts, departments)
    yield from _same_questions(entries)
    yield from lint_appointments.check(files, folder, ids)
    for path, content in files.items():
        yield from ((path, place, words) for place, words in _references(content, ids))
        yield from ((path, place, words) for place, words in _scripts(content))
        yield from ((path, place, words) for place, words in _addresses(content, hosts))
        if path.name in _WORDINGS and top(path) == "reference":
            yield from ((path, place, words) for place, words in _same_words(content))
        if path == folder / "appointments" / "localities.yml":
            yield from (
                (path, ["localities", *place], words)
                for place, words in _same_words(content["localities"], ("name", "aliases"))
            )
        if path == folder / "identity" / "levels.yml":
            for service in content.get("services", {}):
                if service not in ids:
                    yield path, ["services", service], f"services: there is no entry {service}."
        if top(path) == "ui":
            yield from ((path, place, words) for place, words in _placeholders(content))


def _entry(
    path: Path, content: Any, ids: "dict[str, Path]", hosts: "dict[str, Any]", departments: Any
) -> Iterator[tuple[Path, _Place, str]]:
    for i, target in enumerate(content.get("related", [])):
        if target not in ids:
            yield path, ["related", i], f"related: there is no entry {target}."
        if target == content["id"]:
            yield path, ["related", i], "related: the entry names itself."
    if content.get("department") and content["department"] not in departments:
        yield (
            path,
            ["department"],
            f"department: {content['department']} is not in departments.yml.",
        )
    link = content.get("link")
    if link and not is_official(urlsplit(link).hostname or "", hosts):
        yield path, ["link"], f"link: {urlsplit(link).hostname} is not an official host."
    if any(value is None for value in content["facts"].values()) and not (
        content.get("ask") or content.get("department")
    ):
        yield path, ["facts"], "facts: something is unknown, but “ask” names no hotline for it."


def _references(content: Any, ids: "dict[str, Path]") -> Iterator[tuple[_Place, str]]:
    """Entries that buttons, departments and ambiguous words point to."""
    for place, key, value in _walk(content):
        if key == "payload" and value.startswith("/choose"):
            try:
                target = json.loads(value[len("/choose") :])["entry"]
            except (ValueError, KeyError):
                yield place, 'payload: after /choose there must be {"entry": "…"}.'
                continue
            if target not in ids:
                yield place, f"payload: there is no entry {target}."
        elif key in ("entry", "ask") and value not in ids:
            yield place, f"{key}: there is no entry {value}."


def _scripts(
    content: Any, place: "tuple[Union[str, int], ...]" = ()
) -> Iterator[tuple[_Place, str]]:
    """Traditional characters in a text for Mainland readers."""
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from _scripts(value, (*place, key))
        elif key == "zh_hans" and value != content.get("en"):  # the same everywhere: a native name
            wrong = {c for c in value if to_simplified(c) != c}
            if wrong:
                yield [*place, key], f"zh_hans: {'、'.join(sorted(wrong))} is Traditional script."


def _addresses(content: Any, hosts: "dict[str, Any]") -> Iterator[tuple[_Place, str]]:
    """Addresses in a text for readers that lead to a host which nobody has vouched for."""
    for place, key, value in _walk(content):
        if key in VARIANTS and len(place) > 1 and "questions" not in place:
            for host in dict.fromkeys(_HOST.findall(value)):
                if not is_official(host, hosts):
                    yield place, f"{key}: {host} is not an official host."


def _placeholders(content: Any) -> Iterator[tuple[_Place, str]]:
    """The same {names} in every language, or a sentence loses its number."""
    for key, texts in content.items():
        found: dict[str, set[str]] = {}
        for variant in ("en", "yue", "zh_hant", "zh_hans"):
            try:
                parsed = string.Formatter().parse(texts[variant])
                found[variant] = {name for _, name, _, _ in parsed if name}
            except ValueError:
                yield [key, variant], f"{key}: a {{ or }} stands alone in {variant}."
                return
        for variant, names in found.items():
            if names != found["en"]:
                yield [key, variant], f"{key}: {variant} and en name different {{…}}."


def _same_questions(entries: "dict[Path, Any]") -> Iterator[tuple[Path, _Place, str]]:
    seen: dict[str, list[tuple[Path, _Place]]] = defaultdict(list)
    for path, content in entries.items():
        for language, lines in content["questions"].items():
            for i, line in enumerate(lines):
                seen[plain(line)].append((path, ["questions", language, i]))
    for places in seen.values():
        owners = {path for path, _ in places}
        if len(owners) > 1:
            path, place = places[-1]
            other = next(p for p in sorted(owners) if p != path)
            yield path, place, f"questions: the same question stands in {other.name}."


def _same_words(
    content: Any, of: Collection[str] = ("words", "hints")
) -> Iterator[tuple[_Place, str]]:
    """A word that stands for two choices stands for none; ``of`` names what holds the words."""
    seen: dict[str, str] = {}
    for place, _, word in _walk(content):
        if place[1] not in of:
            continue
        choice = str(place[0])
        first = seen.setdefault(plain(word), choice)
        if first != choice:
            yield place, f"{choice}: “{word}” stands under {first} as well."


def plain(line: str) -> str:
    """A line without case, script, spaces and punctuation, to tell whether two are the same."""
    return re.sub(r"[\W_]", "", to_simplified(unicodedata.normalize("NFKC", line).lower()))


def _walk(
    content: Any, place: "tuple[Union[str, int], ...]" = ()
) -> Iterator[tuple[_Place, str, str]]:
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in items:
        if isinstance(value, str):
            yield [*place, key], str(key), value
        elif isinstance(value, (dict, list)):
            yield from _walk(value, (*place, key))

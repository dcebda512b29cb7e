"""Small pieces of knowledge, made by hand."""

from typing import Any, Mapping, Sequence

from knowledge.model import Entry, Snapshot, Source, Text


def text(words: str) -> Text:
    """The same words in every language."""
    return Text(en=words, zh_hant=words, zh_hans=words, yue=words)


def entry(
    entry_id: str,
    name: str = "",
    questions: Sequence[str] = (),
    facts: Mapping[str, Any] = {},
    **more: Any,
) -> Entry:
    """An entry with English questions."""
    return Entry(
        id=entry_id,
        name=text(name or entry_id),
        answer=text(f"About {name or entry_id}."),
        facts=facts,
        questions={"en": tuple(questions)},
        sources=(Source("a leaflet"),),
        as_of="2026-01-01",
        confidence="high",
        **more,
    )


def snapshot_of(*entries: Entry, **more: Any) -> Snapshot:
    """A snapshot of these entries and, unless given, nothing else."""
    nothing: "dict[str, Any]" = {
        "phrases": {}, "buttons": {}, "departments": {}, "fact_names": {}, "cities": {},
        "official_hosts": {}, "ambiguities": (), "qualifiers": (), "terms": (),
        "application_types": {}, "applicant_sides": {}, "centres": {}, "localities": {},
        "near_words": (), "permit_rules": {}, "requirements": {},
    }  # fmt: skip
    return Snapshot(revision="by hand", entries={e.id: e for e in entries}, **{**nothing, **more})

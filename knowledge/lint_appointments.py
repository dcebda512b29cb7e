"""Looks at centres, localities and rules of permits together, as lint does at everything else."""

from pathlib import Path
from typing import Any, Collection, Iterator, Mapping, Sequence, Union

from knowledge.appointments import Opening, side_of
from knowledge.text import VARIANTS

_Fault = tuple[Path, Sequence[Union[str, int]], str]


def check(files: Mapping[Path, Any], folder: Path, entries: Collection[str]) -> Iterator[_Fault]:
    """The faults that the files of appointments have beside one another.

    Args:
        files: the contents that have no fault of their own.
        folder: the content folder.
        entries: the ids of all entries.
    """
    place = folder / "appointments"
    localities = files.get(place / "localities.yml", {}).get("localities")
    rules = files.get(place / "permits.yml")
    if localities is not None:
        yield from _localities(place / "localities.yml", localities)
    for permit in rules or ():
        if f"permit:{permit}" not in entries:
            yield place / "permits.yml", [permit], f"{permit}: there is no entry permit:{permit}."
        other = (rules or {})[permit].get("non_chinese")
        if other and other not in (rules or ()):
            at = [permit, "non_chinese"]
            yield place / "permits.yml", at, f"non_chinese: {other} is not in permits.yml."
    for path, centre in files.items():
        if path.parent == place / "centres":
            yield from ((path, *fault) for fault in _centre(centre, localities, rules))


def _localities(path: Path, localities: Mapping[str, Any]) -> Iterator[_Fault]:
    for key, item in localities.items():
        above, seen = item.get("within"), {key}
        while above in localities and above not in seen:
            seen.add(above)
            above = localities[above].get("within")
        if above in seen:
            yield path, ["localities", key, "within"], f"{key}: the place is within itself."
        elif above is not None:
            yield path, ["localities", key, "within"], f"{key}: there is no place {above}."
        elif any(localities[other]["city"] != item["city"] for other in seen):
            yield path, ["localities", key, "city"], f"{key}: the larger place is in another city."


def _centre(
    centre: Mapping[str, Any], localities: Any, rules: Any
) -> Iterator[tuple[Sequence[Union[str, int]], str]]:
    place = centre["locality"]
    if localities is not None and place not in localities:
        yield ["locality"], f"locality: {place} is not in localities.yml."
    elif localities is not None and side_of(localities[place]["city"]) != centre["side"]:
        yield ["side"], f"side: {place} is not on the side {centre['side']}."
    for i, permit in enumerate(centre["permits"]):
        if rules is not None and permit not in rules:
            yield ["permits", i], f"permits: {permit} is not in permits.yml."
    for variant in VARIANTS:
        if centre["demo"] and "DEMO" not in centre["name"].get(variant, "DEMO"):
            yield ["name", variant], f"name: a demo centre must say DEMO in {variant}."
    yield from _openings(centre["opening"])


def _openings(opening: Any) -> Iterator[tuple[Sequence[Union[str, int]], str]]:
    hours = [Opening.of(item) for item in opening]
    for i, one in enumerate(hours):
        if not one.starts:
            yield ["opening", i, "to"], "opening: there is no time for an appointment."
        for other in hours[:i]:
            if one.days & other.days and one.start < other.end and other.start < one.end:
                yield ["opening", i, "from"], "opening: the hours overlap with others of that day."
                break

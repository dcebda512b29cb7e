"""Words what a form says: sentences, a list of details, one question with its choices.

The form hands over names of phrases and values to be worded (actions.appointments.say); here they
become text in one language. A value is plain text, or one of the kinds below.
"""

from datetime import date, datetime, time
from typing import Any, Callable, Mapping, Tuple

from knowledge import answers, moments
from knowledge.model import Snapshot, Text, Variant
from knowledge.reply import Button, Detail, Link, Reply

Worder = Callable[[Snapshot, Any, Variant], str]


def dialogue(snapshot: Snapshot, args: Mapping[str, Any], variant: Variant) -> Reply:
    """The reply for ``Say.data``.

    Raises:
        KeyError: a phrase, permit or centre is not in the knowledge any more.
    """
    lines = [_sentence(snapshot, line, variant) for line in args["lines"]]
    question = _sentence(snapshot, args["question"], variant) if args.get("question") else ""
    details = tuple(
        Detail(answers.words(snapshot, label, variant), _items(snapshot, value, variant))
        for label, value in args["details"]
    )
    if not details and question:
        lines.append(question)
    return Reply(
        lead="\n".join(lines) or question,
        details=details,
        note=question if details and lines else "",
        buttons=tuple(
            Button(word(snapshot, title, variant), payload) for title, payload in args["choices"]
        ),
        link=_link(snapshot, args.get("link"), variant),
    )


def _sentence(snapshot: Snapshot, line: Tuple[str, Mapping[str, Any]], variant: Variant) -> str:
    name, values = line
    worded = {key: word(snapshot, value, variant) for key, value in values.items()}
    return answers.words(snapshot, name, variant, **worded)


def word(snapshot: Snapshot, value: Any, variant: Variant) -> str:
    """A value in words."""
    if not isinstance(value, Mapping):
        return str(value)
    kind = next(iter(value))
    if kind == "phrase":
        return _sentence(snapshot, (value["phrase"], value.get("values", {})), variant)
    return _WORDED[kind](snapshot, value[kind], variant)


def _items(snapshot: Snapshot, value: Any, variant: Variant) -> Tuple[str, ...]:
    """A detail's lines; a fact can have several."""
    if isinstance(value, Mapping) and "fact" in value:
        entry, name = value["fact"]
        fact = snapshot.entries[entry].facts.get(name) or ()
        return tuple(text.get(variant) for text in fact)
    return (word(snapshot, value, variant),)


def _link(snapshot: Snapshot, link: Any, variant: Variant) -> "Link | None":
    if not link:
        return None
    name, url = link
    title = name if "." in name else f"appointments.{name}"
    return Link(answers.words(snapshot, title, variant), url)


def permit_name(snapshot: Snapshot, key: str, variant: Variant) -> str:
    """What a permit is called in a sentence or on a button: its short name, if it has one.

    Its key when it is not in the knowledge any more: an appointment outlives the files.
    """
    found = snapshot.permit_rules.get(key) or snapshot.entries.get(f"permit:{key}")
    return found.name.get(variant) if found else key


def application_name(snapshot: Snapshot, key: str, variant: Variant) -> str:
    """What was applied for, by its entry; a plain word when it is not in the knowledge."""
    found = snapshot.entries.get(key)
    if found is None:
        return answers.words(snapshot, "account.other_application", variant)
    kind, _, permit = key.partition(":")
    return permit_name(snapshot, permit, variant) if kind == "permit" else found.name.get(variant)


def centre_name(snapshot: Snapshot, key: str, variant: Variant) -> str:
    """What a centre is called; its key when it is not in the knowledge any more."""
    found = snapshot.centres.get(key)
    return found.name.get(variant) if found else key


def centre_address(snapshot: Snapshot, key: str, variant: Variant) -> str:
    """A centre's address; nothing when it is not in the knowledge any more."""
    found = snapshot.centres.get(key)
    return found.address.get(variant) if found else ""


def _moment(snapshot: Snapshot, iso: str, variant: Variant) -> str:
    return moments.moment_words(datetime.fromisoformat(iso), variant)


def _permit_at(snapshot: Snapshot, value: Any, variant: Variant) -> str:
    permit, iso = value
    return f"{permit_name(snapshot, permit, variant)} {_moment(snapshot, iso, variant)}"


_WORDED: Mapping[str, Worder] = {
    "texts": lambda snapshot, texts, variant: Text.of(texts).get(variant),
    "permit": permit_name,
    "application": application_name,
    "permit_at": _permit_at,
    "centre": centre_name,
    "address": centre_address,
    "locality": lambda snapshot, key, variant: snapshot.localities[key].name.get(variant),
    "hotline": lambda snapshot, key, variant: answers.contact(snapshot, key, variant),
    "day": lambda snapshot, iso, variant: moments.day_words(date.fromisoformat(iso), variant),
    "time": lambda snapshot, iso, variant: moments.time_words(time.fromisoformat(iso), variant),
    "moment": _moment,
    "side": lambda snapshot, key, variant: answers.words(
        snapshot, f"appointments.side_{key}", variant
    ),
    "document": lambda snapshot, kind, variant: answers.words(
        snapshot, f"appointments.document_{kind}", variant
    ),
}

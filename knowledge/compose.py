"""Turns the name of a reply and its arguments into words: one pure function of the snapshot."""

from typing import Any, Callable, Mapping

from knowledge import answers
from knowledge.dialogue import dialogue
from knowledge.model import Snapshot, Variant
from knowledge.reply import Reply

Args = Mapping[str, Any]


def compose(snapshot: Snapshot, name: str, args: Args, variant: Variant) -> Reply:
    """Words a reply.

    Args:
        name: one of the composed replies below, or the key of a phrase.
        args: what the reply is made from, as JSON data; ``simple`` asks for the short form.

    Raises:
        KeyError: there is no such reply, or it speaks of an entry that no longer exists.
    """
    composer = _COMPOSED.get(name)
    reply = (
        composer(snapshot, args, variant) if composer else _phrase(snapshot, name, args, variant)
    )
    return answers.simplified(snapshot, reply, variant) if args.get("simple") else reply


def _phrase(snapshot: Snapshot, name: str, args: Args, variant: Variant) -> Reply:
    values = {key: str(value) for key, value in args.items() if isinstance(value, (str, int))}
    return answers.phrase(snapshot, name, variant, **values)


def _answer(snapshot: Snapshot, args: Args, variant: Variant) -> Reply:
    return answers.answer(snapshot, args["entry"], variant, args.get("facts", ()))


def _choices(snapshot: Snapshot, args: Args, variant: Variant) -> Reply:
    """Which of these entries is meant? What was asked about them is kept for the answer."""
    named = [(snapshot.entries[i].name.get(variant), i) for i in args["entries"]]
    question = answers.words(snapshot, "reply.which_one_of", variant)
    return answers.clarify(question, named, _first(args))


def _ambiguity(snapshot: Snapshot, args: Args, variant: Variant) -> Reply:
    asked = snapshot.ambiguities[args["ambiguity"]]
    named = [(title.get(variant), entry) for title, entry in asked.choices]
    return answers.clarify(asked.question.get(variant), named, _first(args))


def _listing(snapshot: Snapshot, args: Args, variant: Variant) -> Reply:
    return answers.listing(snapshot, args["entries"], args["city"], variant)


def _not_understood(snapshot: Snapshot, args: Args, variant: Variant) -> Reply:
    """The nearest entries as choices, or the main topics when nothing comes near."""
    plain = answers.phrase(snapshot, "utter_not_understood", variant)
    if not args.get("entries"):
        return plain
    named = [(snapshot.entries[i].name.get(variant), i) for i in args["entries"][:3]]
    person = plain.buttons[-1:]
    return Reply(plain.lead, buttons=answers.clarify("", named).buttons + person)


def _first(args: Args) -> "str | None":
    facts = args.get("facts") or ()
    return facts[0] if facts else None


_COMPOSED: "dict[str, Callable[[Snapshot, Args, Variant], Reply]]" = {
    "answer": _answer,
    "choices": _choices,
    "ambiguity": _ambiguity,
    "dialogue": dialogue,
    "listing": _listing,
    "not_understood": _not_understood,
}

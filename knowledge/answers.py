"""Words an answer: which facts come first, what is said of the unknown, where it comes from."""

import json
from dataclasses import replace
from datetime import date
from typing import Iterable, Optional, Sequence

from knowledge.model import Entry, Fact, Snapshot, Variant
from knowledge.moments import date_words
from knowledge.official import official_url
from knowledge.reply import Button, Detail, Link, Reply
from knowledge.sources import official_source

#: At most this many details, next steps and listed entries: more is hard to follow by ear.
MAX_DETAILS, MAX_BUTTONS, MAX_LISTED = 4, 4, 8
#: A fact with more parts than this is offered as a next step instead of being shown at once.
MAX_ITEMS = 3
_SHORT_HOURS = 40
#: The order in which facts are shown when nobody asked for a certain one.
_ORDER = tuple(
    "phone hours who fee time validity where online transport documents when how services types "
    "rules lost login languages".split()
)


def choose(entry_id: str, fact: Optional[str] = None) -> str:
    """The payload of a button that asks for an entry, or for one fact of it."""
    chosen = {"entry": entry_id} if fact is None else {"entry": entry_id, "fact": fact}
    return "/choose" + json.dumps(chosen)


def phrase(snapshot: Snapshot, key: str, variant: Variant, **values: str) -> Reply:
    """A sentence of the assistant with its buttons.

    Raises:
        KeyError: the knowledge has no such phrase.
    """
    buttons = tuple(
        Button(title.get(variant), payload) for title, payload in snapshot.buttons.get(key, ())
    )
    return Reply(words(snapshot, key, variant, **values), buttons=buttons)


def words(snapshot: Snapshot, key: str, variant: Variant, **values: str) -> str:
    """The text of a phrase with its ``{names}`` filled in."""
    text = snapshot.phrases[key].get(variant)
    try:
        return text.format(**values)
    except (KeyError, IndexError, ValueError):  # a slip that `onestop knowledge check` reports
        return text


def answer(snapshot: Snapshot, entry_id: str, variant: Variant, facts: Sequence[str] = ()) -> Reply:
    """Answers about an entry.

    Args:
        facts: the names of what was asked about it (``fee``, ``hours``, …), if anything certain.

    Raises:
        KeyError: there is no such entry.
    """
    entry = snapshot.entries[entry_id]
    asked = _asked(entry, facts)
    if asked and entry.kind != "faq":
        lead, details = _fact_first(snapshot, entry, asked, variant)
        shown = list(asked)
    else:  # an FAQ's answer is the answer to its own question; what was asked comes next
        lead, details, shown = entry.answer.get(variant), [], []
        known = [name for name in asked if entry.facts[name]]
        for name in dict.fromkeys([*known, *_present(entry)]):
            fits = len(details) < MAX_DETAILS and len(entry.facts[name] or ()) <= MAX_ITEMS
            if fits or name in known:
                details.append(_detail(snapshot, name, entry.facts[name], variant))
                shown.append(name)
    source, url = _source(snapshot, entry, variant)
    return Reply(
        lead=lead,
        details=tuple(details),
        note=_note(snapshot, entry, variant, asked),
        source=source,
        source_url=url,
        buttons=_next_steps(snapshot, entry, shown, variant),
        link=_link(snapshot, entry, variant),
    )


def _asked(entry: Entry, facts: Sequence[str]) -> list[str]:
    """What was asked and arises for this entry, the known before the unknown.

    A question can sound like several (“how long”): where one of them is known, only what is known
    counts, apart from the fee, whose lack must be said.
    """
    arising = [name for name in facts if name in entry.facts]
    known = [name for name in arising if entry.facts[name]]
    unknown = [name for name in arising if not entry.facts[name]]
    return known + [name for name in unknown if name == "fee" or not known]


def simplified(snapshot: Snapshot, reply: Reply, variant: Variant) -> Reply:
    """The short form of a reply: its first words, its caution, and a person to talk to."""
    helper = Button(words(snapshot, "reply.button_person", variant), "/talk_to_human")
    others = tuple(button for button in reply.buttons if button.payload != helper.payload)
    announced = reply.details if reply.lead.endswith((":", "：")) else ()
    return replace(reply, details=announced, link=None, buttons=(*others[:1], helper))


def clarify(question: str, choices: Iterable[tuple[str, str]], fact: Optional[str] = None) -> Reply:
    """One question with at most four choices, each a title and an entry id."""
    buttons = [Button(title, choose(entry_id, fact)) for title, entry_id in choices]
    return Reply(question, buttons=tuple(buttons[:MAX_BUTTONS]))


def listing(snapshot: Snapshot, ids: Sequence[str], city: str, variant: Variant) -> Reply:
    """Several entries of one kind in one city, with what is known of each."""
    entries = [snapshot.entries[i] for i in ids]
    place = snapshot.cities[city].get(variant)
    lead = words(snapshot, "reply.list_in_city", variant, city=place, count=str(len(entries)))
    details = []
    for entry in entries[:MAX_LISTED]:
        known = [entry.facts[n] for n in ("where", "hours") if entry.facts.get(n)]
        items = tuple(text.get(variant) for fact in known for text in fact or ())
        details.append(Detail(entry.name.get(variant), items or (entry.answer.get(variant),)))
    source, url = _source(snapshot, entries[0], variant)
    buttons = tuple(Button(e.name.get(variant), choose(e.id)) for e in entries[:MAX_BUTTONS])
    return Reply(lead, tuple(details), source=source, source_url=url, buttons=buttons)


def contact(snapshot: Snapshot, hotline_id: str, variant: Variant) -> str:
    """A hotline's name, number and, when they are short enough to say, its hours."""
    entry = snapshot.entries[hotline_id]
    name, number = entry.name.get(variant), str(entry.details["number"])
    hours = (entry.facts.get("hours") or (None,))[0]
    said = hours.get(variant) if hours else ""
    key = "reply.contact" if 0 < len(said) <= _SHORT_HOURS else "reply.contact_no_hours"
    if number.replace(" ", "") in name.replace(" ", ""):
        key += ".named"
    return words(snapshot, key, variant, name=name, number=number, hours=said)


def ask_whom(snapshot: Snapshot, entry: Entry) -> Optional[str]:
    """The hotline that knows more about an entry: its own, else its department's."""
    department = snapshot.departments.get(str(entry.details.get("department")))
    for candidate in (entry.ask, department.ask if department else None):
        if candidate in snapshot.entries:
            return candidate
    return None


def _present(entry: Entry) -> list[str]:
    return [name for name in _ORDER if entry.facts.get(name)]


def _label(snapshot: Snapshot, name: str, variant: Variant) -> str:
    return snapshot.fact_names[name].label.get(variant)


def _detail(snapshot: Snapshot, name: str, fact: Fact, variant: Variant) -> Detail:
    return Detail(_label(snapshot, name, variant), tuple(t.get(variant) for t in fact or ()))


def _fact_first(
    snapshot: Snapshot, entry: Entry, asked: Sequence[str], variant: Variant
) -> tuple[str, list[Detail]]:
    """The first fact asked leads; further ones follow as details."""
    first, *others = asked
    details = [
        _detail(snapshot, name, entry.facts[name], variant)
        if entry.facts[name]
        else Detail(_label(snapshot, name, variant), (words(snapshot, "reply.not_known", variant),))
        for name in others
    ]
    known = entry.facts[first]
    values = {"name": entry.name.get(variant), "label": _label(snapshot, first, variant)}
    if known is None:
        asked_whom = ask_whom(snapshot, entry)
        if asked_whom is None:
            return words(snapshot, "reply.unknown", variant, **values), details
        values["ask"] = contact(snapshot, asked_whom, variant)
        return words(snapshot, "reply.unknown_ask", variant, **values), details
    if len(known) == 1:
        return words(snapshot, "reply.fact", variant, text=known[0].get(variant), **values), details
    lead = words(snapshot, "reply.fact_list", variant, **values)
    return lead, [Detail("", tuple(t.get(variant) for t in known)), *details]


def _note(snapshot: Snapshot, entry: Entry, variant: Variant, asked: Sequence[str]) -> str:
    """What must not be overlooked: the entry's own note, and whom to check with."""
    parts = []
    if (not asked or entry.kind in ("place", "clinic")) and entry.facts.get("note"):
        parts += [text.get(variant) for text in (entry.facts["note"] or ())[:1]]
    if entry.membership == "inferred":
        parts.append(words(snapshot, "reply.not_confirmed_on_list", variant))
    whom = ask_whom(snapshot, entry)
    unofficial = official_source(snapshot, entry, variant) is None
    said_already = bool(asked) and not entry.facts[asked[0]]  # the unknown names whom to ask
    if (
        whom not in (None, entry.id)
        and not said_already
        and (unofficial or entry.confidence == "low")
    ):
        contacts = contact(snapshot, whom, variant)
        parts.append(words(snapshot, "reply.please_check", variant, ask=contacts))
    ended = (
        part if part[-1] in ".!?。！？" else part + ("." if variant == "en" else "。")
        for part in parts
    )
    return (" " if variant == "en" else "").join(ended)


def _source(snapshot: Snapshot, entry: Entry, variant: Variant) -> tuple[str, Optional[str]]:
    when = date_words(date.fromisoformat(entry.as_of), variant)
    official = official_source(snapshot, entry, variant)
    if official is None:
        return words(snapshot, "reply.source_reports", variant, date=when), None
    name, url = official
    return words(snapshot, "reply.source", variant, source=name, date=when), url


def _next_steps(
    snapshot: Snapshot, entry: Entry, shown: Sequence[str], variant: Variant
) -> tuple[Button, ...]:
    left = [name for name in _present(entry) if name not in shown]
    if len(entry.facts.get("note") or ()) > 1 and "note" not in shown:
        left.append("note")  # the first one is shown, the others are a step away
    steps = [Button(_label(snapshot, n, variant), choose(entry.id, n)) for n in left]
    related = [
        Button(snapshot.entries[i].name.get(variant), choose(i))
        for i in entry.related
        if i in snapshot.entries
    ]
    room = max(MAX_BUTTONS - len(related), 2)
    booking = _booking(snapshot, entry, variant)
    return (*[*steps[:room], *related][: MAX_BUTTONS - len(booking)], *booking)


def _booking(snapshot: Snapshot, entry: Entry, variant: Variant) -> tuple[Button, ...]:
    """The step to an appointment, when this is about a permit that some centre takes."""
    if entry.kind not in ("permit", "faq"):
        return ()
    about = next((i for i in (entry.id, *entry.related) if i.startswith("permit:")), "")
    if about.removeprefix("permit:") not in snapshot.bookable:
        return ()
    payload = "/book_appointment" + json.dumps({"permit": about})
    return (Button(words(snapshot, "reply.button_book", variant), payload),)


def _link(snapshot: Snapshot, entry: Entry, variant: Variant) -> Optional[Link]:
    url = official_url(entry.link, snapshot.official_hosts) if entry.link else None
    return Link(words(snapshot, "reply.open_page", variant), url) if url else None

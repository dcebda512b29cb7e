"""Which entries the training takes: there is a limit, and the index serves the others."""

from dataclasses import replace

from knowledge.model import Entry, Snapshot

#: Entries in a training. Its time and memory grow with their square, one boundary for each entry
#: over the words of all: a minute and 1.6 GB twice over for 500 (docs/understanding.md).
TRAINED_ENTRIES = 500


def most_asked(snapshot: Snapshot, limit: int = TRAINED_ENTRIES) -> Snapshot:
    """The snapshot with the entries that have most questions, which training makes most of.

    Of entries with equally many the first in the alphabet, so that the choice is always the same.
    """
    if len(snapshot.entries) <= limit:
        return snapshot
    chosen = sorted(snapshot.entries.values(), key=_rank)[:limit]
    ids = {entry.id for entry in chosen}
    return replace(snapshot, entries={i: e for i, e in snapshot.entries.items() if i in ids})


def _rank(entry: Entry) -> "tuple[int, str]":
    return -sum(map(len, entry.questions.values())), entry.id

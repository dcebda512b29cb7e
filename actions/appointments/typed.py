"""A choice that was typed instead of tapped, by its title in any of the languages.

The channels know the titles as they were shown; who was shown “Renewal” may well write 續期.
"""

from actions.appointments.draft import PERSONAL, Draft
from actions.appointments.say import choice_of
from knowledge.dialogue import word
from knowledge.model import VARIANTS, Snapshot
from nlu.text.normalise import normalise


def choice_named(draft: Draft, text: str, snapshot: Snapshot) -> "tuple[str, str] | None":
    """The slot and the value of the only offered choice whose title a text is."""
    said = normalise(text)
    if draft.asked in PERSONAL or not said:
        return None
    found = {
        payload
        for title, payload in draft.options
        if any(normalise(word(snapshot, title, variant)) == said for variant in VARIANTS)
    }
    return choice_of(found.pop()) if len(found) == 1 else None

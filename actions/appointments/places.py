"""Takes the centre, or the place that it is to be near, out of a message."""

from dataclasses import replace
from typing import Callable, Optional

from actions.appointments.centres import CentreFinder, Match
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from actions.appointments.say import Say, choice_of
from actions.appointments.summary import note
from knowledge.model import VARIANTS, Snapshot


class Places:
    """Finds centres for drafts in the present knowledge."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot
        self._finder: Optional[CentreFinder] = None
        self._finder_of: Optional[Snapshot] = None

    def take(self, draft: Draft, message: Message, say: Say) -> bool:
        """Keeps the centre that a message names, or the few among which it leaves the choice."""
        permit, match = draft.get("permit"), self.find(draft, message)
        if match is None:
            if draft.asked == "centre" and not message.found("date", "time"):
                say.line("fault_centre")
            return False
        if draft.asked != "centre" and self._is_a_side(draft, match, message):
            return False
        for refused in match.refused:
            say.line(
                "fault_centre_permit", centre={"centre": refused.id}, permit={"permit": permit}
            )
        fitting = [centre.id for centre in match.centres]
        if not fitting or (draft.get("centre") in fitting and draft.asked != "centre"):
            return False
        draft.clear("confirm")
        draft.nearby, draft.near = [], None
        if draft.asked == "centre" and len(meant := self._offered_by_name(draft, match)) == 1:
            fitting, match = meant, replace(match, by="area")
        if match.by != "near" and len(fitting) == 1:
            draft.set("centre", fitting[0])
            if draft.asked != "centre" or match.by == "area":
                note(draft, "centre", say)
            return True
        draft.clear("centre")
        draft.nearby = fitting
        if match.by == "near" and match.places:
            draft.near = match.places[0]
        return True

    def find(self, draft: Draft, message: Message) -> Optional[Match]:
        """The centres that a message speaks of, once the permit is known."""
        permit = draft.get("permit")
        if permit is None:
            return None
        return self._centres().find(message.text, permit, draft.get("application_type"))

    def _offered_by_name(self, draft: Draft, match: Match) -> "list[str]":
        """The centres just offered that bear the name of the place: 羅湖出入境 for 羅湖."""
        snapshot = self._snapshot()
        choices = (choice_of(payload) for _, payload in draft.options)
        offered = [choice[1] for choice in choices if choice and choice[0] == "centre"]
        return [
            centre
            for centre in offered
            if any(
                snapshot.localities[place].name.get(variant)
                in snapshot.centres[centre].name.get(variant)
                for place in match.places
                for variant in VARIANTS
            )
        ]

    def _is_a_side(self, draft: Draft, match: Match, message: Message) -> bool:
        """Whether a city was named to say whose resident somebody is, not where to go."""
        places = (self._snapshot().localities[place] for place in match.places)
        about_side = draft.asked == "applicant_side" or message.found("applicant_side")
        return (bool(about_side) or match.by == "near") and all(p.within is None for p in places)

    def _centres(self) -> CentreFinder:
        snapshot = self._snapshot()
        if self._finder is None or self._finder_of is not snapshot:
            self._finder, self._finder_of = CentreFinder(snapshot), snapshot
        return self._finder

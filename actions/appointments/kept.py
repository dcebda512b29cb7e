"""What is kept of a sender between turns, all of it in one encrypted row.

Besides the task in hand that is a booking put aside for another task, and the appointment that was
lately shown to be one's own, so that nobody has to prove it again for every change.
"""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Dict, Mapping, Optional, Protocol

from actions.appointments.draft import Draft
from core.clock import Clock

#: For so long an appointment that was shown to be one's own is managed without further proof.
PROVED_FOR = timedelta(minutes=10)
#: What finds an appointment again: its reference, and one of the numbers given with it.
_CLAIM = ("reference", "document_number", "phone")


@dataclass(frozen=True)
class Shown:
    """An appointment that was found by its proof: what finds it again, and until when it does."""

    claim: Mapping[str, str]
    until: str


@dataclass
class Kept:
    """All about one sender. ``aside`` is only there while ``draft`` is another task."""

    draft: Optional[Draft] = None
    aside: Optional[Draft] = None
    shown: Optional[Shown] = None

    @property
    def unfinished(self) -> "list[Draft]":
        """The bookings that can be gone on with; one that was made is not."""
        return [one for one in (self.draft, self.aside) if one and one.state != "booked"]

    def begin(self, draft: Draft) -> None:
        """Takes up another task, which need not prove again what was shown lately."""
        self.draft = draft
        if self.shown and draft.task != "book":
            draft.known = dict(self.shown.claim)

    def put_aside(self, draft: Draft) -> None:
        """Takes up another task, and keeps the present one for after it."""
        self.aside = self.draft
        self.begin(draft)

    def take_back(self) -> Optional[Draft]:
        """Goes back from another task to what was put aside for it, if there is something."""
        self.draft, self.aside = self.aside, None
        return self.draft

    def note_proof(self, now: datetime) -> None:
        """Keeps or forgets what the task in hand has shown to be one's own."""
        if self.draft is None or self.draft.task == "book":
            return
        claim = {slot: self.draft.values[slot] for slot in _CLAIM if slot in self.draft.values}
        if not self.draft.proved:
            self.shown = self.shown if self.draft.known else None
        elif self.shown is None or self.shown.claim != claim:
            self.shown = Shown(claim, (now + PROVED_FOR).isoformat())

    def as_dict(self) -> "Dict[str, Any]":
        return asdict(self)

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Kept":
        draft, aside, shown = kept["draft"], kept["aside"], kept["shown"]
        return Kept(
            Draft.of(draft) if draft else None,
            Draft.of(aside) if aside else None,
            Shown(**shown) if shown else None,
        )


class Drafts(Protocol):
    """Where it is kept, one row a sender."""

    def load(self, sender: str) -> Optional[Mapping[str, Any]]: ...
    def save(self, sender: str, draft: Dict[str, Any]) -> None: ...
    def delete_of(self, sender: str) -> int: ...


class Keeping:
    """Loads and saves what is kept, off the event loop."""

    def __init__(self, drafts: Drafts, clock: Clock) -> None:
        self._drafts = drafts
        self._clock = clock

    async def load(self, sender: str) -> Kept:
        """What is kept of a sender; a proof whose time is over is not."""
        found = await asyncio.to_thread(self._drafts.load, sender)
        kept = Kept.of(found) if found else Kept()
        if kept.shown and datetime.fromisoformat(kept.shown.until) <= self._clock():
            kept.shown = None
            if kept.draft:
                kept.draft.known = {}
        return kept

    async def save(self, sender: str, kept: Kept) -> None:
        """Keeps this and nothing else."""
        kept.note_proof(self._clock())
        if kept == Kept():
            await asyncio.to_thread(self._drafts.delete_of, sender)
        else:
            await asyncio.to_thread(self._drafts.save, sender, kept.as_dict())

    async def save_draft(self, sender: str, draft: Draft) -> None:
        """Keeps the task in hand as it is in the middle of a turn."""
        kept = await self.load(sender)
        kept.draft = draft
        await self.save(sender, kept)

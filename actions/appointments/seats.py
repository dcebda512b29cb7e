"""Finds a seat for a wish: the day, the time, and a hold on it while the form is open."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Callable, List, Sequence

from actions.appointments import opening, reasons
from actions.appointments.book import AppointmentBook, SeatTaken
from actions.appointments.draft import Draft
from actions.appointments.model import HOLD_MINUTES, Query, Slot
from actions.appointments.say import Say, phrase
from actions.appointments.wish import Wish
from core.clock import LOCAL, Clock, today
from knowledge.appointments import Centre, PermitRules
from knowledge.model import Snapshot

#: More choices than this are hard to follow by ear.
MAX_CHOICES = 4
#: Enough slots to see the free days of the weeks to come.
_MANY = 2000


class Seats:
    """Asks the appointment book on behalf of a draft.

    Args:
        snapshot: returns the present knowledge: centres, hours and rules.
    """

    def __init__(
        self, book: AppointmentBook, snapshot: Callable[[], Snapshot], clock: Clock
    ) -> None:
        self._book = book
        self._snapshot = snapshot
        self._clock = clock

    async def choose(self, draft: Draft, say: Say) -> bool:
        """Brings a draft with a permit and a centre nearer to a seat.

        Returns:
            Whether day and time are settled and the seat is held. If not, a question was asked.
        """
        if self._is_past(draft):
            say.line("fault_date_past", day={"day": draft.values["date"]})
            draft.clear("date")
        wish = Wish.of(draft.wish)
        if draft.get("date") is None and not await self._choose_day(draft, wish, say):
            return False
        wish = Wish.of(draft.wish)
        return draft.get("slot") is not None or await self._choose_time(draft, wish, say)

    async def hold_again(self, draft: Draft, say: Say) -> None:
        """Takes the seat of a draft that was put aside; says so when it is gone."""
        if draft.get("date") and draft.get("centre"):
            day = date.fromisoformat(draft.values["date"])
            first, last = self._window(draft.values["permit"], draft.values["centre"])
            if not first <= day <= last:
                self._say_why_not_on(draft, day, say)
                draft.clear("date")
        if draft.get("slot") is None:
            return
        if self._is_past(draft) or not await self._hold(draft, draft.values["slot"]):
            draft.clear("date")
            say.line("fault_seat_taken")

    def _is_past(self, draft: Draft) -> bool:
        """Whether the seat that was chosen is of a time that has come."""
        if draft.get("slot") is None:
            return False
        moment = datetime.fromisoformat(f"{draft.values['date']}T{draft.values['time']}")
        return moment.replace(tzinfo=LOCAL) <= self._clock()

    async def earliest(self, permit: str, centres: Sequence[str]) -> List[Slot]:
        """The first free slot of each centre that has one, earliest first."""
        found: List[Slot] = []
        for centre in centres:
            first, last = self._window(permit, centre)
            found += await self._book.free(Query(permit, (centre,), first, last, limit=1))
        return sorted(found, key=lambda slot: slot.starts_at)

    async def _choose_day(self, draft: Draft, wish: Wish, say: Say) -> bool:
        permit, centre = draft.values["permit"], draft.values["centre"]
        first, last = self._window(permit, centre)
        meant = [day for day in wish.days_meant if first <= day <= last]
        if len(meant) > 1:
            say.ask("date", "ask_date_meant")
            for day in meant[:MAX_CHOICES]:
                say.choice({"day": day.isoformat()}, "date", day.isoformat())
            return False
        if meant:
            wish = replace(wish, first=meant[0], last=meant[0])
        if wish.one_day:
            return await self._choose_this_day(draft, wish.one_day, wish, say)
        if wish.first and wish.last:
            first, last = max(first, wish.first), min(last, wish.last)
            if first > last:
                first, last = self._window(permit, centre)
                say.line("fault_date_too_late", day={"day": last.isoformat()})
        slots = await self._free(draft, first, last)
        fitting = [slot for slot in slots if wish.fits(slot.starts_at)] or slots
        if wish.earliest and fitting:
            return await self._take_first(draft, fitting, say)
        self._ask_day(draft, fitting, say)
        return False

    async def _choose_this_day(self, draft: Draft, day: date, wish: Wish, say: Say) -> bool:
        """Settles on the day that was wished for, or says why not and offers others."""
        first, last = self._window(draft.values["permit"], draft.values["centre"])
        if first <= day <= last and await self._free(draft, day, day):
            draft.set("date", day.isoformat())
            return True
        full = self._say_why_not_on(draft, day, say)
        draft.wish = Wish().with_time_of(wish).as_dict()
        self._ask_day(draft, await self._free(draft, first, last), say)
        if full and say.asks == "date":
            say.choices[MAX_CHOICES - 1 :] = []
            say.choice(phrase("button_waiting"), "waiting", day.isoformat())
        return False

    def say_why_gone(self, draft: Draft, say: Say) -> None:
        """Says why the seat that was chosen cannot be had any more."""
        centre = self._snapshot().centres.get(draft.values["centre"])
        reasons.say_why_gone(draft, centre, self._is_past(draft), say)

    def _say_why_not_on(self, draft: Draft, day: date, say: Say) -> bool:
        window = self._window(draft.values["permit"], draft.values["centre"])
        return reasons.say_why_not_on(day, self._centre(draft), window, today(self._clock), say)

    def _ask_day(self, draft: Draft, slots: Sequence[Slot], say: Say) -> None:
        days = sorted({_day(slot) for slot in slots})[:MAX_CHOICES]
        say.ask("date" if days else "centre", "ask_date" if days else "ask_centre")
        if not days:
            say.line("fault_date_full_all", centre={"centre": draft.values["centre"]})
            draft.clear("centre")
        for day in days:
            say.choice({"day": day.isoformat()}, "date", day.isoformat())

    async def _choose_time(self, draft: Draft, wish: Wish, say: Say) -> bool:
        day = date.fromisoformat(draft.values["date"])
        slots = await self._free(draft, day, day)
        if not slots:
            say.line("fault_date_full", day={"day": day.isoformat()})
            draft.clear("date")
            draft.wish = {}
            return await self._choose_day(draft, Wish(), say)
        readings = [t for t in wish.times_meant if t in {_hour(slot) for slot in slots}]
        if wish.times_meant and len(readings) == 1:
            wish = Wish(start=readings[0], exact=True)
        fitting = [slot for slot in slots if wish.fits(slot.starts_at)]
        if wish.exact and fitting and len(readings) < 2:
            if await self._take(draft, fitting[0], say):
                return True
            slots = fitting = await self._free(draft, day, day)
        elif wish.exact and wish.start and not fitting:
            reasons.say_why_not_at(
                wish.start, draft.values["permit"], self._centre(draft), day, say
            )
        draft.wish = {}
        self._ask_time(day, _spread(fitting or slots), say)
        return False

    def _ask_time(self, day: date, slots: Sequence[Slot], say: Say) -> None:
        say.ask("time", day={"day": day.isoformat()})
        for slot in slots:
            at = f"{_hour(slot):%H:%M}"
            say.choice({"time": at}, "time", at)

    async def _take_first(self, draft: Draft, slots: Sequence[Slot], say: Say) -> bool:
        for slot in slots:
            draft.set("date", _day(slot).isoformat())
            if await self._take(draft, slot, say):
                return True
        self._ask_day(draft, (), say)
        return False

    async def _take(self, draft: Draft, slot: Slot, say: Say) -> bool:
        """Holds a seat and keeps its time in the draft."""
        if not await self._hold(draft, slot.id):
            say.line("fault_seat_taken")
            return False
        draft.set("time", f"{_hour(slot):%H:%M}")
        draft.values["slot"] = slot.id
        draft.wish = {}
        moment = {"moment": slot.starts_at.isoformat()}
        say.line("held", moment=moment, minutes=HOLD_MINUTES)
        return True

    async def _hold(self, draft: Draft, slot: str) -> bool:
        try:
            until = self._clock() + timedelta(minutes=HOLD_MINUTES)
            await self._book.hold(slot, draft.key, until)
        except SeatTaken:
            return False
        return True

    async def _free(self, draft: Draft, first: date, last: date) -> List[Slot]:
        """Free slots, the one that the draft itself holds included."""
        permit, centre = draft.values["permit"], draft.values["centre"]
        query = Query(permit, (centre,), first, last, _MANY)
        now = self._clock()
        return [slot for slot in await self._book.free(query) if slot.starts_at > now]

    def _window(self, permit: str, centre: str) -> "tuple[date, date]":
        snapshot = self._snapshot()
        rules: PermitRules = snapshot.permit_rules[permit]
        return opening.bookable_range(rules, snapshot.centres[centre], today(self._clock))

    def _centre(self, draft: Draft) -> Centre:
        return self._snapshot().centres[draft.values["centre"]]


def _day(slot: Slot) -> date:
    return slot.starts_at.astimezone(LOCAL).date()


def _hour(slot: Slot) -> time:
    return slot.starts_at.astimezone(LOCAL).time()


def _spread(slots: Sequence[Slot]) -> List[Slot]:
    """At most four slots: the earliest, and the others apart from one another over the day."""
    if len(slots) <= MAX_CHOICES:
        return list(slots)
    step = (len(slots) - 1) / (MAX_CHOICES - 1)
    return [slots[round(n * step)] for n in range(MAX_CHOICES)]

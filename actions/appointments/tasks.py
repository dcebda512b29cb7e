"""Which task a draft is for, and the step that takes it further."""

from datetime import timedelta
from typing import Optional

from actions.appointments.book import AppointmentBook, SeatTaken
from actions.appointments.booking import Booking
from actions.appointments.draft import Draft
from actions.appointments.managing import Managing
from actions.appointments.message import Message
from actions.appointments.model import HOLD_MINUTES
from actions.appointments.say import Say
from actions.appointments.waiting import WaitingList
from core.clock import LOCAL, Clock


class Tasks:
    """Booking, managing, and taking a seat that the waiting list offers."""

    def __init__(
        self,
        book: AppointmentBook,
        booking: Booking,
        managing: Managing,
        waiting: WaitingList,
        clock: Clock,
    ) -> None:
        self._book = book
        self._booking = booking
        self._managing = managing
        self._waiting = waiting
        self._clock = clock

    async def advance(self, draft: Draft, message: Message, say: Say) -> None:
        """Asks the next question of the draft's task, or does what it is for."""
        task = self._booking if draft.task == "book" else self._managing
        await task.advance(draft, message, say)

    async def answer_offer(
        self, draft: Optional[Draft], message: Message, say: Say
    ) -> Optional[Draft]:
        """Takes or leaves the seat that was offered to somebody on the waiting list."""
        assert message.tapped
        answer, place = message.tapped
        if answer == "decline":
            left = await self._waiting.decline(message.sender, place)
            say.line("waiting_declined" if left else "waiting_over").over = True
            say.keeps = draft is not None
            return draft
        offer = await self._waiting.accept(message.sender, place)
        until = self._clock() + timedelta(minutes=HOLD_MINUTES)
        try:
            seat = await self._book.hold(offer[0], offer[1], until) if offer else None
        except SeatTaken:
            seat = None
        if offer is None or seat is None:
            say.line("waiting_over").over = True
            say.keeps = draft is not None
            return draft
        if draft and draft.key != offer[1]:
            await self._book.release(draft.key)
        if draft is None or draft.task != "book":
            draft = Draft("book")
        starts_at = seat.starts_at.astimezone(LOCAL)
        for slot, value in (
            ("permit", seat.permit),
            ("centre", seat.centre),
            ("date", starts_at.date().isoformat()),
            ("time", f"{starts_at:%H:%M}"),
        ):
            draft.set(slot, value)
        draft.values["slot"], draft.key, draft.wish = seat.id, offer[1], {}
        say.line("held", moment={"moment": starts_at.isoformat()}, minutes=HOLD_MINUTES)
        await self.advance(draft, message, say)
        return draft

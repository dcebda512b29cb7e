"""Somebody who fills in the whole form with the first choice and a person's plain answers."""

from typing import Any, Awaitable, Callable, List

from channels.common.turn import Turn

ANSWERS = {
    "birth_date": "1 January 1990", "name": "CHAN TAI MAN", "document_number": "A123456(3)",
    "phone": "9123 4567",
}  # fmt: skip
#: More questions than the form has.
_MOST = 20


async def fill_in(
    say: Callable[[str], Awaitable[Turn]],
    first: str = "I want to book an appointment",
    **answers: Any,
) -> List[Turn]:
    """Books an appointment; returns all turns, that which booked it last.

    Args:
        say: takes one turn.
        answers: other than the first choice or ``ANSWERS``, by the slot that is asked for.
    """
    turns = [await say(first)]
    while asked := turns[-1].asks:
        assert len(turns) < _MOST, turns[-1].replies
        turns.append(await say({**ANSWERS, **answers}.get(asked, "1")))
    return turns

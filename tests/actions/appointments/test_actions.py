"""The form as Rasa sees it: closed where nothing can be booked, and then it says where it can be."""

import pytest

from actions.appointments.actions import NAME, ActionAppointment
from knowledge.compose import compose
from knowledge.model import VARIANTS
from tests.support.dialogue import act, tracker


class Service:
    """Must not be asked."""

    async def take(self, message, open_form):
        raise AssertionError(message)

    ask_again = take


@pytest.mark.parametrize(
    "intent, said",
    [("book_appointment", "utter_book_appointment"), ("view_appointment", "utter_view_appointment"),
     ("reschedule_appointment", "utter_reschedule_appointment"),
     ("cancel_appointment", "utter_cancel_appointment"), ("answer", "utter_book_appointment")],
)  # fmt: skip
async def test_without_a_centre_it_says_where_to_do_it_today(content, intent, said):
    seen = tracker("", intent={"name": intent, "confidence": 1.0}, language="en",
                   script=None, language_strength="strong")  # fmt: skip
    seen.active_loop = {"name": NAME}
    replies, events = await act(ActionAppointment(Service(), lambda: False), seen)
    assert replies == [(said, {})]
    assert [(one["event"], one["name"]) for one in events] == [("active_loop", None)]
    for variant in VARIANTS:
        assert compose(content, said, {}, variant).lead

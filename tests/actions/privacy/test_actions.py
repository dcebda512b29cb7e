"""Forgetting a person: asked first when appointments go with it, and only a yes to that counts."""

from datetime import datetime, timezone

import pytest

from actions.privacy.actions import NAME, ActionDeleteMyData
from actions.privacy.service import Receipt
from tests.support.dialogue import act, tracker

MOMENT = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
YES, NO = {"slot": "delete", "value": "yes"}, {"slot": "delete", "value": "no"}


class Service:
    """Has some appointments of everybody, and is not always able to delete them."""

    def __init__(self, booked=0, elsewhere=False, fault=None):
        self.count, self.elsewhere, self.fault, self.deleted = booked, elsewhere, fault, []

    async def booked(self, sender):
        return self.count

    async def hand_over(self, sender):
        if self.fault:
            raise self.fault
        self.deleted.append(sender)
        return Receipt("BCDFG-HJKLM", MOMENT, {"appointments": 2, "waiting": 1}, "https://x/y")


def heard(text="", intent="delete_my_data", confidence=0.9, asked=False, **entities):
    seen = tracker(text, entities, intent={"name": intent, "confidence": confidence})
    seen.active_loop = {"name": NAME} if asked else {}
    return seen


async def run(service, *given, **message):
    replies, events = await act(ActionDeleteMyData(service), heard(*given, **message))
    return replies, [(one["event"], one.get("name")) for one in events]


async def test_without_appointments_all_is_deleted_at_once():
    service = Service()
    ((name, said),), events = await run(service)
    assert service.deleted == ["someone"]
    assert name == "dialogue"
    assert said["lines"] == [
        ["utter_delete_my_data", {}],
        ["appointments.delete_receipt", {
            "moment": {"moment": MOMENT.isoformat()}, "receipt": "BCDFG-HJKLM",
            "appointments": 2, "drafts": 0, "waiting": 1,
        }],
    ]  # fmt: skip
    assert said["link"] == ["delete_export", "https://x/y"]
    assert events == [("reset_slots", None), ("restart", None)]


async def test_where_a_department_keeps_appointments_it_is_said_that_they_stay():
    ((_, said),), _ = await run(Service(elsewhere=True))
    assert said["lines"][-1] == ["appointments.delete_elsewhere", {}]


async def test_with_appointments_it_asks_and_deletes_nothing():
    service = Service(booked=2)
    ((name, said),), events = await run(service)
    assert service.deleted == []
    assert (name, said["asks"]) == ("dialogue", "confirm")
    assert said["question"] == ["appointments.delete_ask", {"count": 2}]
    assert len(said["choices"]) == 2
    assert events == [("active_loop", NAME)]


@pytest.mark.parametrize(
    "text, intent, entities",
    [("", "answer", YES), ("yes", "affirm", {}), ("好", "inform", {}), ("OK", "out_of_scope", {}),
     ("go ahead and do it", "affirm", {})],
)  # fmt: skip
async def test_a_yes_to_the_question_deletes(text, intent, entities):
    service = Service(booked=2)
    _, events = await run(service, text, intent, asked=True, **entities)
    assert service.deleted == ["someone"]
    assert ("restart", None) in events


@pytest.mark.parametrize(
    "text, intent, entities",
    [("", "answer", YES), ("yes", "affirm", {}), ("好", "inform", {}), ("", "delete_my_data", {})],
)
async def test_a_yes_to_nothing_or_to_another_question_deletes_nothing(text, intent, entities):
    service = Service(booked=2)
    seen = heard(text, intent, **entities)
    seen.active_loop = {"name": "action_appointment"}
    await act(ActionDeleteMyData(service), seen)
    assert service.deleted == []


@pytest.mark.parametrize(
    "text, intent, confidence, entities",
    [("", "answer", 1, NO), ("no", "deny", 1, {}), ("唔好", "affirm", 1, {}), ("", "stop", 1, {}),
     ("hm", "affirm", 0.3, {}), ("delete", "inform", 1, {}), ("", "goodbye", 1, {})],
)  # fmt: skip
async def test_anything_but_a_yes_deletes_nothing_and_ends_the_question(
    text, intent, confidence, entities
):
    service = Service(booked=2)
    replies, events = await run(service, text, intent, confidence, True, **entities)
    assert replies == [("appointments.delete_kept", {})]
    assert events == [("active_loop", None)]
    assert service.deleted == []


@pytest.mark.parametrize(
    "intent, entities, action",
    [("enquire", {}, "action_answer"), ("book_appointment", {}, "action_appointment"),
     ("talk_to_human", {}, "utter_talk_to_human"),
     ("answer", {"slot": "confirm", "value": "yes"}, "action_appointment")],
)  # fmt: skip
async def test_what_is_said_instead_is_answered(intent, entities, action):
    service = Service(booked=2)
    replies, events = await run(service, "…", intent, asked=True, **entities)
    assert replies == [("appointments.delete_kept", {})]
    assert events == [("active_loop", None), ("followup", action)]
    assert service.deleted == []


@pytest.mark.parametrize(
    "intent", ["delete_my_data", "repeat_last", "simplify_last", "unusable_input"]
)
@pytest.mark.parametrize("booked", [0, 2])
async def test_the_question_is_asked_again(intent, booked):
    service = Service(booked)
    ((_, said),), events = await run(service, "", intent, asked=True)
    assert said["question"] == ["appointments.delete_ask", {"count": booked}]
    assert events == [("active_loop", NAME)]
    assert service.deleted == []


async def test_when_a_place_cannot_forget_nobody_says_that_it_did():
    replies, events = await run(Service(fault=OSError("no database")))
    assert replies == [("utter_error", {})]
    assert events == []

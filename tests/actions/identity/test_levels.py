from datetime import timedelta

import pytest

from actions.identity.levels import Levels
from actions.identity.model import Level, Need
from knowledge.identity import Requirement
from tests.support.entries import snapshot_of


def test_the_ladder_that_is_delivered(content):
    need_of = Levels(lambda: content).need_of
    tasks = (
        "view_appointment", "reschedule_appointment", "cancel_appointment",
        "check_application_status",
    )  # fmt: skip
    assert {need_of(task) for task in tasks} == {Need(Level.LOGIN)}
    for task in ("book_appointment", "delete_my_data", "enquire"):
        assert need_of(task) == Need(Level.ANONYMOUS)


@pytest.mark.parametrize(
    "requirement, need",
    [
        (Requirement(1, None), Need(Level.CHANNEL)),
        (Requirement(2, 15), Need(Level.LOGIN, timedelta(minutes=15))),
        (Requirement(3, None), Need(Level.REAUTHENTICATED, timedelta(minutes=5))),
        (Requirement(4, 60), Need(Level.SIGNING, timedelta(minutes=5))),
    ],
)
def test_a_requirement_of_staff_is_a_need(requirement, need):
    levels = Levels(lambda: snapshot_of(requirements={"service:tax": requirement}))
    assert levels.need_of("service:tax") == need


def test_without_a_usable_file_everything_needs_the_most():
    levels = Levels(snapshot_of)
    assert levels.need_of("view_appointment").level is Level.SIGNING
    assert levels.need_of("enquire").level is Level.SIGNING


def test_a_change_of_staff_counts_at_once():
    now = {"requirements": {"a": Requirement(0, None)}}
    levels = Levels(lambda: snapshot_of(**now))
    assert levels.need_of("a").level is Level.ANONYMOUS
    now["requirements"] = {"a": Requirement(2, None)}
    assert levels.need_of("a").level is Level.LOGIN

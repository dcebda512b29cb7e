"""The Rasa side: which task goes on, and that no slot is written."""

import pytest

from actions.appointments.say import Say
from actions.identity.actions import (
    ActionCheckApplicationStatus,
    ActionConfirmSignIn,
    ActionSignedIn,
    ActionSignIn,
    ActionSignOut,
)
from tests.support.dialogue import act, tracker


class Accounts:
    """Says which of its methods was called, with what."""

    knows_applications = True

    def __init__(self):
        self.calls = []
        self.task = None

    def _called(self, name, *given):
        self.calls.append((name, *given))
        return Say().line(f"account.{name}")

    async def sign_in(self, asking):
        return self._called("sign_in", asking.task, asking.channel, asking.reader)

    async def sign_out(self, sender):
        return self._called("sign_out", sender)

    async def application_status(self, asking):
        return self._called("application_status", asking.task)

    async def signed_in(self, sender):
        return self._called("signed_in", sender)

    def waiting(self):
        return self._called("waiting")

    async def refuse(self, sender):
        return self._called("refuse", sender)

    async def confirm(self, sender, text):
        return self._called("confirm", text), self.task


@pytest.fixture
def accounts():
    return Accounts()


async def booking(sender):
    return "book_appointment"


def heard(text, intent="inform", confidence=1.0, loop=None):
    seen = tracker(text, intent={"name": intent, "confidence": confidence})
    seen.active_loop = {"name": loop} if loop else {}
    return seen


@pytest.mark.parametrize(
    "loop, task", [(None, "sign_in"), ("action_appointment", "book_appointment")]
)
async def test_the_task_in_hand_goes_on(accounts, loop, task):
    said, events = await act(ActionSignIn(accounts, booking), heard("sign in", loop=loop))
    assert accounts.calls[0][:2] == ("sign_in", task)
    assert [name for name, _ in said] == ["dialogue"]
    assert events == []


async def test_signing_out_signed_in_and_status(accounts):
    for action, call in (
        (ActionSignOut(accounts), ("sign_out", "someone")),
        (ActionSignedIn(accounts), ("signed_in", "someone")),
        (ActionCheckApplicationStatus(accounts), ("application_status", "check_application_status")),
    ):  # fmt: skip
        said, events = await act(action, heard("x"))
        assert (accounts.calls[-1], len(said), events) == (call, 1, [])


async def test_without_departments_it_is_said_whom_to_ask(accounts):
    accounts.knows_applications = False
    said, _ = await act(ActionCheckApplicationStatus(accounts), heard("x"))
    assert [name for name, _ in said] == ["utter_check_application_status"]
    assert accounts.calls == []


@pytest.mark.parametrize(
    "intent, entities, call",
    [
        ("sign_in_waiting", {}, ("waiting",)),
        ("sign_in_refused", {}, ("refuse", "someone")),
        ("confirm_sign_in", {"number": "4831"}, ("confirm", "4831")),
        ("confirm_sign_in", {}, ("confirm", "")),
    ],
)
async def test_a_code_is_asked_for_taken_or_refused(accounts, intent, entities, call):
    seen = tracker("x", entities, intent={"name": intent, "confidence": 1.0})
    said, events = await act(ActionConfirmSignIn(accounts), seen)
    assert (accounts.calls, len(said), events) == ([call], 1, [])


@pytest.mark.parametrize(
    "task, loop, choices, further",
    [
        (None, None, [], []),
        ("sign_in", None, [], []),
        ("book_appointment", None, ["/book_appointment"], []),
        ("book_appointment", "action_appointment", [], []),
        ("check_application_status", None, [], ["action_check_application_status"]),
    ],
)
async def test_then_the_task_goes_on(accounts, task, loop, choices, further):
    accounts.task = task
    said, events = await act(
        ActionConfirmSignIn(accounts), heard("4831", "confirm_sign_in", loop=loop)
    )
    assert [payload for _, payload in said[0][1]["choices"]] == choices
    assert [e["name"] for e in events if e["event"] == "followup"] == further


async def test_a_fault_is_no_silence(accounts):
    del accounts.calls
    said, events = await act(ActionSignOut(accounts), heard("sign out"))
    assert ([name for name, _ in said], events) == (["utter_error"], [])

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


NAME = "action_confirm_sign_in"


@pytest.mark.parametrize(
    "text, intent, confidence, call, loop, further",
    [
        ("/sign_in_waiting", "sign_in_waiting", 1.0, "waiting", NAME, None),
        ("4831", "inform", 0.9, "confirm", None, None),
        ("the code is 4 8 3 1", "enquire", 0.9, "confirm", None, None),
        ("/sign_in_refused", "sign_in_refused", 1.0, "refuse", None, None),
        ("no", "deny", 1.0, "refuse", None, None),
        ("唔係", "deny", 1.0, "refuse", None, None),
        ("qwrtz", "enquire", 0.2, "waiting", NAME, None),
        ("again please", "repeat_last", 1.0, "waiting", NAME, None),
        ("hello", "greet", 0.9, None, None, "utter_greet"),
        ("where is Lo Wu", "enquire", 0.9, None, None, "action_answer"),
        ("cancel my appointment", "cancel_appointment", 0.9, None, None, "action_appointment"),
        ("sign in", "sign_in", 0.9, None, None, "action_sign_in"),
    ],
)
async def test_a_code_is_waited_for(accounts, text, intent, confidence, call, loop, further):
    _, events = await act(ActionConfirmSignIn(accounts), heard(text, intent, confidence, NAME))
    assert [name for name, *_ in accounts.calls] == ([call] if call else [])
    assert [e["name"] for e in events if e["event"] == "active_loop"] == [loop]
    assert [e["name"] for e in events if e["event"] == "followup"] == ([further] if further else [])


@pytest.mark.parametrize(
    "task, choices, further",
    [
        (None, [], []),
        ("sign_in", [], []),
        ("book_appointment", ["/book_appointment"], []),
        ("check_application_status", [], ["action_check_application_status"]),
    ],
)
async def test_then_the_task_goes_on(accounts, task, choices, further):
    accounts.task = task
    said, events = await act(ActionConfirmSignIn(accounts), heard("4831", loop=NAME))
    assert [payload for _, payload in said[0][1]["choices"]] == choices
    assert [e["name"] for e in events if e["event"] == "followup"] == further


async def test_a_fault_is_no_silence(accounts):
    del accounts.calls
    said, events = await act(ActionSignOut(accounts), heard("sign out"))
    assert ([name for name, _ in said], events) == (["utter_error"], [])

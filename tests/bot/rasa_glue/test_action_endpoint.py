"""Actions run in the bot's process, as an action server would run them."""

import json

import pytest
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import Action, ActionExecutionRejection

from bot.rasa_glue.action_endpoint import InProcessActions


class Greet(Action):
    def name(self):
        return "action_greet"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_greet", args={"to": tracker.sender_id})
        return [{"event": "slot", "name": "greeted", "value": True}]


class Refuse(Action):
    def name(self):
        return "action_refuse"

    async def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name(), "not now")


def call(name):
    tracker = {"sender_id": "someone", "slots": {}, "latest_message": {}, "events": [],
               "paused": False, "followup_action": None, "active_loop": {},
               "latest_action_name": None}  # fmt: skip
    return {"next_action": name, "tracker": tracker, "domain": {}, "version": "3.6.2"}


@pytest.fixture
def endpoint():
    return InProcessActions([Greet(), Refuse()])


async def test_an_action_brings_its_events_and_replies(endpoint):
    result = await endpoint.request(json=call("action_greet"))
    assert [(e["name"], e["value"]) for e in result["events"]] == [("greeted", True)]
    (reply,) = result["responses"]
    assert (reply["response"], reply["args"]) == ("utter_greet", {"to": "someone"})


async def test_a_rejection_is_what_an_action_server_would_answer(endpoint):
    with pytest.raises(ClientResponseError) as rejected:
        await endpoint.request(json=call("action_refuse"))
    assert rejected.value.status == 400
    assert json.loads(rejected.value.text)["action_name"] == "action_refuse"


async def test_an_unknown_action_is_an_error(endpoint):
    with pytest.raises(Exception, match="action_nowhere"):
        await endpoint.request(json=call("action_nowhere"))


def test_the_whole_domain_is_not_sent_along(endpoint):
    assert endpoint.kwargs["enable_selective_domain"] is True

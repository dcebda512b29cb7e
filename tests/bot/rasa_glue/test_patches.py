"""The patches: faster, and nothing that Rasa does is different."""

import ast
import inspect
import json
import re

import pytest
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

from bot.rasa_glue.patches import SequentialGraphRunner, apply_patches
from core.settings import ROOT

GOOD = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "hello"}]}
BAD = [
    {"events": [{"name": "a"}], "responses": []},
    {"events": [{"event": 1}], "responses": []},
    {"events": [], "responses": ["hello"]},
]


@pytest.fixture
def action():
    apply_patches()
    return RemoteAction("action_any", None)


def test_a_good_result_is_accepted(action):
    assert action._validate_action_result(GOOD) is True


@pytest.mark.parametrize("result", BAD, ids=["no type", "type no text", "response no object"])
def test_a_bad_result_is_refused(action, result):
    with pytest.raises(ValueError):
        action._validate_action_result(result)


@pytest.mark.parametrize(
    "name, kind", [("user", UserUttered), ("slot", SlotSet), ("action", ActionExecuted)]
)
def test_an_event_type_has_the_class_that_rasa_gives_it(action, name, kind):
    assert Event.resolve_by_type(name) is kind


def test_an_unknown_event_type_has_the_default(action):
    assert Event.resolve_by_type("nonsense", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="nonsense"):
        Event.resolve_by_type("nonsense")


def test_the_rules_that_apply_are_those_that_rasa_finds(action):
    policy = RulePolicy.__new__(RulePolicy)
    rules = {
        json.dumps([{"prev_action": {"action_name": "action_listen"}, "user": {"intent": name}}])
        for name in ("greet", "enquire")
    }
    lookup = dict.fromkeys(rules, "action_answer")
    asked = []
    original = RulePolicy._is_rule_applicable

    def counted(self, *args):
        asked.append(args)
        return original(self, *args)

    policy._is_rule_applicable = counted.__get__(policy)
    states = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}]
    for _ in range(2):
        (key,) = policy._get_possible_keys(lookup, states)
        assert "greet" in key
    assert len(asked) == 2  # once for each rule
    other = [{"prev_action": {"action_name": "action_answer"}}]
    assert policy._get_possible_keys(lookup, other) == set()


def test_patching_twice_changes_nothing_more(action):
    once = RemoteAction._validate_action_result
    apply_patches()
    assert RemoteAction._validate_action_result is once
    assert rasa.core.processor.DaskGraphRunner is SequentialGraphRunner


@pytest.mark.parametrize("module", [rasa.core.processor, rasa.core.policies.rule_policy])
def test_nothing_is_copied_where_rasa_copies_for_debug_messages_alone(action, module):
    """A copy that is made for anything else, in a later Rasa, must stay a copy."""
    tree = ast.parse(inspect.getsource(module))
    copied = set(uses_of_copy(tree))
    assert copied
    assert copied == {use for call in debug_calls(tree) for use in uses_of_copy(call)}
    assert all(ast.unparse(use) == "copy.deepcopy" for use in copied)
    value = [{"entity": "date"}]
    assert module.copy.deepcopy(value) is value


def uses_of_copy(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "copy":
            yield node


def debug_calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug":
            yield node


def test_no_rule_waits_for_the_very_text_of_a_message():
    """The search for such rules is left out."""
    rules = [path.read_text() for path in (ROOT / "bot" / "rules").rglob("*.yml")]
    assert rules
    assert not [text for text in rules if re.search(r"^\s*-?\s*user:", text, re.M)]


@pytest.mark.model
@pytest.mark.parametrize("text", ["羅湖幾點閂門", "hello", '/choose{"entry": "faq:bp01"}'])
async def test_the_graph_comes_to_what_dasks_order_comes_to(assistant, text):
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor

    processor: MessageProcessor = assistant.conversation._agent.processor
    ours = processor.graph_runner
    assert isinstance(ours, SequentialGraphRunner)
    inputs = {"__message__": [UserMessage(text)], "__tracker__": None}
    nlu = [processor.model_metadata.nlu_target]
    mine = ours.run(inputs, nlu)
    same = DaskGraphRunner.run(ours, inputs, nlu)
    assert mine[nlu[0]][0].as_dict() == same[nlu[0]][0].as_dict()

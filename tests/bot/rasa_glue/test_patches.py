"""The patched check of an action's result accepts and refuses what Rasa's own does."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.rasa_glue.patches import apply_patches

GOOD = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "hello"}]}
BAD = [{"events": "none", "responses": []}, {"events": [{"name": "a"}], "responses": []}, []]


@pytest.fixture
def action():
    apply_patches()
    return RemoteAction("action_any", None)


def test_a_good_result_is_accepted(action):
    assert action._validate_action_result(GOOD) is True


@pytest.mark.parametrize("result", BAD, ids=["events no list", "event without kind", "no object"])
def test_a_bad_result_is_refused(action, result):
    with pytest.raises(ValidationError):
        action._validate_action_result(result)


def test_the_schema_is_compiled_once(action, monkeypatch):
    def compiled_again(*_args, **_kwargs):
        raise AssertionError("the schema was compiled again")

    monkeypatch.setattr("jsonschema.validators.validate", compiled_again)
    monkeypatch.setattr("jsonschema.validate", compiled_again)
    monkeypatch.setattr(RemoteAction, "action_response_format_spec", compiled_again)
    assert action._validate_action_result(GOOD) is True


def test_patching_twice_changes_nothing_more(action):
    once = RemoteAction._validate_action_result
    apply_patches()
    assert RemoteAction._validate_action_result is once

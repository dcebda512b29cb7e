"""Again, simpler, in another language, or not at all."""

import pytest

from actions.conversation.actions import (
    ActionChangeLanguage,
    ActionOutOfScope,
    ActionRepeatLast,
    ActionSimplifyLast,
    ActionUnusableInput,
)
from tests.support.dialogue import act, said, tracker


async def test_the_last_reply_is_said_again_with_its_arguments():
    replies, _ = await act(
        ActionRepeatLast(), tracker(events=[said("answer", entry="faq:a", facts=["fee"])])
    )
    assert replies == [("answer", {"entry": "faq:a", "facts": ["fee"]})]


async def test_the_last_reply_is_said_in_its_short_form():
    replies, _ = await act(ActionSimplifyLast(), tracker(events=[said("answer", entry="faq:a")]))
    assert replies == [("answer", {"entry": "faq:a", "simple": True})]


@pytest.mark.parametrize(
    "action", [ActionRepeatLast(), ActionSimplifyLast()], ids=["repeat", "simplify"]
)
async def test_at_first_there_is_nothing_to_say_again(action):
    replies, _ = await act(action, tracker())
    assert replies[0][0] == "utter_nothing_to_repeat"


@pytest.mark.parametrize("variant", ["yue", "zh_hant", "zh_hans", "en"])
async def test_a_named_language_is_taken_and_kept(variant):
    replies, events = await act(ActionChangeLanguage(), tracker(entities={"language": variant}))
    assert replies == [("utter_language_changed", {"reader": variant})]
    assert [(e["name"], e["value"]) for e in events] == [("language", variant)]


@pytest.mark.parametrize("entities", [{}, {"language": "Klingon"}])
async def test_an_open_or_unknown_language_is_asked_for(entities):
    replies, events = await act(ActionChangeLanguage(), tracker(entities=entities))
    assert replies == [("utter_ask_language", {})]
    assert events == []


@pytest.mark.parametrize("reason", ["empty", "no_words", "malformed"])
async def test_unusable_input_is_told_why(reason):
    replies, _ = await act(ActionUnusableInput(), tracker(entities={"reason": reason}))
    assert replies == [(f"input.{reason}", {})]


async def test_what_is_too_long_is_told_how_long_it_may_be():
    seen = tracker(entities={"reason": "too_long", "limit": 1000})
    replies, _ = await act(ActionUnusableInput(), seen)
    assert replies == [("input.too_long", {"limit": 1000})]


@pytest.mark.parametrize("entities", [{}, {"reason": "session"}])
async def test_an_unknown_reason_is_a_malformed_message(entities):
    replies, _ = await act(ActionUnusableInput(), tracker(entities=entities))
    assert replies == [("input.malformed", {})]


async def test_what_is_out_of_scope_is_said_to_be_so_once():
    replies, _ = await act(ActionOutOfScope(), tracker())
    assert replies == [("utter_out_of_scope", {})]
    replies, _ = await act(ActionOutOfScope(), tracker(events=[said("utter_out_of_scope")]))
    assert replies == [("utter_not_understood_again", {})]


async def test_another_language_is_told_which_ones_are_spoken():
    replies, _ = await act(ActionOutOfScope(), tracker(other_language=True))
    assert replies == [("utter_other_language", {})]

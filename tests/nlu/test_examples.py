"""The hand-written examples: enough of each intent in each language, and none for two intents."""

from collections import Counter, defaultdict

import pytest

from nlu.model import LANGUAGES, examples
from nlu.text.language import script_of

INTENTS = """greet goodbye thank affirm deny ask_capabilities change_language repeat_last
    simplify_last enquire book_appointment view_appointment reschedule_appointment
    cancel_appointment stop sign_in sign_out check_application_status talk_to_human give_feedback
    delete_my_data inform out_of_scope""".split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_enough_examples(language):
    counted = Counter(intent for intent, _ in examples(language))
    assert set(counted) == set(INTENTS)
    assert {i: n for i, n in counted.items() if n < 25} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_stands_for_two_intents(language):
    owners = defaultdict(set)
    for intent, text in examples(language):
        owners[text.lower()].add(intent)
    assert {text: intents for text, intents in owners.items() if len(intents) > 1} == {}


@pytest.mark.parametrize("language", ["yue", "cmn"])
def test_chinese_examples_are_in_both_scripts(language):
    scripts = Counter(script_of(text) for _, text in examples(language))
    assert scripts["Hant"] > 100
    assert scripts["Hans"] > 100


def test_some_cantonese_is_mixed_with_english():
    mixed = [t for _, t in examples("yue") if any(c.isascii() and c.isalpha() for c in t)]
    assert len(mixed) > 50

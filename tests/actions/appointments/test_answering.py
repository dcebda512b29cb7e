"""The language of the form follows sentences, not names, numbers and days."""

import pytest

from actions.appointments.actions import reader_of_form
from tests.support.dialogue import tracker


def heard(text, language, script, strength, intent, last, asks, chosen=None):
    said = {"event": "bot", "text": "…", "metadata": {
        "utter_action": "dialogue", "args": {"asks": asks}, "reader": last}}  # fmt: skip
    return reader_of_form(tracker(
        text, events=[said], slots={"language": chosen}, language=language, script=script,
        language_strength=strength, intent={"name": intent},
    ))  # fmt: skip


@pytest.mark.parametrize(
    "text, language, script, strength, intent, last, asks, then",
    [
        ("陳大文", "cmn", "Hant", "sure", "inform", "en", "name", "en"),
        ("Chan Tai Man Peter", "en", None, "sure", "inform", "yue-Hant", "name", "yue-Hant"),
        ("11010519491231002X", "en", None, "sure", "inform", "cmn-Hans", "document_number", "cmn-Hans"),
        ("next Wed 3pm", "en", None, "sure", "inform", "yue-Hant", "date", "yue-Hant"),
        ("下星期三", "cmn", None, "sure", "inform", "yue-Hant", "date", "yue-Hant"),
        ("啱晒", "cmn", "Hans", "weak", "affirm", "yue-Hant", "confirm", "yue-Hant"),
        ("K4M-T7P-R2W", "en", None, "sure", "thank", "cmn-Hans", "reference", "cmn-Hans"),
        ("取消預約 K4M-T7P-R2W", "en", None, "sure", "cancel_appointment", "cmn-Hant", None, "cmn-Hant"),
        ("我想改去聽日下晝", "yue", "Hant", "sure", "inform", "en", "date", "yue-Hant"),
        ("我想改去聽日下晝", "yue", "Hant", "sure", "inform", "cmn-Hans", "date", "yue-Hant"),
        ("我想换一个日期可以吗", "cmn", "Hans", "sure", "inform", "yue-Hant", "date", "cmn-Hans"),
        ("Wong Siu Ling", "yue", None, "weak", "inform", "en", "time", "en"),
        ("earliest at cheung sha wan", "yue", None, "sure", "inform", "en", "centre", "en"),
        ("what should I bring please", "en", None, "sure", "enquire", "yue-Hant", "date", "en"),
    ],
)  # fmt: skip
def test_follows(text, language, script, strength, intent, last, asks, then):
    assert str(heard(text, language, script, strength, intent, last, asks)) == then


def test_a_language_that_was_chosen_stays():
    assert str(heard("陳大文", "cmn", "Hans", "sure", "inform", "en", "date", "yue")) == "yue-Hant"

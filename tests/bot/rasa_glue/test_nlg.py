"""The words of a reply: from the live knowledge, in the reader's language and script."""

import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_glue.nlg import KnowledgeNLG


@pytest.fixture
def nlg(content):
    return KnowledgeNLG(lambda: content)


def heard(language, script=None, strength="sure", metadata=None, text="…"):
    parsed = {"language": language, "script": script, "language_strength": strength}
    return UserUttered(text, parse_data={"intent": {}, "entities": [], **parsed}, metadata=metadata)


def tracker(*events):
    slots = [AnySlot("language", mappings=[{}], influence_conversation=False)]
    return DialogueStateTracker.from_events("someone", list(events), slots)


@pytest.mark.parametrize(
    "language, script, reader, begins",
    [("yue", "Hant", "yue-Hant", "你好呀"), ("cmn", "Hans", "cmn-Hans", "您好"),
     ("cmn", "Hant", "cmn-Hant", "你好！"), ("en", None, "en", "Hello")],
)  # fmt: skip
async def test_the_reply_is_in_the_language_that_was_heard(nlg, language, script, reader, begins):
    said = await nlg.generate("utter_greet", tracker(heard(language, script)), "test")
    assert said["reader"] == reader
    assert said["text"].startswith(begins)


async def test_simplified_cantonese_is_converted_and_stays_cantonese(nlg):
    said = await nlg.generate("utter_greet", tracker(heard("yue", "Hans")), "test")
    assert said["reader"] == "yue-Hans"
    assert "门" in said["text"] and "門" not in str(said["custom"])
    assert "啲" in said["text"]


async def test_an_explicit_choice_beats_what_was_heard(nlg):
    said = await nlg.generate(
        "utter_greet", tracker(SlotSet("language", "en"), heard("yue", "Hant")), "x"
    )
    assert said["reader"] == "en"


async def test_a_sure_detection_beats_the_last_reply(nlg):
    last = BotUttered("…", metadata={"reader": "yue-Hant"})
    said = await nlg.generate("utter_greet", tracker(last, heard("en")), "test")
    assert said["reader"] == "en"


@pytest.mark.parametrize("strength", ["weak", "none"])
async def test_the_last_reply_beats_an_unsure_detection(nlg, strength):
    last = BotUttered("…", metadata={"reader": "yue-Hant"})
    said = await nlg.generate("utter_greet", tracker(last, heard("en", None, strength)), "test")
    assert said["reader"] == "yue-Hant"


async def test_the_channels_language_counts_when_nothing_else_does(nlg):
    seen = tracker(heard("yue", None, "none", metadata={"reader": "zh_hans"}))
    assert (await nlg.generate("utter_greet", seen, "test"))["reader"] == "cmn-Hans"


async def test_a_composed_reply_has_its_source(nlg, content):
    args = {"entry": "faq:bp01", "facts": []}
    said = await nlg.generate("answer", tracker(heard("en")), "test", args=args)
    assert said["custom"]["source"]
    assert said["args"] == args
    assert said["utter_action"] == "answer"


@pytest.mark.parametrize("name, args", [("utter_nonsense", {}), ("answer", {"entry": "faq:gone"})])
async def test_a_reply_without_words_becomes_an_apology(nlg, name, args):
    said = await nlg.generate(name, tracker(heard("en")), "test", args=args)
    assert said["utter_action"] == "utter_error"
    assert "something went wrong" in said["text"]


async def test_a_changed_snapshot_shows_in_the_next_reply(content):
    from dataclasses import replace

    from tests.support.entries import text

    present = content
    nlg = KnowledgeNLG(lambda: present)
    before = await nlg.generate("utter_thank", tracker(heard("en")), "test")
    present = replace(content, phrases={**content.phrases, "utter_thank": text("My pleasure.")})
    after = await nlg.generate("utter_thank", tracker(heard("en")), "test")
    assert before["text"] != after["text"] == "My pleasure."

"""The components, through the trained agent."""

import pytest

pytestmark = pytest.mark.model


async def test_language_script_and_strength_are_told(assistant):
    parsed = await assistant.conversation.understand("罗湖几点闩门呀")
    told = (parsed["language"], parsed["script"], parsed["language_strength"])
    assert told == ("yue", "Hans", "sure")


@pytest.mark.parametrize(
    "text, intent",
    [("你好", "greet"), ("good bye", "goodbye"), ("唔該晒", "thank"), ("再講一次", "repeat_last"),
     ("说简单一点", "simplify_last"), ("我想預約換身份證", "book_appointment"),
     ("cancel my appointment", "cancel_appointment"), ("我要投诉", "give_feedback"),
     ("delete my data", "delete_my_data"), ("what can you do", "ask_capabilities"),
     ("搵真人", "talk_to_human"), ("tell me a joke", "out_of_scope"), ("講國語", "change_language"),
     ("回鄉證幾錢", "enquire")],
)  # fmt: skip
async def test_the_intent_is_told(assistant, text, intent):
    assert (await assistant.conversation.understand(text))["intent"]["name"] == intent


async def test_intents_are_ranked_best_first(assistant):
    parsed = await assistant.conversation.understand("hello there")
    shares = [intent["confidence"] for intent in parsed["intent_ranking"]]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.0001


async def test_an_enquiry_brings_its_findings(assistant):
    parsed = await assistant.conversation.understand("高才通申请费")
    assert parsed["knowledge"]["hits"][0]["id"] in ("faq:ta01", "service:hk-immd-ttps")
    assert parsed["knowledge"]["facts"] == ["fee"]


async def test_the_mere_name_of_a_thing_is_an_enquiry(assistant):
    parsed = await assistant.conversation.understand("羅湖")
    assert parsed["intent"]["name"] == "enquire"


async def test_a_named_language_becomes_an_entity(assistant):
    parsed = await assistant.conversation.understand("English please")
    assert [(e["entity"], e["value"]) for e in parsed["entities"]] == [("language", "en")]


async def test_a_language_in_a_question_is_no_entity(assistant):
    parsed = await assistant.conversation.understand(
        "Do Home Return Permits have English names on them?"
    )
    assert "language" not in [entity["entity"] for entity in parsed["entities"]]


async def test_the_assistants_own_payload_is_not_searched(assistant):
    parsed = await assistant.conversation.understand("👍")
    assert parsed["intent"]["name"] == "unusable_input"
    assert not parsed.get("knowledge")


async def test_understanding_keeps_nothing(assistant, redis):
    await assistant.conversation.understand("羅湖幾點閂門")
    assert await redis.keys("*") == []

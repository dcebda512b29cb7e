"""The entity finder, through the trained agent."""

from datetime import datetime, timezone

import pytest

from actions.appointments import references
from nlu.components import live
from nlu.text import check_digits
from tests.support.vaults import conversations

pytestmark = pytest.mark.model


async def entities(assistant, text):
    return (await assistant.conversation.understand(text))["entities"]


@pytest.mark.parametrize(
    "text, found",
    [
        ("補領回鄉證", [("application_type", "lost"), ("permit", "permit:home_return_permit")]),
        ("羅湖幾點閂門", [("place", "control_point:lo_wu")]),
        ("I'm a Mainlander in Zhuhai", [("applicant_side", "mainland"), ("city", "Zhuhai")]),
        ("apply for CNCC", [("service", "service:hk-police-cncc")]),
        ("電話 9123 4567", [("phone_number", "+85291234567")]),
        ("A123456(3)", [("document_number", "A123456(3)")]),
        ("有冇位", []),
    ],
)
async def test_things_choices_and_numbers_are_told(assistant, text, found):
    told = await entities(assistant, text)
    assert [(entity["entity"], entity["value"]) for entity in told] == found
    assert all(entity["extractor"] == "EntityFinder" for entity in told)
    assert all(0 <= entity["start"] < entity["end"] <= len(text) for entity in told)


async def test_a_document_number_comes_with_what_it_can_be(assistant):
    (told,) = await entities(assistant, "my number is H12345678")
    assert told["kinds"] == ["hrp", "hksar_passport"]
    assert (told["valid"], told["fault"]) == (True, None)
    (told,) = await entities(assistant, "my number is A123456(4)")
    assert (told["valid"], told["fault"]) == (False, "check_digit")


async def test_a_document_number_is_no_telephone_number_as_well(assistant):
    told = await entities(assistant, "回鄉證 H 9123 4567")
    assert [entity["entity"] for entity in told] == ["permit", "document_number"]


async def test_a_telephone_number_comes_with_its_region(assistant):
    (told,) = await entities(assistant, "138 0013 8000")
    assert (told["region"], told["valid"]) == ("CN", True)


async def test_a_day_and_an_hour_come_with_what_is_to_be_asked(assistant, monkeypatch):
    monkeypatch.setattr(live, "_clock", lambda: datetime(2026, 6, 10, 2, tzinfo=timezone.utc))
    day, hour = await entities(assistant, "聽日下晝三點半")
    assert (day["entity"], day["value"], day["doubts"]) == ("date", "2026-06-11", [])
    assert (hour["entity"], hour["value"], hour["doubts"]) == ("time", "15:30", [])
    (day,) = await entities(assistant, "next Friday")
    assert (day["doubts"], day["alternatives"]) != ([], [])
    (week,) = await entities(assistant, "下個禮拜")
    assert week["value"] == "2026-06-15..2026-06-21"
    (never,) = await entities(assistant, "31 February 2027")
    assert (never["value"], never["kind"]) == (None, "invalid")


async def test_a_number_of_a_document_holds_no_day(assistant):
    told = await entities(assistant, "810000199001010019")
    assert [entity["entity"] for entity in told] == ["document_number"]


async def test_birth_dates_are_held_against_the_day_it_is(assistant, monkeypatch):
    number = "440301" + "20261122" + "001"
    number += check_digits.mainland(number)
    for day, fault in ((21, "birth_date"), (22, None)):
        monkeypatch.setattr(
            live, "_clock", lambda d=day: datetime(2026, 11, d, tzinfo=timezone.utc)
        )
        (told,) = await entities(assistant, number)
        assert told["fault"] == fault


async def test_entities_of_other_components_stay(assistant):
    told = await entities(assistant, "English please, I am in Shenzhen")
    assert {entity["entity"] for entity in told} == {"language", "city"}


async def test_the_assistants_own_payload_is_not_read(assistant):
    told = await entities(assistant, "👍")
    assert {entity["entity"] for entity in told} == {"reason", "limit"}


async def test_no_rule_depends_on_what_is_found(assistant):
    plain = await assistant.conversation.turn("plain", "thank you", "test")
    rich = await assistant.conversation.turn(
        "rich", "thank you so much, thank you, I will be in Shenzhen tomorrow at 3pm", "test"
    )
    assert (plain.intent, rich.intent) == ("thank", "thank")
    assert [reply["text"] for reply in plain.replies] == [reply["text"] for reply in rich.replies]


async def test_numbers_do_not_reach_redis(assistant, redis):
    await assistant.conversation.turn("shy", "my HKID is A123456(3), call 9123 4567", "test")
    written = await conversations(redis, assistant.vault)
    assert "tracker:shy" in written
    assert "123456" not in written and "4567" not in written


@pytest.mark.parametrize(
    "form, intent",
    [("{}", "inform"), ("係{}", "inform"), ("it is {}", "inform"), ("改期 {}", "reschedule_appointment"),
     ("view {}", "view_appointment"), ("取消{}", "cancel_appointment")],
)  # fmt: skip
async def test_what_a_reference_happens_to_be_says_nothing_of_what_is_meant(
    assistant, form, intent
):
    for _ in range(20):
        said = form.format(references.make())
        assert (await assistant.conversation.understand(said))["intent"]["name"] == intent, said

"""What an enquiry says, and how it counts misses."""

import pytest

from actions.enquiry.actions import ActionAnswer, ActionChoose
from tests.support.dialogue import act, tracker
from tests.support.entries import entry, snapshot_of

SNAPSHOT = snapshot_of(entry("faq:a"), entry("faq:b"))


def found(*hits, **more):
    return {"hits": [{"id": i, "score": s} for i, s in hits], **more}


@pytest.fixture
def answer():
    return ActionAnswer(lambda: SNAPSHOT)


@pytest.fixture
def choose():
    return ActionChoose(lambda: SNAPSHOT)


def slot(name, value):
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


async def test_an_answer_names_its_entry_and_what_was_asked(answer):
    replies, events = await act(answer, tracker(knowledge=found(("faq:a", 0.9), facts=["fee"])))
    assert replies == [("answer", {"entry": "faq:a", "facts": ["fee"]})]
    assert events == [slot("misses", 0)]


async def test_near_equal_entries_are_choices(answer):
    replies, _ = await act(answer, tracker(knowledge=found(("faq:a", 0.8), ("faq:b", 0.8))))
    assert replies == [("choices", {"entries": ["faq:a", "faq:b"], "facts": []})]


async def test_an_ambiguity_is_asked_by_its_place(answer):
    replies, _ = await act(answer, tracker(knowledge=found(("faq:a", 0.8), ambiguity=0)))
    assert replies == [("ambiguity", {"ambiguity": 0, "facts": []})]


async def test_the_first_miss_offers_what_comes_near(answer):
    replies, events = await act(answer, tracker(knowledge=found(("faq:a", 0.2))))
    assert replies == [("not_understood", {"entries": ["faq:a"]})]
    assert events == [slot("misses", 1)]


async def test_the_second_miss_gives_a_person_and_counts_anew(answer):
    replies, events = await act(answer, tracker(slots={"misses": 1}))
    assert replies == [("utter_not_understood_again", {})]
    assert events == [slot("misses", 0)]


async def test_a_choice_is_answered(choose):
    chosen = tracker(entities={"entry": "faq:b", "fact": "fee"})
    replies, events = await act(choose, chosen)
    assert replies == [("answer", {"entry": "faq:b", "facts": ["fee"]})]
    assert events == [slot("misses", 0)]


async def test_an_entry_taken_out_since_it_was_offered_is_said_to_be_missing(choose):
    replies, _ = await act(choose, tracker(entities={"entry": "faq:gone"}))
    assert replies == [("not_understood", {"entries": []})]

import pytest

from knowledge import answers
from knowledge.compose import compose
from knowledge.model import VARIANTS

ENTRY = "service:hk-cr-search"


def test_an_answer(content):
    assert compose(content, "answer", {"entry": ENTRY}, "yue") == answers.answer(
        content, ENTRY, "yue"
    )
    assert compose(content, "answer", {"entry": ENTRY, "facts": ["time"]}, "en") == answers.answer(
        content, ENTRY, "en", ["time"]
    )


def test_the_short_form_of_any_reply(content):
    whole = compose(content, "answer", {"entry": ENTRY}, "en")
    short = compose(content, "answer", {"entry": ENTRY, "simple": True}, "en")
    assert short == answers.simplified(content, whole, "en")
    assert (
        compose(content, "utter_greet", {"simple": True}, "en").buttons[-1].payload
        == "/talk_to_human"
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_choices_carry_what_was_asked(content, variant):
    entries = ["permit:eep", "permit:home_return_permit"]
    reply = compose(content, "choices", {"entries": entries, "facts": ["fee", "time"]}, variant)
    assert [button.payload for button in reply.buttons] == [
        answers.choose(i, "fee") for i in entries
    ]
    assert [button.title for button in reply.buttons] == [
        content.entries[i].name.get(variant) for i in entries
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_ambiguity_is_a_question_with_choices_that_lead_somewhere(content, variant):
    assert content.ambiguities
    for number, asked in enumerate(content.ambiguities):
        reply = compose(content, "ambiguity", {"ambiguity": number}, variant)
        assert reply.lead == asked.question.get(variant)
        assert 2 <= len(reply.buttons) <= 4
        assert [b.payload for b in reply.buttons] == [answers.choose(e) for _, e in asked.choices]


def test_a_listing(content):
    clinics = [
        e.id for e in content.entries.values() if e.kind == "clinic" and "Shenzhen" in e.cities
    ]
    reply = compose(content, "listing", {"entries": clinics, "city": "Shenzhen"}, "zh_hant")
    assert reply == answers.listing(content, clinics, "Shenzhen", "zh_hant")
    assert "深圳" in reply.lead and str(len(clinics)) in reply.lead


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_not_understood_offers_the_nearest_and_a_person(content, variant):
    near = ["faq:bp01", "faq:bp02", "faq:eh01", "faq:eh02"]
    plain = compose(content, "not_understood", {}, variant)
    reply = compose(content, "not_understood", {"entries": near}, variant)
    assert reply.lead == plain.lead
    assert [button.payload for button in reply.buttons[:3]] == [answers.choose(i) for i in near[:3]]
    assert reply.buttons[3:] == plain.buttons[-1:]


def test_a_phrase_takes_numbers_and_words_alone(content):
    reply = compose(content, "reply.list_in_city", {"city": "X", "count": 3, "other": ["a"]}, "en")
    assert reply.lead == "In X I know of 3:"


@pytest.mark.parametrize(
    "name, args",
    [
        ("utter_nothing", {}),
        ("answer", {"entry": "faq:gone"}),
        ("choices", {"entries": ["faq:gone"]}),
    ],
)
def test_what_is_not_there_is_an_error(content, name, args):
    with pytest.raises(KeyError):
        compose(content, name, args, "en")

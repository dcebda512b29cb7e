import json
from dataclasses import replace
from datetime import date

import pytest

from knowledge import answers
from knowledge.loader import load_files, snapshot
from knowledge.model import VARIANTS, Source, Text
from knowledge.moments import date_words


@pytest.fixture
def small(folder):
    """The snapshot of the small folder."""
    return snapshot(load_files(folder), folder)


def text(words):
    return Text(en=words, zh_hant=words, zh_hans=words)


def altered(small, entry_id, **changes):
    """The snapshot with one entry changed."""
    entry = replace(small.entries[entry_id], **changes)
    return replace(small, entries={**small.entries, entry_id: entry})


def test_without_a_question_the_answer_comes_first_then_what_is_known(small):
    reply = answers.answer(small, "service:search", "en")
    assert reply.lead == "Search online."
    assert [detail.label for detail in reply.details] == [
        small.fact_names[name].label.en for name in ("who", "time", "online", "documents")
    ]
    assert reply.details[3].items == ("A name", "A number")


def test_at_most_four_details_are_shown(small):
    facts = {name: (text(name),) for name in ("who", "fee", "time", "online", "documents", "how")}
    reply = answers.answer(altered(small, "service:search", facts=facts), "service:search", "en")
    assert len(reply.details) == 4


def test_a_long_list_is_a_next_step(small):
    facts = {"documents": tuple(text(str(n)) for n in range(4)), "who": (text("all"),)}
    changed = altered(small, "service:search", facts=facts)
    reply = answers.answer(changed, "service:search", "en")
    assert [detail.items for detail in reply.details] == [("all",)]
    assert reply.buttons[0].payload == answers.choose("service:search", "documents")


def test_what_was_asked_leads(small):
    reply = answers.answer(small, "service:search", "en", ["time"])
    assert "At once" in reply.lead and "Company search" in reply.lead
    assert reply.details == ()


def test_what_was_asked_as_well_follows(small):
    reply = answers.answer(small, "service:search", "en", ["time", "online"])
    assert "At once" in reply.lead
    assert [detail.items for detail in reply.details] == [("On the site",)]


def test_a_list_that_was_asked_for_stands_below_its_name(small):
    reply = answers.answer(small, "service:search", "en", ["documents"])
    assert reply.lead.endswith(":")
    assert reply.details[0].items == ("A name", "A number")


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_unknown_is_said_to_be_unknown_with_where_to_ask(small, variant):
    reply = answers.answer(small, "service:search", variant, ["fee"])
    expected = answers.words(
        small, "reply.unknown_ask", variant,
        name=small.entries["service:search"].name.get(variant),
        label=small.fact_names["fee"].label.get(variant),
        ask=answers.contact(small, "hotline:1823", variant),
    )  # fmt: skip
    assert reply.lead == expected
    assert "1823" in reply.lead


def test_the_unknown_fee_is_said_beside_what_is_known(small):
    reply = answers.answer(small, "service:search", "en", ["fee", "time"])
    assert "At once" in reply.lead
    assert reply.details[0].items == ("not known",)


def test_what_does_not_arise_is_not_said_to_be_unknown(small):
    reply = answers.answer(small, "service:search", "en", ["hours"])
    assert reply.lead == "Search online."


def test_nobody_to_ask_is_no_reason_to_guess(small):
    lonely = altered(small, "faq:port", id="place:x", facts={"fee": None}, ask=None)
    reply = answers.answer(lonely, "faq:port", "en", ["fee"])
    assert reply.lead.startswith("I do not know this one")
    assert "ask" not in reply.lead


def test_the_department_is_asked_when_the_entry_names_nobody(small):
    without = altered(small, "service:search", ask=None).entries["service:search"]
    assert answers.ask_whom(small, without) == "hotline:1823"


def test_a_hotline_that_does_not_exist_is_not_asked(small):
    lost = replace(small.entries["service:search"], ask="hotline:lost", details={})
    assert answers.ask_whom(small, lost) is None


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("facts", [(), ("time",), ("fee",)])
def test_a_membership_that_is_inferred_is_never_called_official(small, variant, facts):
    reply = answers.answer(small, "service:search", variant, facts)
    assert answers.words(small, "reply.not_confirmed_on_list", variant) in reply.note


@pytest.mark.parametrize("membership", ["confirmed", "reported", None])
def test_no_such_caution_on_others(small, membership):
    other = altered(small, "service:search", membership=membership)
    reply = answers.answer(other, "service:search", "en")
    assert answers.words(small, "reply.not_confirmed_on_list", "en") not in reply.note


def test_an_official_source_is_named_with_its_address(small):
    reply = answers.answer(small, "faq:port", "en")
    assert reply.source == "Source: GovHK. Collected 22 Nov 2026."
    assert reply.source_url == "https://www.gov.hk/notice"


def test_any_other_source_is_neither_named_nor_linked(small):
    reply = answers.answer(small, "service:search", "en")
    assert reply.source == "Source: public reports. Collected 22 Nov 2026."
    assert reply.source_url is None
    assert "trade paper" not in reply.text and "example.com" not in reply.text
    assert reply.note.endswith("Please check with Government hotline, 1823 (24 hours).")


def test_of_several_sources_the_official_one_is_shown(small):
    sources = (Source("paper", ("example.com/a",)), Source("x", ("example.org", "immd.gov.hk/a")))
    reply = answers.answer(altered(small, "faq:port", sources=sources), "faq:port", "en")
    assert reply.source_url == "https://www.immd.gov.hk/a"


@pytest.mark.parametrize(
    "variant, language", [("en", "en"), ("zh_hans", "sc"), ("zh_hant", "tc"), ("yue", "tc")]
)
def test_the_page_in_the_language_of_the_reader(small, variant, language):
    sources = (Source("x", ("www.gov.hk/en|tc|sc/a",)),)
    reply = answers.answer(altered(small, "faq:port", sources=sources), "faq:port", variant)
    assert reply.source_url == f"https://www.gov.hk/{language}/a"


def test_a_site_is_called_by_its_nearest_listed_name(small):
    hosts = {**small.official_hosts, "immd.gov.hk": text("Immigration")}
    changed = altered(
        replace(small, official_hosts=hosts), "faq:port", sources=(Source("x", ("immd.gov.hk/a",)),)
    )
    assert answers.answer(changed, "faq:port", "en").source.startswith("Source: Immigration.")


def test_a_low_confidence_asks_to_check(small):
    doubtful = altered(small, "faq:port", confidence="low", ask="hotline:1823")
    assert "Please check with" in answers.answer(doubtful, "faq:port", "en").note
    sure = altered(small, "faq:port", ask="hotline:1823")
    assert answers.answer(sure, "faq:port", "en").note == ""


def test_only_an_official_page_is_linked(small):
    assert answers.answer(small, "service:search", "en").link.url == "https://www.cr.gov.hk/search"
    other = altered(small, "service:search", link="https://example.com/search")
    assert answers.answer(other, "service:search", "en").link is None


def test_there_are_at_most_four_next_steps(small):
    facts = {name: (text(name),) for name in small.fact_names}
    for related in ((), ("faq:port",), ("faq:port", "hotline:1823", "service:search", "faq:port")):
        changed = altered(small, "service:search", facts=facts, related=related)
        reply = answers.answer(changed, "service:search", "en")
        assert 1 <= len(reply.buttons) <= 4


def test_what_is_shown_is_no_next_step(small):
    reply = answers.answer(small, "service:search", "en", ["time"])
    asked = [json.loads(button.payload[len("/choose") :]).get("fact") for button in reply.buttons]
    assert "time" not in asked and "who" in asked


def test_a_related_entry_that_is_gone_is_no_next_step(small):
    changed = altered(small, "faq:port", related=("faq:gone", "hotline:1823"))
    reply = answers.answer(changed, "faq:port", "en")
    assert [button.payload for button in reply.buttons] == [answers.choose("hotline:1823")]


def test_an_entry_that_is_gone_is_an_error(small):
    with pytest.raises(KeyError):
        answers.answer(small, "faq:gone", "en")


def test_a_choice_is_written_as_a_payload():
    assert answers.choose("faq:a") == '/choose{"entry": "faq:a"}'
    assert answers.choose("faq:a", "fee") == '/choose{"entry": "faq:a", "fact": "fee"}'


def test_a_question_offers_at_most_four_choices():
    reply = answers.clarify("Which?", [(str(n), f"faq:{n}") for n in range(6)], "fee")
    assert [button.title for button in reply.buttons] == ["0", "1", "2", "3"]
    assert reply.buttons[0].payload == answers.choose("faq:0", "fee")


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_short_form_is_the_first_words_and_a_person(small, variant):
    whole = answers.answer(small, "service:search", variant, ["time"])
    short = answers.simplified(small, whole, variant)
    assert (short.lead, short.source, short.details) == (whole.lead, whole.source, ())
    assert short.buttons[-1].payload == "/talk_to_human"
    assert len(short.buttons) == 2


def test_a_listing_names_city_number_and_places(small):
    changed = altered(small, "faq:port", facts={"where": (text("12 Some Road"),)})
    reply = answers.listing(changed, ["faq:port", "service:search"], "Shenzhen", "en")
    assert reply.lead == "In Shenzhen I know of 2:"
    assert [(detail.label, detail.items) for detail in reply.details] == [
        ("Opening hours", ("12 Some Road",)),
        ("Company search", ("Search online.",)),
    ]
    assert [button.payload for button in reply.buttons] == [
        answers.choose("faq:port"), answers.choose("service:search"),
    ]  # fmt: skip
    assert reply.source_url == "https://www.gov.hk/notice"


def test_a_long_listing_is_cut(small):
    reply = answers.listing(small, ["faq:port"] * 12, "Shenzhen", "en")
    assert len(reply.details) == 8
    assert len(reply.buttons) == 4


@pytest.mark.parametrize(
    "hours, number, said",
    [
        ("24 hours", "1823", "Government hotline, 1823 (24 hours)"),
        (None, "1823", "Government hotline, 1823"),
        ("x" * 41, "1823", "Government hotline, 1823"),
    ],
)
def test_a_contact_in_one_breath(small, hours, number, said):
    facts = {"hours": (text(hours),) if hours else None}
    changed = altered(small, "hotline:1823", facts=facts)
    assert answers.contact(changed, "hotline:1823", "en") == said


def test_a_number_is_not_said_twice(small):
    named = altered(small, "hotline:1823", name=text("Hotline 1823"))
    assert answers.contact(named, "hotline:1823", "en") == "Hotline 1823 (24 hours)"
    named = altered(named, "hotline:1823", facts={})
    assert answers.contact(named, "hotline:1823", "en") == "Hotline 1823"


@pytest.mark.parametrize(
    "variant, written",
    [
        ("en", "2 Jan 2026"),
        ("yue", "2026年1月2日"),
        ("zh_hant", "2026年1月2日"),
        ("zh_hans", "2026年1月2日"),
    ],
)
def test_a_day_as_a_person_writes_it(variant, written):
    assert date_words(date(2026, 1, 2), variant) == written


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_phrase_comes_with_its_buttons(small, variant):
    reply = answers.phrase(small, "utter_greet", variant, name="陳")
    assert "陳" in reply.lead and "{" not in reply.lead
    assert [button.payload for button in reply.buttons] == ['/choose{"entry": "faq:port"}']


def test_braces_in_what_is_filled_in_stay(small):
    assert answers.phrase(small, "utter_greet", "en", name="{x}").lead == "Hello {x}!"


def test_a_phrase_that_is_not_there_is_an_error(small):
    with pytest.raises(KeyError):
        answers.phrase(small, "utter_nothing", "en")

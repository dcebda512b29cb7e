"""The real content: whole, worded in every language, and careful about what it claims."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from core.script import to_simplified
from knowledge import answers
from knowledge.model import VARIANTS
from knowledge.moments import date_words
from knowledge.official import is_official

ADDRESS = re.compile(
    r"(?<![A-Za-z0-9.-])((?:[a-z0-9-]+\.)+(?:com|net|org|info|io|app|hk|cn|mo|gov))(?![a-z0-9-])",
    re.I,
)


def everything_said(snapshot):
    """(entry, variant, fact asked or None, reply) for all that can be asked about each entry."""
    for entry in snapshot.entries.values():
        for variant in VARIANTS:
            for fact in (None, *entry.facts):
                asked = [fact] if fact else []
                yield entry, variant, fact, answers.answer(snapshot, entry.id, variant, asked)


@pytest.fixture(scope="module")
def said(content):
    return list(everything_said(content))


def sentences(text, variant):
    """How many sentences; an abbreviation or a number with a point ends none."""
    if variant == "en":
        text = re.sub(r"\b(?:e\.g|i\.e|a\.m|p\.m|No|St|approx|Rd)\.", "", text)
        return len(re.findall(r"[.!?][”\")]?(?=\s|$)", text)) or 1
    return len(re.findall(r"[。！？]+[」”）]?", text)) or 1


def test_sentences_are_counted():
    assert sentences("One. Two at gov.hk, HK$1.50 (e.g. a fee). Three?", "en") == 3
    assert sentences("可以。開到六點半！", "yue") == 2
    assert sentences("24小時", "yue") == 1


def test_the_number_of_entries_of_each_kind(content):
    entries = content.entries.values()
    assert Counter(entry.kind for entry in entries) == {
        "service": 86 + 67,
        "permit": 10,
        "control_point": 16,
        "place": 11,
        "hotline": 16,
        "clinic": 21,
        "faq": 82,
    }
    sides = Counter(entry.details["side"] for entry in entries if entry.kind == "service")
    assert sides == {"hk": 86, "guangdong": 67}


def test_no_file_has_a_fault(content_folder):
    from knowledge.loader import load_files

    assert [str(f) for file in load_files(content_folder).values() for f in file.faults] == []


def test_everything_can_be_said_without_a_leftover_brace(said):
    assert len(said) > 4 * 309
    for entry, variant, fact, reply in said:
        assert reply.lead, (entry.id, variant, fact)
        assert not set("{}") & set(f"{reply.text}{[b.title for b in reply.buttons]}"), (
            entry.id, variant, fact, reply.text,
        )  # fmt: skip


def test_an_answer_has_at_most_two_sentences(content):
    long = [
        (entry.id, variant)
        for entry in content.entries.values()
        for variant in VARIANTS
        if sentences(entry.answer.get(variant), variant) > 2
    ]
    assert long == []


def test_what_is_said_first_has_at_most_two_sentences(said):
    long = [(e.id, v, fact) for e, v, fact, reply in said if sentences(reply.lead, v) > 2]
    assert long == []


def test_there_are_at_most_four_details_and_four_buttons(said):
    for entry, variant, _, reply in said:
        assert len(reply.details) <= 4, (entry.id, variant)
        assert len(reply.buttons) <= 4, (entry.id, variant)
        assert len({button.payload for button in reply.buttons}) == len(reply.buttons), entry.id


def test_every_answer_says_its_source_and_day(said):
    for entry, variant, _, reply in said:
        assert date_words(date.fromisoformat(entry.as_of), variant) in reply.source, (
            entry.id,
            variant,
        )


def test_the_unknown_is_never_guessed_and_always_says_whom_to_ask(content, said):
    unknown = [
        row for row in said if row[2] and row[0].facts[row[2]] is None and row[0].kind != "faq"
    ]
    assert unknown
    for entry, variant, fact, reply in unknown:
        asked = answers.ask_whom(content, entry)
        assert asked, (entry.id, fact)
        assert reply.lead == answers.words(
            content, "reply.unknown_ask", variant, name=entry.name.get(variant),
            label=content.fact_names[fact].label.get(variant),
            ask=answers.contact(content, asked, variant),
        )  # fmt: skip


def test_no_address_is_shown_whose_host_is_not_official(content, said):
    for entry, variant, _, reply in said:
        shown = reply.as_dict()
        for address in (shown["source_url"], shown["link"] and shown["link"]["url"]):
            assert address is None or address.startswith("https://"), entry.id
        for host in ADDRESS.findall(str(shown)):
            assert is_official(host, content.official_hosts), (entry.id, variant, host)


def test_no_phrase_shows_an_address_whose_host_is_not_official(content):
    for key, phrase in content.phrases.items():
        for variant in VARIANTS:
            for host in ADDRESS.findall(phrase.get(variant)):
                assert is_official(host, content.official_hosts), (key, host)


#: Wordings that would claim a place on the official list; Chinese is compared in Simplified.
CLAIMS = re.compile(
    r"official list|officially (?:listed|part|one)|is (?:one of|part of|among) the "
    r"(?:official )?cross-boundary|on the (?:official |cross-boundary )\w* ?list|"
    r"(?:属于|系|是|属|列入|纳入|已入)[^，。；]{0,8}[“「]?跨境通办[”」]?(?:服务|事项|清单|项目)|"
    r"(?:官方|正式)(?:清单|名单|列明|确认为)|跨境通办[”」]?(?:清单|名单)",
    re.I,
)


@pytest.mark.parametrize(
    "text",
    [
        "This is on the official list.", "It is one of the Cross-boundary Public Services.",
        "屬於「跨境通辦」服務", "呢項係「跨境通辦」服務", "已列入“跨境通办”清单", "见官方清单",
    ],
)  # fmt: skip
def test_a_claim_is_recognised(text):
    assert CLAIMS.search(to_simplified(text))


def test_what_is_inferred_never_claims_to_be_on_the_official_list(content):
    inferred = [entry for entry in content.entries.values() if entry.membership == "inferred"]
    assert len(inferred) >= 60
    for entry in inferred:
        texts = [
            entry.name,
            entry.answer,
            *(t for fact in entry.facts.values() for t in fact or ()),
        ]
        for text in texts:
            for variant in VARIANTS:
                found = CLAIMS.search(to_simplified(text.get(variant)))
                assert not found, (entry.id, variant, text.get(variant))


def test_what_is_inferred_says_that_it_is_not_confirmed(content, said):
    for entry, variant, _, reply in said:
        caution = answers.words(content, "reply.not_confirmed_on_list", variant)
        assert (caution in reply.note) == (entry.membership == "inferred"), (entry.id, variant)


def test_every_service_says_how_sure_its_membership_is(content):
    for entry in content.entries.values():
        if entry.kind == "service":
            assert entry.membership in ("confirmed", "reported", "inferred"), entry.id


def test_what_a_person_hears_is_worded_in_cantonese(content):
    for entry in content.entries.values():
        assert entry.answer.yue, entry.id
    for key, phrase in content.phrases.items():
        assert phrase.yue, key


def test_what_is_tapped_fits_a_phone_with_large_text(content):
    short = re.compile(r"appointments\.(?:yes|no|(?:button|label|type|side|document|status)_\w+)$")
    taps = {key: phrase for key, phrase in content.phrases.items() if short.match(key)}
    assert len(taps) >= 50
    for key, phrase in taps.items():
        for variant in VARIANTS:
            words = phrase.get(variant)
            assert len(re.findall(r"[A-Za-z]", words)) <= 24, (key, variant)
            assert len(re.findall(r"[\u4e00-\u9fff]", words)) <= 8, (key, variant)


def test_a_sentence_about_a_number_has_no_place_for_it(content):
    about = re.compile(r"appointments\.(?:help|fault)_.*(?:document|proof|phone|unknown_app)")
    found = [key for key in content.phrases if about.match(key)]
    assert len(found) >= 10
    for key in found:
        for variant in VARIANTS:
            names = re.findall(r"{(\w+)}", content.phrases[key].get(variant))
            assert set(names) <= {"document"}, (key, variant)


def test_a_demo_says_so_in_every_language(content):
    beside = {"en": "", "yue": "示範", "zh_hant": "示範", "zh_hans": "演示"}
    for key in ("demo", "booked_demo", "calendar_title_demo"):
        for variant, word in beside.items():
            words = content.phrases[f"appointments.{key}"].get(variant)
            assert words.startswith("DEMO") and word in words, (key, variant)


def test_there_are_lines_to_learn_from_in_every_language(content):
    for entry in content.entries.values():
        for language in ("en", "yue", "cmn"):
            assert len(entry.questions[language]) >= 5, (entry.id, language)


def test_every_listing_in_a_city_can_be_said(content):
    for kind in ("clinic", "place"):
        for city in content.cities:
            there = [e.id for e in content.entries.values() if e.kind == kind and city in e.cities]
            for variant in VARIANTS if there else ():
                reply = answers.listing(content, there, city, variant)
                assert "{" not in reply.text
                assert len(reply.details) == len(there)


def test_facts_have_labels(content):
    for entry in content.entries.values():
        assert set(entry.facts) - {"note"} <= set(content.fact_names), entry.id


BOOKING = '/book_appointment{"permit": "permit:hkid"}'


@pytest.mark.parametrize("entry", ["permit:hkid", "faq:id01"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_an_answer_on_a_permit_offers_an_appointment(content, entry, variant):
    payloads = [button.payload for button in answers.answer(content, entry, variant).buttons]
    assert payloads[-1] == BOOKING
    assert len(payloads) <= 4


def test_a_permit_that_no_centre_takes_offers_none(content):
    closed = replace(content, centres={})
    assert BOOKING not in [b.payload for b in answers.answer(closed, "permit:hkid", "en").buttons]


@pytest.mark.parametrize("entry", ["hotline:immd", "control_point:lo_wu", "faq:bp02"])
def test_an_answer_on_something_else_offers_none(content, entry):
    payloads = [button.payload for button in answers.answer(content, entry, "en").buttons]
    assert not any(payload.startswith("/book_appointment") for payload in payloads)

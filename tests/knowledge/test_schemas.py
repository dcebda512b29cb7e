import copy
from pathlib import Path

import pytest

from knowledge.files import read_yaml
from knowledge.model import KINDS
from knowledge.schemas import check


@pytest.fixture
def faq(port):
    return read_yaml(port, port.read_bytes())


@pytest.fixture
def service(search):
    return read_yaml(search, search.read_bytes())


def test_there_is_a_schema_for_each_kind():
    folder = Path(check.__code__.co_filename).parent / "schema"
    assert set(KINDS) <= {path.stem for path in folder.glob("*.json")}


def test_good_content_has_no_fault(faq, service):
    assert list(check("faq", faq)) == []
    assert list(check("service", service)) == []


def test_null_is_a_fact_that_is_unknown(service):
    service["facts"]["documents"] = None
    assert list(check("service", service)) == []


def without(name):
    def breaks(content):
        del content[name]

    return breaks


def put(*place, value):
    def breaks(content):
        for step in place[:-1]:
            content = content[step]
        content[place[-1]] = value

    return breaks


FAULTS = [
    (without("sources"), [], "the file: sources is missing."),
    (put("answer", value={"en": "a", "zh_hant": "b", "zh_hans": "c"}), ["answer"],
     "answer: yue is missing."),
    (put("name", value={"en": "a"}), ["name"], "name: zh_hant, zh_hans are missing."),
    (put("adress", value="x"), [], "the file: adress is not a name that is known here."),
    (put("answer", "fr", value="x"), ["answer"], "answer: fr is not a name that is known here."),
    (put("answer", "en", value=1823), ["answer", "en"],
     "answer.en: 1823 is a number here. Put it in quotes to make it a text."),
    (put("answer", "en", value=["a"]), ["answer", "en"], "answer.en: this must be a text."),
    (put("answer", value="only one"), ["answer"], "answer: this must be a group of names."),
    (put("questions", "en", value="one"), ["questions", "en"],
     "questions.en: this must be a list."),
    (put("verified", value="yes"), ["verified"], "verified: this must be true or false."),
    (put("confidence", value="sure"), ["confidence"],
     "confidence: 'sure' is not one of high, medium, low."),
    (put("as_of", value="22 Nov 2026"), ["as_of"],
     "as_of: '22 Nov 2026' does not have the expected form."),
    (put("id", value="faq:a b"), ["id"], "id: 'faq:a b' does not have the expected form."),
    (put("sources", value=[]), ["sources"], "sources: this is too short."),
    (put("answer", "en", value="a" * 1201), ["answer", "en"], "answer.en: this is too long."),
    (put("answer", "en", value=" "), ["answer", "en"],
     "answer.en: ' ' does not have the expected form."),
    (put("questions", "en", value=["a", "b", "a"]), ["questions", "en"],
     "questions.en: “a” stands twice."),
    (put("related", value=["port"]), ["related", 0],
     "related.0: 'port' does not have the expected form."),
    (put("facts", value={"colour": None}), ["facts"],
     "facts: colour is not a name that is known here."),
]  # fmt: skip


@pytest.mark.parametrize("breaks, place, sentence", FAULTS, ids=[row[2][:60] for row in FAULTS])
def test_a_fault_is_a_plain_sentence_at_its_place(faq, breaks, place, sentence):
    content = copy.deepcopy(faq)
    breaks(content)
    assert [(list(where), words) for where, words in check("faq", content)] == [(place, sentence)]


def test_a_fault_inside_a_fact_is_told_of_its_text(service):
    service["facts"]["documents"][1] = {"en": "A number"}
    ((place, sentence),) = check("service", service)
    assert place == ["facts", "documents", 1]
    assert sentence == "facts.documents.1: zh_hant, zh_hans are missing."


@pytest.mark.parametrize("value", ["free", 5, True])
def test_a_fact_that_is_none_is_told_so(service, value):
    service["facts"]["fee"] = value
    ((place, sentence),) = check("service", service)
    assert place == ["facts", "fee"]
    assert sentence == (
        "facts.fee: this must be a text in each language, a list of such texts, or null."
    )


def test_all_faults_of_a_file_are_told(faq):
    del faq["as_of"]
    faq["confidence"] = "sure"
    assert len(list(check("faq", faq))) == 2


@pytest.mark.parametrize("content", [None, [], "text", 5])
@pytest.mark.parametrize("kind", ["ui", "glossary", "cities", "faq"])
def test_what_is_no_group_of_names_is_told_so(kind, content):
    sentences = [sentence for _, sentence in check(kind, content)]
    assert sentences == ["the file: this must be a group of names."]

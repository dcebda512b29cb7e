"""Search over the live knowledge, with the trained ranker."""

from copy import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.enquiry import service
from knowledge.model import Ambiguity, Department
from nlu.model import unanswerable
from nlu.retrieval.fresh import FreshIndex
from nlu.retrieval.ranker import EntryRanker
from nlu.retrieval.search import KnowledgeSearch, related
from tests.support.entries import entry, snapshot_of, text

BICYCLE = entry(
    "faq:bicycle-hire",
    "Bicycle hire at the boundary",
    ["Where can I hire a bicycle at the boundary?", "邊度可以租單車過關", "过关在哪里租自行车"],
)


@pytest.fixture(scope="module")
def ranker(model):
    return model.ranker()


@pytest.fixture(scope="module")
def search(content, ranker):
    return KnowledgeSearch(content, ranker)


def with_entry(snapshot, new):
    return replace(snapshot, entries={**snapshot.entries, new.id: new})


@pytest.mark.model
@pytest.mark.parametrize(
    "asked",
    ["where do I hire a bicycle at the boundary", "邊度租單車過關呀", "请问过关在哪里可以租自行车"],
)
def test_a_new_entry_is_found_without_training(content, ranker, asked):
    fresh = KnowledgeSearch(with_entry(content, BICYCLE), ranker)
    hit = fresh.search(asked).hits[0]
    assert hit.id == BICYCLE.id
    assert hit.score >= 0.5


@pytest.mark.model
def test_a_new_entry_does_not_take_the_questions_of_others(content, ranker, search):
    fresh = KnowledgeSearch(with_entry(content, BICYCLE), ranker)
    for asked in ("羅湖口岸幾點閂門", "how long does a residence permit take", "高才通申请费"):
        assert fresh.search(asked).hits[0] == search.search(asked).hits[0]


@pytest.mark.model
def test_an_entry_that_was_taken_out_is_not_found(content, ranker):
    left = {i: e for i, e in content.entries.items() if i != "faq:bp01"}
    found = KnowledgeSearch(replace(content, entries=left), ranker).search("羅湖口岸幾點閂門")
    assert "faq:bp01" not in [hit.id for hit in found.hits]


@pytest.mark.model
@pytest.mark.parametrize(
    "asked, right, wrong",
    [
        ("非中国籍的港澳居民办回乡证要多少钱", "faq:hr09", "faq:hr03"),
        (
            "foreign passport holder permit fee for Hong Kong permanent residents",
            "faq:hr09",
            "faq:hr03",
        ),
        ("回鄉證幾錢", "faq:hr03", "faq:hr09"),
        ("港车北上要多少钱", "permit:northbound", "permit:southbound"),
        ("粵車南下要咩文件", "permit:southbound", "permit:northbound"),
    ],
)
def test_an_entry_for_some_people_is_for_those_who_say_so(search, asked, right, wrong):
    scores = {hit.id: hit.score for hit in search.search(asked).hits}
    assert scores.get(wrong, 0) < scores.get(right, 0) or (
        right not in scores and wrong not in scores
    )


@pytest.mark.model
def test_a_named_city_puts_its_places_before_those_of_other_cities(content, search):
    found = search.search("長者醫療券喺中山邊度用到")
    assert found.city == "Zhongshan"
    clinics = [content.entries[hit.id] for hit in found.hits if hit.id.startswith("clinic:")]
    assert clinics and found.city in clinics[0].cities


@pytest.mark.model
@pytest.mark.parametrize(
    "asked, department",
    [("醫院管理局幾點收工", "HA"), ("医院管理局上班时间", "HA"), ("where is the Rating and Valuation Department", "RVD")],
)  # fmt: skip
def test_a_named_department_puts_its_services_before_what_is_only_like_it(
    content, search, asked, department
):
    first = search.search(asked).hits[0].id
    assert content.entries[first].details.get("department") == department


def test_a_named_department_does_not_hide_a_surer_entry():
    departments = {"a": Department(text("Blue Office"), None)}
    service = entry("service:a", "Permit card", details={"department": "a"})
    hotline = entry("hotline:a", "Blue Office permit telephone number")
    search = KnowledgeSearch(snapshot_of(service, hotline, departments=departments), EntryRanker())
    hits = search.search("Blue Office permit telephone number").hits
    assert [hit.id for hit in hits] == [hotline.id, service.id]


@pytest.mark.model
def test_two_cities_are_no_hint(search):
    assert search.search("由深圳去廣州用咩證").city is None


@pytest.mark.model
@pytest.mark.parametrize(
    "asked", ["通行證", "通行证怎么办", "how much is the travel permit", "車牌", "车牌要多少钱"]
)
def test_ambiguous_words_ask(search, asked):
    assert search.search(asked).ambiguity


@pytest.mark.model
@pytest.mark.parametrize(
    "asked",
    [
        "往來港澳通行證幾錢",
        "港澳居民来往内地通行证",
        "外籍人士嘅通行證",
        "揸車去內地個車牌",
        "回鄉證",
    ],
)
def test_a_word_that_says_which_is_meant_does_not_ask(search, asked):
    assert search.search(asked).ambiguity is None


@pytest.mark.model
def test_what_is_asked_about_an_entry_is_named(search):
    assert "fee" in search.search("高才通申请费").facts
    assert "hours" in search.search("羅湖口岸幾點閂門").facts


@pytest.mark.model
def test_at_most_five_best_first(search):
    hits = search.search("how do I renew my permit").hits
    scores = [hit.score for hit in hits]
    assert 1 <= len(hits) <= 5
    assert scores == sorted(scores, reverse=True)


@pytest.mark.model
def test_findings_are_plain_data(search, content):
    found = search.search("通行證幾錢").as_dict(content)
    assert content.ambiguities[found["ambiguity"]].question.en
    assert found["facts"] == ["fee"]
    assert all(set(hit) == {"id", "score"} for hit in found["hits"])


@pytest.mark.model
def test_unanswerable_lines_are_not_answered(search, content):
    """Those that the training has seen: hardly any may be answered."""
    lines = unanswerable()
    answered = [
        line for line in lines
        if isinstance(
            service.decide(content, search.search(line).as_dict(content)),
            (service.Answer, service.Listing),
        )
    ]  # fmt: skip
    assert len(answered) <= 0.03 * len(lines), answered


@pytest.mark.model
@pytest.mark.parametrize(
    "asked",
    ["can I bring my cat to Hengqin", "我可唔可以帶隻貓去橫琴", "去横琴可以带猫吗",
     "is there a swimming pool at Futian port", "皇岗口岸有没有麦当劳"],
)  # fmt: skip
def test_a_new_question_that_nothing_answers_is_not_answered(search, content, asked):
    outcome = service.decide(content, search.search(asked).as_dict(content))
    assert not isinstance(outcome, (service.Answer, service.Listing))


_SEARCH: "dict[object, KnowledgeSearch]" = {}


@pytest.mark.model
@settings(max_examples=200, deadline=None)
@given(asked=st.text(st.characters(), max_size=60))
def test_searching_never_fails(content, model, asked):
    if model not in _SEARCH:
        _SEARCH[model] = KnowledgeSearch(content, model.ranker())
    found = _SEARCH[model].search(asked)
    assert all(0 <= hit.score <= 1 for hit in found.hits)


def test_without_a_training_all_entries_are_found_by_their_lines():
    search = KnowledgeSearch(snapshot_of(BICYCLE), EntryRanker())
    assert search.search("hire a bicycle at the boundary").hits[0].id == BICYCLE.id


def test_a_latin_ambiguous_word_counts_only_when_it_stands_alone():
    asked = Ambiguity(("cap",), (), text("Which?"), ((text("a"), BICYCLE.id),))
    search = KnowledgeSearch(snapshot_of(BICYCLE, ambiguities=(asked,)), EntryRanker())
    assert search.search("the cap please").ambiguity is asked
    assert search.search("no capital").ambiguity is None


def test_related_means_that_each_is_named_by_another():
    a, b, c = entry("faq:a", related=("faq:b",)), entry("faq:b"), entry("faq:c")
    snapshot = snapshot_of(a, b, c)
    assert related(snapshot, ["faq:a", "faq:b"])
    assert not related(snapshot, ["faq:a", "faq:b", "faq:c"])


@pytest.mark.model
def test_an_entry_beyond_the_trainings_limit_is_found_by_its_lines(content, ranker):
    """The classifier was trained on a hundred entries only: the index serves the others."""
    known = set(sorted(content.entries)[::3])
    ranker = copy(ranker)
    ranker.fingerprints = {i: f for i, f in ranker.fingerprints.items() if i in known}
    search = KnowledgeSearch(content, ranker)
    for wanted in content.entries.values():
        found = search.search(wanted.name.en).hits
        assert wanted.name.en in {content.entries[hit.id].name.en for hit in found}


SCOOTER = entry("faq:scooter", "Scooters", ["Where can I rent a scooter?"])


def renewed(search, *entries):
    return KnowledgeSearch(snapshot_of(*entries), EntryRanker(), search)


def first(search, asked):
    hits = search.search(asked).hits
    return hits[0].id if hits else None


def test_a_renewed_search_knows_what_was_added_changed_and_taken_out():
    before = KnowledgeSearch(snapshot_of(BICYCLE), EntryRanker())
    added = renewed(before, BICYCLE, SCOOTER)
    assert first(added, "rent a scooter") == SCOOTER.id
    assert first(added, "hire a bicycle at the boundary") == BICYCLE.id
    changed = renewed(added, BICYCLE, replace(SCOOTER, questions={"en": ("Kick board hire",)}))
    assert first(changed, "kick board") == SCOOTER.id
    assert first(renewed(changed, BICYCLE), "kick board") != SCOOTER.id
    assert first(before, "rent a scooter") != SCOOTER.id


def test_renewing_indexes_only_what_has_changed(monkeypatch):
    before = KnowledgeSearch(snapshot_of(BICYCLE, SCOOTER), EntryRanker())
    indexed = []
    add = FreshIndex.renewed
    monkeypatch.setattr(
        FreshIndex,
        "renewed",
        lambda self, new, gone: indexed.append(set(new)) or add(self, new, gone),
    )
    same_lines = replace(SCOOTER, answer=text("Elsewhere."))
    renewed(before, BICYCLE, same_lines)
    renewed(before, BICYCLE, replace(SCOOTER, aliases=("kick board",)))
    assert indexed == [set(), {SCOOTER.id}]


@pytest.mark.model
def test_an_entry_that_is_again_as_it_was_trained_is_served_by_the_classifier(content, ranker):
    asked = "Where is the bicycle hire?"
    known = content.entries["faq:bp01"]
    edited = with_entry(content, replace(known, questions={"en": (asked,)}))
    search = KnowledgeSearch(edited, ranker, KnowledgeSearch(content, ranker))
    assert first(search, asked) == known.id
    again = KnowledgeSearch(content, ranker, search)
    assert again.search(asked) == KnowledgeSearch(content, ranker).search(asked)

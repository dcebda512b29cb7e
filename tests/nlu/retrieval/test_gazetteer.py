"""What a text names, by the real knowledge and by small ones."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import Term, Wording
from nlu.retrieval.gazetteer import Gazetteer
from tests.support.entries import entry, snapshot_of


@pytest.fixture(scope="module")
def gazetteer(content):
    return Gazetteer(content)


def named(gazetteer, said):
    """(entity, value, words) of what is named, in the order of the text."""
    return [
        (m.meaning.entity, m.meaning.value, said[m.start : m.end]) for m in gazetteer.find(said)
    ]


@pytest.mark.parametrize(
    "said, things",
    [
        ("我想補領回鄉證，唔見咗", [("permit", "permit:home_return_permit", "回鄉證"),
                          ("application_type", "lost", "唔見咗")]),
        ("Do Home Return Permits expire?", [("permit", "permit:home_return_permit", "Home Return Permits"),
                                            ("application_type", "renewal", "expire")]),
        ("exit entry permit", [("permit", "permit:eep", "exit entry permit")]),
        ("外籍回鄉證", [("permit", "permit:hrp_non_chinese", "外籍回鄉證")]),
        ("深圳灣口岸幾點閂", [("place", "control_point:shenzhen_bay", "深圳灣口岸")]),
        ("从罗湖去深圳", [("place", "control_point:lo_wu", "罗湖"), ("city", "Shenzhen", "深圳")]),
        ("佛山一院收唔收醫療券", [("place", "clinic:FS1", "佛山一院")]),
        ("東莞自助機", [("place", "place:kiosk-dg", "東莞自助機")]),
        ("我要良民證", [("service", "service:hk-police-cncc", "良民證")]),
        ("補辦港澳通行證", [("service", "service:gd-doc-eep", "補辦港澳通行證"),
                       ("application_type", "lost", "補辦"), ("permit", "permit:eep", "港澳通行證")]),
        ("I am a Macau resident", [("applicant_side", "macao", "Macau resident")]),
        ("我係香港人，首次申請", [("applicant_side", "hong_kong", "香港人"), ("application_type", "first", "首次申請")]),
        ("内地居民", [("applicant_side", "mainland", "内地居民")]),
        ("three foreigners in Macau", [("applicant_side", "foreign", "foreigners"), ("city", "Macao", "Macau")]),
        ("ＨＫＩＤ", [("permit", "permit:hkid", "ＨＫＩＤ")]),
        ("內地身份證", []), ("身份證明文件", []), ("前往港澳通行證", []), ("我要辦通行證", []),
        ("change my appointment", []), ("改期", []), ("HK$260", []), ("valid", []), ("", []),
    ],
)  # fmt: skip
def test_what_is_named(gazetteer, said, things):
    assert named(gazetteer, said) == things


@pytest.mark.parametrize(
    "said, types",
    [
        ("續期", ["renewal"]), ("过期了", ["renewal"]), ("my card expired", ["renewal"]), ("換證", ["renewal"]),
        ("第一次", ["first"]), ("apply for the first time", ["first"]), ("未辦過", ["first"]),
        ("補領", ["lost"]), ("俾人偷咗", ["lost"]), ("丢了", ["lost"]), ("stolen", ["lost"]), ("replacement", ["lost"]),
        ("爛咗", ["damaged"]), ("爛咗想補領", ["damaged"]), ("损坏换领", ["damaged"]), ("replace a torn card", ["damaged"]),
        ("過期換領", ["renewal"]), ("重新申請", ["renewal"]), ("改咗名要換證", ["change_of_particulars"]), ("I changed my name", ["change_of_particulars"]),
        ("the card is spoiled", ["damaged"]), ("護照俾狗咬爛", ["damaged"]), ("証件都磨花咗", ["damaged"]), ("it is worn out", ["damaged"]),
        ("证找不到", ["lost"]), ("left in a taxi", ["lost"]), ("搵唔到位", []), ("I cannot find a slot", []), ("he is over 65", []),
        ("有效期將滿", ["renewal"]), ("never had", ["first"]), ("第一本", ["first"]), ("the first one", []),
        ("換相", ["change_of_particulars"]), ("I became a permanent resident", ["change_of_particulars"]), ("冠咗夫姓", ["change_of_particulars"]),
        ("lost or damaged", ["lost", "damaged"]), ("證件續期", ["renewal"]), ("補領證件", ["lost"]),
    ],
)  # fmt: skip
def test_what_is_applied_for(gazetteer, said, types):
    found = [
        m.meaning.value for m in gazetteer.find(said) if m.meaning.entity == "application_type"
    ]
    assert found == types


@pytest.mark.parametrize(
    "said, permits",
    [
        ("身份證", ["hkid"]), ("identity card", ["hkid"]), ("my ID cards", ["hkid"]), ("身分證", ["hkid"]), ("Mainland identity card", []),
        ("護照", ["hksar_passport"]), ("passport", ["hksar_passport"]), ("中国护照", []), ("BNO passport", []), ("英國護照", []),
        ("香港駕照", ["hk_licence_direct_issue"]), ("HK driving licence", ["hk_licence_direct_issue"]), ("免试换香港驾照", ["hk_licence_direct_issue"]),
        ("内地驾照换香港驾照", ["hk_licence_direct_issue"]), ("an exchange, I hold a Mainland licence", ["hk_licence_direct_issue"]),
        ("大陸車牌", ["mainland_licence"]), ("Mainland licence", ["mainland_licence"]), ("香港车牌换内地车牌", ["mainland_licence"]), ("車牌", []), ("通行證", []), ("the permit", []),
        ("Home Return Permit for non-Chinese permanent residents", ["hrp_non_chinese"]), ("外籍人士回鄉卡", ["hrp_non_chinese"]), ("回鄉證非中國籍", ["hrp_non_chinese"]), ("回鄉證", ["home_return_permit"]), ("home visit permit", ["home_return_permit"]),
        ("港澳通行證", ["eep"]), ("居住证", ["residence_permit"]), ("resident permit", ["residence_permit"]), ("港車北上", ["northbound"]), ("northbound", ["northbound"]), ("粤车南下", ["southbound"]),
    ],
)  # fmt: skip
def test_short_names_of_permits(gazetteer, said, permits):
    found = [m.meaning.value for m in gazetteer.find(said) if m.meaning.entity == "permit"]
    assert found == [f"permit:{permit}" for permit in permits]


def test_places_are_those_of_the_text_as_it_was_written(gazetteer):
    said = "…「羅湖」  Home\u3000Return－Permit"
    assert [words for *_, words in named(gazetteer, said)] == ["羅湖", "Home\u3000Return－Permit"]


@pytest.mark.parametrize("kind", ["permit", "control_point", "place", "clinic", "service"])
def test_every_entry_is_found_by_its_name_and_its_aliases(content, gazetteer, kind):
    ambiguous = {word for ambiguity in content.ambiguities for word in ambiguity.words}
    lost = []
    for one in content.entries.values():
        if one.kind == kind:
            for word in {*one.aliases, one.name.en, one.name.zh_hant, one.name.zh_hans} - ambiguous:
                values = {m.meaning.value for m in gazetteer.find(word)}
                if one.id not in values:
                    lost.append((one.id, word, values))
    assert lost == []


KIOSK = entry("place:kiosk", "Kiosk", aliases=("Lok Kiosk",))


def test_a_new_entry_is_named_at_once():
    assert Gazetteer(snapshot_of()).find("Lok Kiosk") == []
    (found,) = Gazetteer(snapshot_of(KIOSK)).find("the Lok Kiosks?")
    assert (found.meaning.value, found.start, found.end) == ("place:kiosk", 4, 14)


def test_a_term_gives_its_words_to_what_it_names():
    terms = (Term(("booth",), ("kiosk",), "kiosk"), Term(("kiosk tax",), (), "a tax"))
    small = Gazetteer(snapshot_of(KIOSK, terms=terms))
    assert named(small, "a booth") == [("place", "place:kiosk", "booth")]
    assert named(small, "the kiosk tax") == []


def test_a_hint_counts_when_nothing_surer_is_said():
    types = {"lost": Wording(("lost",), ("replace",)), "damaged": Wording(("torn",), ("swap",))}
    small = Gazetteer(snapshot_of(application_types=types))
    assert [m.meaning.value for m in small.find("replace")] == ["lost"]
    assert [m.meaning.value for m in small.find("replace or swap")] == ["lost", "damaged"]
    assert [m.meaning.value for m in small.find("replace my torn card")] == ["damaged"]


def test_a_latin_word_is_no_part_of_another():
    assert Gazetteer(snapshot_of(KIOSK)).find("kioskly minikiosk kiosk2") == []


@given(
    st.text(st.characters(), max_size=60) | st.text("回鄉證深圳灣香港人 HRPhrps-「」", max_size=30)
)
@settings(max_examples=500, deadline=None)
def test_it_never_fails(content, said):
    for mention in Gazetteer(snapshot_of(KIOSK)).find(said):
        assert 0 <= mention.start < mention.end <= len(said)


def test_it_is_quick(gazetteer):
    said = "Do Home Return Permits have English names? I would like to renew mine in Shenzhen"
    started = time.process_time()
    for _ in range(100):
        gazetteer.find(said)
    assert (time.process_time() - started) / 100 < 0.0003

from knowledge.files import read_yaml
from knowledge.model import VARIANTS, Entry, Text
from tests.support.entries import entry, snapshot_of


def test_cantonese_falls_back_to_written_chinese_of_hong_kong():
    text = Text(en="a", zh_hant="乙", zh_hans="丙")
    assert [text.get(variant) for variant in VARIANTS] == ["乙", "乙", "丙", "a"]
    assert Text(en="a", zh_hant="乙", zh_hans="丙", yue="粵").get("yue") == "粵"


def test_texts_lose_the_space_around_them():
    assert Text.of({"en": "a\n", "zh_hant": "乙", "zh_hans": "丙"}).en == "a"


def test_an_entry_keeps_apart_what_is_unknown_and_what_does_not_arise(search):
    read = Entry.of(read_yaml(search, search.read_bytes()))
    assert read.facts["fee"] is None
    assert "hours" not in read.facts
    assert len(read.facts["documents"]) == 2
    assert read.facts["who"] == (Text(en="Anyone", zh_hant="任何人", zh_hans="任何人"),)


def test_the_kind_is_the_first_half_of_the_id(search):
    assert Entry.of(read_yaml(search, search.read_bytes())).kind == "service"


def test_one_city_or_several(port):
    raw = read_yaml(port, port.read_bytes())
    assert Entry.of(raw).cities == ()
    assert Entry.of({**raw, "city": "Shenzhen"}).cities == ("Shenzhen",)
    assert Entry.of({**raw, "cities": ["Shenzhen", "Zhuhai"]}).cities == ("Shenzhen", "Zhuhai")


def test_the_entries_of_a_kind_in_a_city_are_listed():
    zhuhai = entry("place:b", cities=("Zhuhai",))
    everywhere = entry("place:a", cities=("Zhuhai", "Shenzhen"))
    snapshot = snapshot_of(zhuhai, everywhere, entry("clinic:c", cities=("Zhuhai",)))
    assert snapshot.in_city["place", "Zhuhai"] == ("place:b", "place:a")
    assert snapshot.in_city["place", "Shenzhen"] == ("place:a",)
    assert ("faq", "Zhuhai") not in snapshot.in_city

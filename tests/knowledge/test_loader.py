import pytest

from knowledge.identity import Requirement
from knowledge.loader import load_files, snapshot
from knowledge.model import Wording


def faults(files):
    return [fault for file in files.values() for fault in file.faults]


def test_a_good_folder_has_no_fault(folder):
    files = load_files(folder)
    assert faults(files) == []
    loaded = snapshot(files, folder)
    assert set(loaded.entries) == {"faq:port", "service:search", "hotline:1823", "permit:card"}
    assert loaded.phrases["utter_greet"].en == "Hello {name}!"
    assert loaded.buttons["utter_greet"][0][1] == '/choose{"entry": "faq:port"}'
    assert loaded.departments["CR"].ask == "hotline:1823"
    assert loaded.cities["Shenzhen"].zh_hans == "深圳"
    assert list(loaded.official_hosts) == ["gov.hk"]
    assert loaded.ambiguities[0].choices[1][1] == "service:search"
    assert loaded.qualifiers == (("south", "southbound"),)
    assert loaded.application_types["lost"] == Wording(("lost",), ("replace",))
    assert loaded.applicant_sides["hong_kong"] == Wording(("港人",))
    assert loaded.terms[0].formal == ("回鄉證",)
    assert loaded.centres["harbour"].locality == "central"
    assert loaded.localities["central"].within == "island"
    assert loaded.near_words == ("附近", "near")
    assert loaded.permit_rules["card"].guardian_below == 16
    assert loaded.requirements["cancel_appointment"] == Requirement(2, 15)
    assert loaded.requirements["service:search"] == Requirement(3, None)
    assert "how much" in loaded.fact_names["fee"].words


def test_the_same_content_has_the_same_revision(folder):
    first, second = (snapshot(load_files(folder), folder) for _ in range(2))
    assert first == second


def test_other_content_has_another_revision(folder, port, change):
    before = snapshot(load_files(folder), folder)
    change(port, "06:30", "07:00")
    assert snapshot(load_files(folder), folder).revision != before.revision


def test_a_moved_folder_has_the_same_revision(folder):
    before = snapshot(load_files(folder), folder)
    moved = folder.rename(folder.with_name("elsewhere"))
    assert snapshot(load_files(moved), moved).revision == before.revision


def test_unchanged_files_are_not_read_again(folder, port, change):
    before = load_files(folder)
    change(port, "06:30", "07:00")
    after = load_files(folder, before)
    assert {path for path in after if after[path] is not before[path]} == {port}


def test_entries_of_unchanged_files_stay_the_same_objects(folder, port, change):
    files = load_files(folder)
    before = snapshot(files, folder).entries
    change(port, "06:30", "07:00")
    after = snapshot(load_files(folder, files), folder).entries
    assert [i for i in after if after[i] is not before[i]] == ["faq:port"]


def test_a_broken_file_keeps_its_last_good_version(folder, port, change):
    before = load_files(folder)
    change(port, "en: It opens at 06:30.", "en: [broken")
    after = load_files(folder, before)
    assert [fault.path for fault in faults(after)] == [port]
    assert snapshot(after, folder) == snapshot(before, folder)


def test_it_keeps_it_however_often_it_is_broken(folder, port, change):
    files = load_files(folder)
    before = snapshot(files, folder).entries
    for old, new in [("06:30", "07:00\n\tbroken"), ("broken", "worse"), ("worse", "no better")]:
        change(port, old, new)
        files = load_files(folder, files)
    assert snapshot(files, folder).entries == before
    assert len(faults(files)) == 1


def test_a_file_that_was_never_good_is_left_out(folder, port, change):
    change(port, "topic: border\n", "")
    files = load_files(folder)
    assert [str(fault) for fault in faults(files)] == [f"{port}:1: the file: topic is missing."]
    assert "faq:port" not in snapshot(files, folder).entries
    assert "service:search" in snapshot(files, folder).entries


def test_a_mended_file_has_no_fault(folder, port, change):
    change(port, "topic: border\n", "")
    broken = load_files(folder)
    change(port, "verified:", "topic: border\nverified:")
    mended = load_files(folder, broken)
    assert faults(mended) == []
    assert "faq:port" in snapshot(mended, folder).entries


@pytest.mark.parametrize(
    "old, new, line, sentence",
    [
        ("id: faq:port", "id: port", 1,
         "The id must start with a kind, as in “faq:my-question”."),
        ("id: faq:port", "id: faq:other", 1,
         "id: the file is called port, so the id must end in “:port”."),
        ("  yue: 六點半開。\n", "", 5, "answer: yue is missing."),
        ("confidence: high", "confidence: sure", 18,
         "confidence: 'sure' is not one of high, medium, low."),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_sentence(folder, port, change, old, new, line, sentence):
    change(port, old, new)
    assert [str(fault) for fault in faults(load_files(folder))] == [f"{port}:{line}: {sentence}"]


def test_an_empty_file_is_a_fault(folder, port):
    port.write_text("")
    assert [(f.path, f.line) for f in faults(load_files(folder))] == [(port, 1)]


@pytest.mark.parametrize(
    "place",
    ["notes.yml", "drafts/port.yml", "reference/unheard.yml", "reference/faq.yml",
     "appointments/centre.yml", "appointments/more/localities.yml"],
)  # fmt: skip
def test_a_file_that_nothing_reads_is_a_fault_and_does_no_harm(folder, place):
    before = snapshot(load_files(folder), folder)
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_text("a: 1\n")
    files = load_files(folder)
    (fault,) = faults(files)
    assert (fault.path, fault.line) == (folder / place, 1)
    assert fault.sentence.startswith("Nothing is read from a file of this name in this folder.")
    assert snapshot(files, folder).entries == before.entries


def test_other_files_are_none_of_its_business(folder):
    (folder / "topics" / "port.yml.swp").write_text("x: [")
    (folder / "README.md").write_text("x: [")
    assert faults(load_files(folder)) == []


def test_of_two_entries_with_one_id_the_first_file_wins(folder, port):
    other = folder / "topics" / "aaa" / "port.yml"
    other.parent.mkdir()
    other.write_text(port.read_text().replace("06:30", "09:00"))
    loaded = snapshot(load_files(folder), folder)
    assert loaded.entries["faq:port"].answer.en == "It opens at 09:00."

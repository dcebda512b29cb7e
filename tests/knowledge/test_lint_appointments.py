import pytest

from knowledge.lint import check


def faults(folder):
    return [str(fault) for fault in check(folder)]


@pytest.mark.parametrize(
    "place, old, new, line, sentence",
    [
        ("centres/harbour.yml", "locality: central", "locality: moon", 5,
         "locality: moon is not in localities.yml."),
        ("centres/harbour.yml", "side: hong_kong", "side: macao", 4,
         "side: central is not on the side macao."),
        ("centres/harbour.yml", "[card]", "[card, visa]", 6,
         "permits: visa is not in permits.yml."),
        ("centres/harbour.yml", "Harbour (DEMO)", "Harbour", 2,
         "name: a demo centre must say DEMO in en."),
        ("centres/harbour.yml", 'from: "14:00"', 'from: "11:30"', 10,
         "opening: the hours overlap with others of that day."),
        ("centres/harbour.yml", 'to: "15:00"', 'to: "14:30"', 10,
         "opening: there is no time for an appointment."),
        ("localities.yml", "within: island", "within: sea", 12,
         "central: there is no place sea."),
        ("localities.yml", "within: island", "within: central", 12,
         "central: the place is within itself."),
        ("localities.yml", "[city centre]", "[港岛]", 10,
         "central: “港岛” stands under island as well."),
        ("permits.yml", "ask: hotline:1823", "ask: hotline:9999", 9,
         "ask: there is no entry hotline:9999."),
        ("permits.yml", "ask: hotline:1823", "ask: hotline:1823\n  non_chinese: visa", 10,
         "non_chinese: visa is not in permits.yml."),
    ],
)  # fmt: skip
def test_a_fault_across_files_is_told_with_file_line_and_sentence(
    folder, change, place, old, new, line, sentence
):
    path = folder / "appointments" / place
    change(path, old, new)
    assert faults(folder) == [f"{path}:{line}: {sentence}"]


def test_a_place_in_another_city_than_the_larger_one(folder, change):
    path = folder / "appointments" / "localities.yml"
    change(path, "city: Hong Kong\n    within", "city: Macao\n    within")
    assert f"{path}:11: central: the larger place is in another city." in faults(folder)


def test_rules_of_a_permit_that_has_no_entry(folder):
    path = folder / "appointments" / "permits.yml"
    path.write_text(path.read_text() + path.read_text().replace("card:", "visa:"))
    assert faults(folder) == [f"{path}:10: visa: there is no entry permit:visa."]


def test_places_in_a_circle(folder, change):
    path = folder / "appointments" / "localities.yml"
    change(path, "    latitude: 22.27", "    within: central\n    latitude: 22.27")
    assert faults(folder) == [
        f"{path}:6: island: the place is within itself.",
        f"{path}:13: central: the place is within itself.",
    ]


def test_hours_of_different_days_do_not_overlap(folder, change):
    path = folder / "appointments/centres/harbour.yml"
    change(path, 'days: [mon], from: "14:00"', 'days: [tue], from: "11:30"')
    assert faults(folder) == []


def test_a_broken_file_of_places_is_one_fault_and_not_one_for_each_centre(folder, change):
    path = folder / "appointments" / "localities.yml"
    change(path, "latitude: 22.28", "latitude: north")
    assert [fault.split(":")[0] for fault in faults(folder)] == [str(path)]


def test_a_real_centre_need_not_say_demo(folder, change):
    path = folder / "appointments/centres/harbour.yml"
    change(path, "demo: true", "demo: false")
    change(path, "Harbour (DEMO)", "Harbour")
    assert faults(folder) == []

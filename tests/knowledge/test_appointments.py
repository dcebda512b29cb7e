"""Centres, localities and rules of permits: from the file to what the code sees."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.appointments import Opening, PermitRules, side_of
from knowledge.loader import load_files, snapshot
from knowledge.text import Text


def loaded(folder):
    return snapshot(load_files(folder), folder)


def test_a_centre_is_read(folder):
    centre = loaded(folder).centres["harbour"]
    assert centre.name.zh_hans == "海港（演示 DEMO）"
    assert centre.address == Text("The harbour", "海港", "海港", "海港嗰度")
    assert (centre.side, centre.permits, centre.demo) == ("hong_kong", {"card"}, True)
    assert not centre.open_on_holidays
    assert centre.aliases == ("海港中心",)
    morning, afternoon = centre.openings
    assert morning == Opening(frozenset({0, 5}), time(9), time(12), 30, 4)
    assert afternoon.starts == (time(14),)


def test_a_locality_knows_its_side(folder):
    assert loaded(folder).localities["central"].side == "hong_kong"
    assert [side_of(city) for city in ("Macao", "Shenzhen")] == ["macao", "mainland"]


def test_the_rules_of_a_permit_are_read(folder):
    rules = loaded(folder).permit_rules["card"]
    assert rules == PermitRules(
        rules.name, ("first", "lost"), {"hong_kong": ("hkid", "hrp"), "macao": ("macao_id",)},
        16, None, 1, 20, "hotline:1823",
    )  # fmt: skip
    assert rules.applicant_sides == ("hong_kong", "macao")


def test_a_permit_may_be_first_applied_for_on_some_sides_only(folder, change):
    change(folder / "appointments/permits.yml", "min_age", "first_at: [macao]\n  min_age")
    assert loaded(folder).permit_rules["card"].first_at == ("macao",)


@pytest.mark.parametrize(
    "guardian, least, asked", [(16, None, True), (None, 18, True), (None, None, False)]
)
def test_the_date_of_birth_is_asked_when_age_changes_anything(guardian, least, asked):
    rules = PermitRules(
        Text("Card", "卡", "卡"),
        ("first",),
        {"macao": ("hrp",)},
        guardian,
        least,
        1,
        20,
        "hotline:1823",
    )
    assert rules.needs_birth_date is asked


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(5, 240))
def test_appointments_begin_and_end_within_the_hours(first, last, every):
    start, end = time(*divmod(first, 60)), time(*divmod(last, 60))
    starts = [
        one.hour * 60 + one.minute for one in Opening(frozenset({0}), start, end, every, 1).starts
    ]
    assert starts == [at for at in range(first, last, every) if at + every <= last]


def test_a_changed_centre_is_another_revision(folder, change):
    before = loaded(folder)
    change(folder / "appointments/centres/harbour.yml", "capacity: 4", "capacity: 5")
    after = loaded(folder)
    assert after.revision != before.revision
    assert after.centres["harbour"].openings[0].capacity == 5


@pytest.mark.parametrize(
    "place, old, new, line, sentence",
    [
        ("centres/harbour.yml", '"09:00"', "9am", 9,
         "opening.0.from: '9am' does not have the expected form."),
        ("centres/harbour.yml", "[mon]", "[monday]", 10,
         "opening.1.days.0: 'monday' is not one of mon, tue, wed, thu, fri, sat, sun."),
        ("centres/harbour.yml", "yue: 海港嗰度, ", "", 3, "address: yue is missing."),
        ("centres/harbour.yml", "on_holidays: closed\n", "", 1,
         "the file: on_holidays is missing."),
        ("centres/harbour.yml", "id: harbour", "id: haven", 1,
         "id: the file is called harbour, so the id must be “harbour”."),
        ("localities.yml", "latitude: 22.28", "latitude: north", 13,
         "localities.central.latitude: this must be a number."),
        ("localities.yml", "city: Hong Kong\n    within", "city: Peking\n    within", 11,
         "localities.central.city: 'Peking' is not one of Guangzhou, Shenzhen, Zhuhai, Foshan, "
         "Huizhou, Dongguan, Zhongshan, Jiangmen, Zhaoqing, Hong Kong, Macao."),
        ("permits.yml", "[first, lost]", "[stolen]", 3,
         "card.application_types.0: 'stolen' is not one of first, renewal, lost, damaged, "
         "change_of_particulars."),
        ("permits.yml", "guardian_below: 16", "guardian_below: sixteen", 5,
         "card.guardian_below: this must be a whole number or null."),
        ("permits.yml", "[hkid, hrp]", "[visa]", 4,
         "card.documents.hong_kong.0: 'visa' is not one of hkid, mainland_id, residence_permit, "
         "hrp, eep, hksar_passport, mainland_passport, macao_id."),
    ],
)  # fmt: skip
def test_a_fault_is_told_and_the_last_good_version_stays(
    folder, change, place, old, new, line, sentence
):
    files, path = load_files(folder), folder / "appointments" / place
    before = snapshot(files, folder)
    change(path, old, new)
    after = load_files(folder, files)
    told = [str(fault) for file in after.values() for fault in file.faults]
    assert told == [f"{path}:{line}: {sentence}"]
    assert snapshot(after, folder) == before


def test_without_files_nothing_can_be_booked(folder):
    for path in (folder / "appointments").rglob("*.yml"):
        path.unlink()
    empty = loaded(folder)
    assert (empty.centres, empty.localities, empty.near_words, empty.permit_rules) == (
        {}, {}, (), {},
    )  # fmt: skip

"""The real centres, places and rules: every permit can be booked somewhere, and all of it is DEMO."""

from collections import Counter
from typing import get_args

import pytest

from actions.appointments.model import ApplicationType
from knowledge.model import VARIANTS
from nlu.text.documents import Kind

PERMITS = {
    "home_return_permit", "hrp_non_chinese", "eep", "hkid", "hksar_passport", "residence_permit",
    "hk_licence_direct_issue", "mainland_licence", "northbound", "southbound",
}  # fmt: skip


def test_every_permit_has_rules_and_three_centres_at_least(content):
    assert set(content.permit_rules) == PERMITS
    counted = Counter(permit for one in content.centres.values() for permit in one.permits)
    assert set(counted) == PERMITS
    assert min(counted.values()) >= 3


def test_the_seven_centres_of_the_home_return_permit_in_hong_kong(content):
    there = [
        one for one in content.centres.values()
        if one.side == "hong_kong" and "home_return_permit" in one.permits
    ]  # fmt: skip
    assert len(there) == 7
    open_on = {one.id: frozenset().union(*(o.days for o in one.openings)) for one in there}
    assert open_on.pop("cts_kwai_chung") == set(range(7))
    assert set(open_on.values()) == {frozenset(range(6))}


def test_all_centres_are_demo_and_say_so(content):
    assert all(one.demo for one in content.centres.values())
    for one in content.centres.values():
        assert all("DEMO" in one.name.get(variant) for variant in VARIANTS)


def test_no_address_says_more_than_the_district(content):
    for one in content.centres.values():
        assert not any(sign.isdigit() for sign in one.address.en)
        assert "full address" in one.address.en


def test_no_two_centres_for_a_permit_have_one_name(content):
    for variant in VARIANTS:
        names = Counter(
            (permit, one.name.get(variant))
            for one in content.centres.values() for permit in one.permits
        )  # fmt: skip
        assert max(names.values()) == 1


@pytest.mark.parametrize(
    "permit, guardian, least",
    [("home_return_permit", 18, None), ("hrp_non_chinese", 18, None), ("eep", 16, None),
     ("hksar_passport", 16, None), ("hkid", 18, 11), ("residence_permit", 16, None),
     ("northbound", None, 18), ("hk_licence_direct_issue", None, 18)],
)  # fmt: skip
def test_ages_are_those_of_the_facts(content, permit, guardian, least):
    rules = content.permit_rules[permit]
    assert (rules.guardian_below, rules.min_age) == (guardian, least)


def test_rules_speak_the_words_of_the_code(content):
    for rules in content.permit_rules.values():
        assert set(rules.application_types) <= set(get_args(ApplicationType))
        for kinds in rules.documents.values():
            assert set(kinds) <= set(get_args(Kind))
        assert rules.lead_days < rules.window_days


def test_there_are_places_all_over_the_bay_area(content):
    counted = Counter(one.city for one in content.localities.values())
    assert len(content.localities) >= 150
    assert set(counted) == set(content.cities)
    assert counted["Hong Kong"] >= 80


def test_the_eighteen_districts_of_hong_kong_are_known(content):
    said = {one.name.en for one in content.localities.values()}
    assert {
        "Central and Western District", "Wan Chai", "Eastern District", "Southern District",
        "Yau Tsim Mong", "Sham Shui Po", "Kowloon City", "Wong Tai Sin", "Kwun Tong", "Kwai Tsing",
        "Tsuen Wan", "Tuen Mun", "Yuen Long", "North District", "Tai Po", "Sha Tin", "Sai Kung",
        "Islands District",
    } <= said  # fmt: skip

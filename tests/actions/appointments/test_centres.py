"""Centres by name, area and nearness: places made by hand, then the real ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.appointments.centres import CentreFinder, centres_for, distance_km
from tests.actions.appointments.made import centre, locality, rules
from tests.support.entries import snapshot_of

CARD, VISA = frozenset(["card"]), frozenset(["visa"])


@pytest.fixture(scope="module")
def finder():
    """An island with two towns and a harbour across the water, a city over the boundary."""
    return CentreFinder(
        snapshot_of(
            localities={
                "island": locality("Big Island", 22.20, 114.00),
                "east_town": locality("East Town", 22.20, 114.10, within="island"),
                "west_town": locality("West Town", 22.20, 113.90, within="island"),
                "harbour": locality("Harbour", 22.30, 114.10, aliases=("海港",)),
                "hamlet": locality("Hamlet", 22.31, 114.05),
                "city": locality("Over There", 22.32, 114.05, city="Shenzhen"),
                "loop": locality("Loop", within="loop"),
            },
            centres={
                one.id: one
                for one in [
                    centre("east", locality="east_town", permits=CARD, aliases=("East Office",)),
                    centre("west", locality="west_town", permits=CARD | VISA),
                    centre("quay", locality="harbour", permits=VISA, aliases=("Quay Office",)),
                    centre("over", locality="city", side="mainland", permits=CARD,
                           aliases=("Main Office",)),
                    centre("stray", locality="gone", permits=CARD, aliases=("Main Office", "Stray")),
                ]
            },
            near_words=("near", "附近"),
            permit_rules={"card": rules(first_at=("hong_kong",))},
        )
    )  # fmt: skip


def found(finder, text, permit="card"):
    match = finder.find(text, permit)
    return match and (match.by, [one.id for one in match.centres])


@pytest.mark.parametrize(
    "text, by, centres",
    [
        ("the east office please", "name", ["east"]),
        ("EastOffice", "name", ["east"]),
        ("main office", "name", ["over", "stray"]),  # two that are called the same
        ("stray, near here", "name", ["stray"]),  # nobody knows where it is
        ("East Town", "area", ["east"]),
        ("on Big Island", "area", ["east", "west"]),
        ("East Town on Big Island", "area", ["east"]),  # the narrower place
        ("near East Town", "near", ["east", "west", "stray", "over"]),
        ("East Office or West Town", "name", ["east", "west"]),
        ("Harbour", "near", ["east", "west", "stray", "over"]),  # none there does it
        ("海港附近", "near", ["east", "west", "stray", "over"]),
        ("hamlet", "near", ["east", "west", "stray", "over"]),  # over is nearer, but over there
        ("Over There", "area", ["over"]),
        ("near the East Office", "near", ["east", "west", "stray", "over"]),
        ("loop", "near", ["east", "west", "stray", "over"]),
    ],
)
def test_what_is_found(finder, text, by, centres):
    assert found(finder, text) == (by, centres)


@pytest.mark.parametrize("text", ["", "唔知", "near me", "tomorrow at nine", "Eastern Townsfolk"])
def test_a_text_that_names_no_place(finder, text):
    assert finder.find(text, "card") is None


def test_a_centre_that_does_not_do_the_permit_is_told_and_the_nearest_are_offered(finder):
    match = finder.find("Quay Office", "card")
    assert [one.id for one in match.refused] == ["quay"]
    assert (match.by, match.places, match.centres[0].id) == ("near", ("harbour",), "east")


def test_a_place_of_the_same_name_is_no_refusal(finder):
    match = finder.find("harbour", "card")
    assert match.refused == ()
    assert match.places == ("harbour",)


def test_a_permit_that_no_centre_does(finder):
    assert found(finder, "East Town", "passport") == ("near", [])


@pytest.mark.parametrize(
    "text, by, centres",
    [
        ("Over There", "near", ["east", "west", "stray"]),
        ("main office", "name", ["stray"]),
        ("Big Island", "area", ["east", "west"]),
    ],
)
def test_a_first_application_is_taken_on_some_sides_only(finder, text, by, centres):
    match = finder.find(text, "card", "first")
    assert (match.by, [one.id for one in match.centres]) == (by, centres)
    assert "over" in [one.id for one in finder.find(text, "card", "lost").centres] or by == "area"


def test_centres_of_a_permit_without_rules():
    offices = [centre("west", permits=VISA), centre("east", permits=CARD)]
    snapshot = snapshot_of(centres={one.id: one for one in offices})
    assert [one.id for one in centres_for(snapshot, "visa", "first")] == ["west"]


def test_without_knowledge_nothing_is_found():
    assert CentreFinder(snapshot_of()).find("near Central", "card") is None


def test_distances():
    hong_kong, guangzhou = locality("a", 22.28, 114.16), locality("b", 23.13, 113.26)
    assert distance_km(hong_kong, guangzhou) == pytest.approx(132, abs=1)
    assert distance_km(hong_kong, hong_kong) == 0


POINTS = st.builds(
    lambda a, b: locality("p", a, b), st.floats(21, 25), st.floats(111, 116)
)  # fmt: skip


@given(POINTS, POINTS, POINTS)
def test_distance_is_one(a, b, c):
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-6


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_it_never_fails_whatever_is_written(finder, text):
    for words in (text, f"{text} near Harbour"):
        match = finder.find(words, "card")
        assert match is None or all("card" in one.permits for one in match.centres)


@pytest.fixture(scope="module")
def real(content):
    return CentreFinder(content)


@pytest.mark.parametrize(
    "permit, text, first, by",
    [
        ("home_return_permit", "near 上水", "cts_shek_mun", "near"),
        ("home_return_permit", "上水附近", "cts_shek_mun", "near"),
        ("home_return_permit", "離我屋企近啲，我住元朗", "cts_tuen_mun", "near"),
        ("home_return_permit", "离我家近一点，我住在元朗", "cts_tuen_mun", "near"),
        ("home_return_permit", "I live in Tai Po", "cts_shek_mun", "near"),
        ("home_return_permit", "上環", "cts_sheung_wan", "name"),
        ("home_return_permit", "上环", "cts_sheung_wan", "name"),
        ("home_return_permit", "tuenmun", "cts_tuen_mun", "name"),
        ("home_return_permit", "旺角中旅社", "cts_mong_kok", "name"),
        ("home_return_permit", "in Kowloon", "cts_mong_kok", "area"),
        ("home_return_permit", "港島", "cts_sheung_wan", "area"),
        ("home_return_permit", "Kowloon East", "cts_kowloon_bay", "area"),
        ("home_return_permit", "澳门", "cts_macao", "name"),
        ("home_return_permit", "深圳湾附近", "exit_entry_shenzhen_nanshan", "near"),
        ("home_return_permit", "香港仔", "cts_sheung_wan", "near"),  # not 香港
        ("eep", "深圳罗湖区", "exit_entry_shenzhen_luohu", "area"),
        ("eep", "珠海", "exit_entry_zhuhai", "area"),
        ("hkid", "Home Return Permit centre at Sheung Wan", "immd_cheung_sha_wan", "near"),
        ("hkid", "觀塘", "immd_kwun_tong", "area"),
        ("hkid", "入境處總部", "immd_tseung_kwan_o", "name"),
        ("hk_licence_direct_issue", "金鐘", "td_admiralty", "area"),
        ("northbound", "九龍灣", "exam_kowloon_bay", "area"),
    ],
)  # fmt: skip
def test_what_people_say(real, permit, text, first, by):
    match = real.find(text, permit)
    assert (match.centres[0].id, match.by) == (first, by)


def test_the_new_territories_and_kowloon(real):
    assert {one.id for one in real.find("新界", "home_return_permit").centres} == {
        "cts_kwai_chung", "cts_shek_mun", "cts_tuen_mun", "cts_tseung_kwan_o",
    }  # fmt: skip
    assert {one.id for one in real.find("九龙", "home_return_permit").centres} == {
        "cts_kowloon_bay", "cts_mong_kok",
    }  # fmt: skip


def test_nobody_is_sent_to_the_mainland_for_a_first_home_return_permit(real):
    for text in ("深圳", "near 羅湖", "珠海"):
        match = real.find(text, "home_return_permit", "first")
        assert {one.side for one in match.centres} == {"hong_kong", "macao"}
        assert "mainland" in {one.side for one in real.find(text, "home_return_permit").centres}


def test_every_centre_is_found_by_its_name_in_every_language(real, content):
    for one in content.centres.values():
        for variant in ("en", "yue", "zh_hant", "zh_hans"):
            for permit in one.permits:
                match = real.find(one.name.get(variant), permit)
                assert one in match.centres, (one.id, variant, permit)
